import type { Around, Database } from "../store/database.ts";

/** A schema, and the role that owns it and has no other rights; null: the servers' own. */
export type RoledSchema = { readonly schema: string; readonly role: string | null };

/**
 * The same database, seen so that every statement reaches the tables of `schema` and no others: by the path, and by a role
 * that may read nothing else. Both are set anew in each transaction and end with it: what is pooled before or behind
 * (PgBouncer in transaction mode included) can never send a statement to the real tables. A kept plan would outlive the
 * schema on a connection that everybody shares, so none is kept. Closing it refuses what comes, waits for what is under
 * way, and leaves the connections to the database it was made from.
 */
export function databaseIn(database: Database, { schema, role }: RoledSchema): Database {
  const settings = { search_path: quoted(schema), role: role ?? "none" };
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  const counted: Around = async (use) => {
    if (isClosed) throw new Error(`${schema} is being closed.`);
    const done = use();
    running.add(done);
    return done.finally(() => running.delete(done));
  };
  const sandbox: Database = {
    ...database.view({ settings: async () => settings, keepsPlans: false, organizationId: null }, counted),
    shareOf: () => sandbox,
    close: async () => {
      isClosed = true;
      await Promise.allSettled(running);
    },
  };
  return sandbox;
}

/** An identifier of ours as SQL; throws for what needs more than quotes. */
export function quoted(identifier: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(identifier)) throw new Error(`${identifier} is no identifier of ours.`);
  return `"${identifier}"`;
}
