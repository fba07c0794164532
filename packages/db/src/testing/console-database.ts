import { afterAll } from "vitest";
import type { SentStatement } from "../store/connection.ts";
import { openDatabase, type Database } from "../store/database.ts";
import { migratedDatabase, passwordCost } from "./migrated-database.ts";
import type { WriteContext } from "../store/write-context.ts";
import { createOrganization, operatorContext, type CreatedOrganization } from "../organization/organization.ts";

export type ConsoleDatabase = {
  readonly database: Database;
  /** Returns a list that collects all later statements. */
  watch(): readonly SentStatement[];
  /** The same database with a pool of its own, as another process has it. */
  openAgain(): Promise<Database>;
  /** The rows of a statement that only a test needs. */
  rows(text: string, values?: readonly unknown[]): Promise<Rows>;
};

type Rows = readonly Record<string, unknown>[];

/** The real time, because ids of the log contain it. */
export const now = new Date();
export const operator = { kind: "operator", id: null, name: "operator" } as const;

/** A temporary database for the tests of one file, closed after them. */
export async function openConsoleDatabase(): Promise<ConsoleDatabase> {
  const scratch = await migratedDatabase();
  let seen: SentStatement[] | undefined;
  const database = await openDatabase(scratch.url, { onStatement: (sent) => void seen?.push(sent) });
  for (const [table, shown] of versioned) await database.sql.query({ name: "", text: guardOf(table, shown) }, []);
  const opened = [database];
  afterAll(async () => {
    for (const one of opened) await one.close();
    await scratch.drop();
  });
  return {
    database,
    watch: () => (seen = []),
    rows: (text, values) => rows(database, text, values),
    async openAgain() {
      const another = await openDatabase(scratch.url);
      opened.push(another);
      return another;
    },
  };
}

/** The rows of a statement that only a test needs. */
export function rows(database: Database, text: string, values: readonly unknown[] = []): Promise<Rows> {
  return database.sql.query({ name: "", text }, values);
}

/** The columns of a User and a Group. */
const versioned = [
  ["member", ["user_name", "external_id", "given_name", "family_name", "display_name", "name", "active", "deleted_at"]],
  ["role", ["name", "external_id", "deleted_at", "is_scim_created", "is_linked"]],
] as const;

/** A trigger that rejects a change of these columns without a new version, and so without a new ETag. */
function guardOf(table: string, shown: readonly string[]): string {
  const row = (name: string): string => `row(${shown.map((column) => `${name}.${column}`).join(", ")})`;
  return `create function ${table}_version_moves() returns trigger language plpgsql as $$ begin
      if ${row("new")} is distinct from ${row("old")} and new.version = old.version then
        raise exception '${table}: its version must move'; end if; return new; end $$;
    create trigger ${table}_version_moves before update on ${table} for each row execute function ${table}_version_moves()`;
}

/** An organization with its owner's sign-in and its operator as the author of writes. */
export async function newOrganization(
  database: Database,
  name: string,
): Promise<CreatedOrganization & { readonly context: WriteContext }> {
  const ownerEmail = `owner@${name.toLowerCase()}.example`;
  const made = await createOrganization(database, { name, ownerEmail, passwordCost, actor: operator, now });
  const context = await operatorContext(database, made.organizationId, now);
  if (context === undefined) throw new Error("There is no such organization.");
  return { ...made, context };
}
