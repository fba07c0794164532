import { DatabaseError, type ClientBase } from "pg";
import { tenantRole } from "../model/tenant-table.ts";
import type { Queryable } from "./queryable.ts";

/** Reduced rights on special tables. The activity log's own trigger checks each deletion. */
const narrower = {
  change: "select, insert, delete",
  mikro_orm_migrations: "select",
} as const;

/**
 * Lets the servers' role read and write every table and own none, so that it can neither drop the trigger that protects
 * the activity log nor alter a table. It may create schemas, for the sandbox of the self-check. Must be run by the
 * owner of the tables.
 */
export async function grantServers(client: ClientBase, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>("select current_database() as name");
  const database = client.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(`grant connect, create on database ${database} to ${client.escapeIdentifier(role)}`);
  await grantTables(client, role);
}

/** In one transaction, so that servers that run keep their rights. */
async function grantTables(client: ClientBase, role: string): Promise<void> {
  const to = client.escapeIdentifier(role);
  await client.query("begin");
  await client.query(`grant usage on schema public to ${to}`);
  await client.query(`grant select, insert, update, delete on all tables in schema public to ${to}`);
  for (const [table, rights] of Object.entries(narrower)) {
    await client.query(`revoke all on ${table} from ${to}`);
    await client.query(`grant ${rights} on ${table} to ${to}`);
  }
  await client.query("commit");
}

/**
 * Gives the roles of servers that run the rights on tables that migrations make: the triggers of one migration write to
 * its tables before the last migration is done. Only roles that exist; `grantServers` follows.
 */
export async function grantComing(client: ClientBase, servers: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select rolname as name from pg_roles where rolname = any ($1) and rolname <> current_user",
    [[servers, tenantRole]],
  );
  for (const { name } of rows) {
    const to = client.escapeIdentifier(name);
    await client.query(
      `alter default privileges in schema public grant select, insert, update, delete on tables to ${to}`,
    );
  }
}

/** Owns the schemas of the self-check and has no other rights. One per database server. */
const checkRole = "rollcall_check";

/** The roles that the servers' role may act as, and the loss without each. */
const actingRoles = [
  { role: checkRole, loss: "the self-check has no database role of its own" },
  { role: tenantRole, loss: "row level security does not hold" },
] as const;

/**
 * Creates the roles of the self-check and of tenants and grants them to the servers' role (`servers`: see `roleOf`).
 * Returns the losses if the caller may not do so, as on a hosted PostgreSQL, and the grants do not exist yet.
 */
export async function makeActingRoles(client: ClientBase, servers: string): Promise<readonly string[]> {
  const losses: string[] = [];
  for (const { role, loss } of actingRoles) if (!(await makeRole(client, role, servers))) losses.push(loss);
  if (!losses.some((loss) => loss === actingRoles[1].loss)) await grantTables(client, tenantRole);
  return losses;
}

async function makeRole(client: ClientBase, role: string, servers: string): Promise<boolean> {
  const to = servers === "" ? "current_user" : client.escapeIdentifier(servers);
  const known = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  if (known.rows.length === 0) await tryTo(client, `create role ${role} nologin`);
  if (await mayActAs(client, role, servers)) return true;
  await tryTo(client, `grant ${role} to ${to}`);
  return mayActAs(client, role, servers);
}

async function mayActAs(client: ClientBase, role: string, servers: string): Promise<boolean> {
  const text = `select 1 from pg_roles where rolname = $2 and pg_has_role(coalesce($1, current_user), oid, 'member')`;
  return (await client.query(text, [servers === "" ? null : servers, role])).rows.length > 0;
}

/** Another process may have created the role at the same moment; missing roles are detected afterwards. */
async function tryTo(client: ClientBase, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (cause) {
    if (!(cause instanceof DatabaseError && expected.has(cause.code ?? ""))) throw cause;
  }
}
/** insufficient_privilege, duplicate_object, unique_violation, undefined_object. */
const expected = new Set(["42501", "42710", "23505", "42704"]);

/** The role of the self-check, or null if the servers' role may not act as it. */
export const readCheckRole = (sql: Queryable): Promise<string | null> => readActingRole(sql, checkRole);

/** The role of tenants, or null if the servers' role may not act as it. */
export const readTenantRole = (sql: Queryable): Promise<string | null> => readActingRole(sql, tenantRole);

async function readActingRole(sql: Queryable, role: string): Promise<string | null> {
  const text = "select 1 from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'member')";
  return (await sql.query({ name: "acting_role", text }, [role])).length > 0 ? role : null;
}

/** The role in a connection string, or an empty text. */
export function roleOf(url: string): string {
  return decodeURIComponent(URL.parse(url)?.username ?? "");
}
