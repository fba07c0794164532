import { foldText } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { operatorContext } from "../organization/organization.ts";
import { issueToken } from "../scim-token/scim-tokens.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { databaseIn } from "./schema-database.ts";
import { dropSandboxSchema, makeSandboxSchema } from "./sandbox-schema.ts";

/** A copy of an organization's setup in its own schema. */
export type Sandbox = {
  /** Limited to the sandbox's tables. */
  readonly database: Database;
  /** Valid for the sandbox only, whose id and keys are unique. */
  readonly token: string;
  /** Rejects later work, waits for current work and drops the schema. */
  close(): Promise<void>;
};

/**
 * The tables of an organization's setup, in the order of their references, with their organization column. People,
 * tokens, invitations and records are not copied. A test fails for a table in neither list.
 */
export const copiedTables = [
  { table: "organization", owner: "id" },
  { table: "role", owner: "organization_id" },
  { table: "group_mapping", owner: "organization_id" },
  { table: "provisioning", owner: "organization_id" },
  { table: "verified_domain", owner: "organization_id" },
  { table: "sso_connection", owner: "organization_id" },
] as const;

/** Creates a sandbox of the organization; drops it on an error. */
export async function openSandbox(database: Database, organizationId: string, now: Date): Promise<Sandbox> {
  const made = await makeSandboxSchema(database, now);
  const { schema } = made;
  try {
    const sandboxId = newId();
    await database.transaction((tx) => copySettings(tx, { schema, organizationId, sandboxId }));
    const sandbox = databaseIn(database, made);
    await sandbox.transaction((tx) => prepareSandbox(tx, sandboxId, now));
    const context = await operatorContext(sandbox, sandboxId, now);
    if (context === undefined) throw new Error("The organization has no settings to copy.");
    const issued = await issueToken(sandbox, context, { name: "Self-check" });
    if (!issued.ok) throw new Error("The sandbox's first token was refused.");
    const close = async (): Promise<void> => {
      // A request whose client has disconnected may still run and would deadlock with dropping its tables.
      await sandbox.close();
      await dropSandboxSchema(database, schema);
    };
    return { database: sandbox, token: issued.value.token, close };
  } catch (cause) {
    await dropSandboxSchema(database, schema);
    throw cause;
  }
}

type Copy = { readonly schema: string; readonly organizationId: string; readonly sandboxId: string };

async function copySettings({ db }: Queryable, { schema, organizationId, sandboxId }: Copy): Promise<void> {
  // One snapshot, so that a role that becomes the default concurrently is not missed.
  await sql`set transaction isolation level repeatable read`.execute(db);
  for (const { table, owner } of copiedTables) {
    // The tables of the other schema and the catalog are not in the model.
    const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
      where table_schema = ${schema} and table_name = ${table} and is_generated = 'NEVER'
      order by ordinal_position`.execute(db);
    const columns = rows.map(({ name }) => sql.id(name));
    const values = rows.map(({ name }) => (name === owner ? sql`${sandboxId}::uuid` : sql.id(name)));
    await sql`insert into ${sql.id(schema, table)} (${sql.join(columns)})
      select ${sql.join(values)} from ${sql.id(table)} where ${sql.id(owner)} = ${organizationId}`.execute(db);
  }
}

/** Turns provisioning on and adds the required owner, who cannot sign in. */
async function prepareSandbox({ db }: Queryable, organizationId: string, now: Date): Promise<void> {
  await db
    .updateTable("provisioning")
    .set({ isEnabled: true, enabledAt: now, guardLatchedAt: null, guardHoldsUntil: null })
    .where("organizationId", "=", organizationId)
    .execute();
  const [accountId, memberId, email, name] = [newId(), newId(), "owner@sandbox.invalid", "Owner of the sandbox"];
  const times = { createdAt: now, updatedAt: now };
  const account = { id: accountId, email, emailKey: email, name, ...times };
  await db.insertInto("account").values(account).execute();
  const named = { userName: email, userNameKey: email, name, nameKey: foldText(name) };
  const state = { active: true, isManaged: false, awaitsAcceptance: false, version: 1 };
  const member = { organizationId, id: memberId, accountId, ...named, ...state, ...times };
  await db.insertInto("member").values(member).execute();
  await db
    .insertInto("role_grant")
    .columns(["organizationId", "memberId", "roleId", "source", "createdAt"])
    .expression((eb) =>
      eb
        .selectFrom("role")
        .where((role) => role.and({ organizationId, kind: "owner", deletedAt: null }))
        .select(["organizationId", eb.val(memberId).as("memberId"), "id", sql.lit("manual").as("source")])
        .select(eb.val(now).as("createdAt"))
        .limit(1),
    )
    .execute();
}
