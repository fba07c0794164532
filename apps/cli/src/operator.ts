import {
  createOrganization,
  enableProvisioning,
  issueToken,
  migrate,
  openDatabase,
  operatorContext,
  readSecretKeys,
  type Database,
  type WriteContext,
} from "@rollcall/db";
import { judgeStart, reasonOf, settingsOf, type RuleError } from "@rollcall/domain";
import { startLocalPostgres } from "@rollcall/local-postgres";
import { dataDirOf, readLocalSecretKey } from "./data-dir.ts";

/** A failure that the operator can fix; printed without a stack, exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/**
 * Does the work on the servers' database: `DATABASE_URL`, else the local PostgreSQL in `DATA_DIR`, which is started for
 * this command if needed. Migrates the schema first.
 */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const environment = process.env;
  const dataDir = dataDirOf(environment);
  judgeProduction(environment);
  const { DATABASE_URL: given, DATABASE_MIGRATION_URL, ROLLCALL_SECRET_KEY: key } = settingsOf(environment);
  const local = given === undefined ? await startLocalPostgres({ dataDir }) : undefined;
  try {
    const url = local?.url ?? given ?? "";
    await migrate(DATABASE_MIGRATION_URL ?? url, undefined, url);
    const ROLLCALL_SECRET_KEY = key ?? readLocalSecretKey(dataDir);
    const secretKeys = readSecretKeys({ ...environment, ROLLCALL_SECRET_KEY });
    const database = await openDatabase(url, { poolSize: 2, secretKeys });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await local?.stop();
  }
}

/**
 * With NODE_ENV set to production, a database and a key of this machine are hardly those of the servers, which could not
 * read the mails of the command.
 */
function judgeProduction(environment: NodeJS.ProcessEnv): void {
  const { NODE_ENV = "development", HOST = "127.0.0.1", DATABASE_URL, ROLLCALL_SECRET_KEY } = settingsOf(environment);
  const own = { databaseUrl: DATABASE_URL, secretKey: ROLLCALL_SECRET_KEY };
  const judged = judgeStart({ nodeEnv: NODE_ENV, listensOn: HOST }, own);
  if (!judged.ok) throw new CommandError(judged.error);
  for (const line of judged.value) process.stderr.write(`${line}\n`);
}

/** Does the work on the servers' database and prints the result: JSON, or one line per entry. */
export async function run(
  options: { readonly json?: boolean },
  work: (database: Database) => Promise<object>,
): Promise<void> {
  print(await withDatabase(work), options.json ?? false);
}

/** The operator as the author of writes in this organization. */
export async function contextFor(database: Database, organizationId: string): Promise<WriteContext> {
  const context = await operatorContext(database, organizationId, new Date());
  if (context === undefined) throw new CommandError(`There is no organization with the id ${organizationId}.`);
  return context;
}

/**
 * A SCIM token for a test run, which creates and removes people all at once: the given token, or that of a new
 * organization without mass-removal protection in the servers' database, whose name is printed to standard error.
 */
export async function tokenForRun(given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  return withDatabase(async (database) => {
    const now = new Date();
    const name = `Test run ${now.toISOString()}`;
    const ownerEmail = `owner-${now.getTime()}@test-run.invalid`;
    const actor = { kind: "operator", id: null, name: "operator" } as const;
    const { organizationId } = await createOrganization(database, { name, ownerEmail, actor, now });
    const context = await contextFor(database, organizationId);
    required(await enableProvisioning(database, context, { acknowledgeSso: true, isGuardOn: false }));
    const { token } = required(await issueToken(database, context, { name: "Test run" }));
    process.stderr.write(`This run uses the new organization "${name}" (${organizationId}).\n`);
    return token;
  });
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: RuleError };

/** The value of a result; throws its refusal as an error of the command. */
export function required<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new CommandError(`Refused: ${reasonOf(outcome.error.kind, outcome.error)} (${outcome.error.kind})`);
}

function print(result: object, isJson: boolean): void {
  if (isJson) return void process.stdout.write(`${JSON.stringify(result)}\n`);
  const rows: readonly unknown[] = Array.isArray(result) ? result : [result];
  for (const row of rows) process.stdout.write(`${lineOf(row)}\n`);
}

function lineOf(row: unknown): string {
  if (typeof row !== "object" || row === null) return String(row);
  return Object.entries(row)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join("  ");
}
