import { foldText } from "@rollcall/scim-protocol";
import { z } from "zod";
import { operatorContext } from "../organization/operator.ts";
import { issueToken } from "../scim-token/scim-tokens.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { databaseIn, quoted } from "./schema-database.ts";
import { dropTwinSchema, makeTwinSchema } from "./twin-schema.ts";

/** An organization set up as the real one is, alone in a schema of its own. */
export type Twin = {
  /** Reaches the twin's tables and no others. */
  readonly database: Database;
  /** Works for the twin only, whose id and keys exist nowhere else. */
  readonly token: string;
  /** Drops the schema with all that is in it, when what is under way there has ended; what comes later is refused. */
  close(): Promise<void>;
};

/**
 * The tables that make up how an organization is set up, in the order of their references, and the column that says whose
 * a row is. People, tokens, invitations and records stay where they are. A test fails for a table that is in neither list.
 */
export const copiedTables = [
  { table: "organization", owner: "id" },
  { table: "role", owner: "organization_id" },
  { table: "group_mapping", owner: "organization_id" },
  { table: "provisioning", owner: "organization_id" },
  { table: "verified_domain", owner: "organization_id" },
  { table: "sso_connection", owner: "organization_id" },
] as const;

/** Makes a twin of the organization. What fails halfway is dropped again. */
export async function openTwin(database: Database, organizationId: string, now: Date): Promise<Twin> {
  const made = await makeTwinSchema(database, now);
  const { schema } = made;
  try {
    const twinId = newId();
    await database.transaction((tx) => copySettings(tx, { schema, organizationId, twinId }));
    const twin = databaseIn(database, made);
    await twin.transaction((tx) => settleIn(tx, twinId, now));
    const context = await operatorContext(twin, twinId, now);
    if (context === undefined) throw new Error("The organization has no settings to copy.");
    const issued = await issueToken(twin, context, { name: "Self-check" });
    if (!issued.ok) throw new Error("The twin's first token was refused.");
    const close = async (): Promise<void> => {
      // A call whose client has gone is still at work, and would wait in a circle with the end of its tables.
      await twin.close();
      await dropTwinSchema(database, schema);
    };
    return { database: twin, token: issued.value.token, close };
  } catch (cause) {
    await dropTwinSchema(database, schema);
    throw cause;
  }
}

type Copy = { readonly schema: string; readonly organizationId: string; readonly twinId: string };

async function copySettings(tx: Queryable, { schema, organizationId, twinId }: Copy): Promise<void> {
  // A role that is made the default while this runs must not be missed, so all is read as of one moment.
  await tx.query({ name: "twin_moment", text: "set transaction isolation level repeatable read" }, []);
  for (const { table, owner } of copiedTables) {
    const rows = await tx.query(columnsOf, [schema, table]);
    const columns = rows.map((row) => quoted(z.object({ name: z.string() }).parse(row).name));
    const values = columns.map((column) => (column === quoted(owner) ? "$2::uuid" : column));
    const target = `${quoted(schema)}.${quoted(table)}`;
    const text = `insert into ${target} (${columns.join(", ")})
      select ${values.join(", ")} from ${quoted(table)} where ${quoted(owner)} = $1`;
    await tx.query({ name: "twin_copy", text }, [organizationId, twinId]);
  }
}

const columnsOf = {
  name: "twin_columns",
  text: `select column_name as name from information_schema.columns
    where table_schema = $1 and table_name = $2 and is_generated = 'NEVER' order by ordinal_position`,
};

/** Turns provisioning on, and gives the twin an owner, as every organization has one; nobody can sign in as them. */
async function settleIn(tx: Queryable, twinId: string, now: Date): Promise<void> {
  await tx.query(turnOn, [twinId, now]);
  const [accountId, memberId, email] = [newId(), newId(), "owner@twin.invalid"];
  await tx.query(account, [accountId, email, now]);
  await tx.query(owner, [twinId, memberId, accountId, email, "Owner of the twin", foldText("Owner of the twin"), now]);
}

const turnOn = {
  name: "twin_turn_on",
  text: `update provisioning set is_enabled = true, enabled_at = $2, guard_latched_at = null, guard_holds_until = null
    where organization_id = $1`,
};
const account = {
  name: "twin_account",
  text: `insert into account (id, email, email_key, name, created_at, updated_at)
    values ($1, $2, $2, 'Owner of the twin', $3, $3)`,
};
const owner = {
  name: "twin_owner",
  text: `with made as (insert into member (organization_id, id, account_id, user_name, user_name_key, name, name_key,
      active, is_managed, awaits_acceptance, version, created_at, updated_at)
    values ($1, $2, $3, $4, $4, $5, $6, true, false, false, 1, $7, $7) returning id)
    insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select $1, made.id, r.id, 'manual', $7 from made, role r
    where r.organization_id = $1 and r.kind = 'owner' and r.deleted_at is null limit 1`,
};
