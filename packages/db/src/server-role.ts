import type { ClientBase } from "pg";

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

/** The role in a connection string; empty where it names none. */
export function roleOf(url: string): string {
  return decodeURIComponent(URL.parse(url)?.username ?? "");
}
