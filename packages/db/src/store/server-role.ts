import { DatabaseError, type ClientBase } from "pg";
import { z } from "zod";
import type { Queryable } from "./statement.ts";

/** What a role may do with a table that is no ordinary one. The activity log's own trigger judges each deletion. */
const narrower = {
  change: "select, insert, delete",
  mikro_orm_migrations: "select",
} as const;

/**
 * Lets the servers' role read and write every table and own none, so that it can neither drop the trigger that keeps the
 * activity log nor change a table. It may make schemas, for the sandbox of the self-check. Run by the owner of the tables.
 */
export async function grantServers(client: ClientBase, role: string): Promise<void> {
  const to = client.escapeIdentifier(role);
  const { rows } = await client.query<{ name: string }>("select current_database() as name");
  const database = client.escapeIdentifier(rows[0]?.name ?? "");
  const statements = [
    `grant connect, create on database ${database} to ${to}`,
    `grant usage on schema public to ${to}`,
    `grant select, insert, update, delete on all tables in schema public to ${to}`,
    ...Object.entries(narrower).flatMap(([table, rights]) => [
      `revoke all on ${table} from ${to}`,
      `grant ${rights} on ${table} to ${to}`,
    ]),
  ];
  await client.query("begin");
  for (const statement of statements) await client.query(statement);
  await client.query("commit");
}

/** Owns the schemas of the self-check and has no other rights. One in a server, whatever databases it has. */
const checkRole = "rollcall_check";

/**
 * Makes the role of the self-check and lets the servers' role act as it; `servers`: as `roleOf` has it. False where the
 * caller may do neither, as on a hosted PostgreSQL, and nobody else has: the self-check acts as the servers' role then.
 */
export async function makeCheckRole(client: ClientBase, servers: string): Promise<boolean> {
  const to = servers === "" ? "current_user" : client.escapeIdentifier(servers);
  const known = await client.query(`select 1 from pg_roles where rolname = '${checkRole}'`);
  if (known.rows.length === 0) await tryTo(client, `create role ${checkRole} nologin`);
  if (await actsAsCheckRole(client, servers)) return true;
  await tryTo(client, `grant ${checkRole} to ${to}`);
  return actsAsCheckRole(client, servers);
}

async function actsAsCheckRole(client: ClientBase, servers: string): Promise<boolean> {
  const values = [servers === "" ? null : servers, checkRole];
  const text = `select 1 from pg_roles where rolname = $2 and pg_has_role(coalesce($1, current_user), oid, 'member')`;
  return (await client.query(text, values)).rows.length > 0;
}

/** Another process may have made the role at the same moment; what is missing is seen afterwards. */
async function tryTo(client: ClientBase, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (cause) {
    if (!(cause instanceof DatabaseError && expected.has(cause.code ?? ""))) throw cause;
  }
}
/** insufficient_privilege, duplicate_object, unique_violation, undefined_object. */
const expected = new Set(["42501", "42710", "23505", "42704"]);

/** The role of the self-check where the servers' role may act as it, or null. */
export async function readCheckRole(sql: Queryable): Promise<string | null> {
  const [row] = await sql.query(readRole, [checkRole]);
  return row === undefined ? null : z.object({ role: z.string() }).parse(row).role;
}

const readRole = {
  name: "check_role",
  text: "select rolname as role from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'member')",
};

/** The role in a connection string; empty where it names none. */
export function roleOf(url: string): string {
  return decodeURIComponent(URL.parse(url)?.username ?? "");
}
