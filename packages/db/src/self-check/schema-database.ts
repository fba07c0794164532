import type { Around, Database } from "../store/database.ts";

/** A schema, and the role that owns it without other rights; null: the servers' role. */
export type RoledSchema = { readonly schema: string; readonly role: string | null };

/**
 * The same database limited to the tables of `schema`, by the search path and by a role without other rights. Both are
 * set in each transaction and end with it, so that no pooled connection (also with PgBouncer in transaction mode) can
 * send a statement to the real tables. No plans are kept, because they would outlive the schema on a shared connection.
 * Closing it rejects later work, waits for current work, and leaves the connections to the original database.
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

/** Quotes an identifier; throws if it is not a simple one. */
export function quoted(identifier: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(identifier)) throw new Error(`${identifier} is not a simple identifier.`);
  return `"${identifier}"`;
}
