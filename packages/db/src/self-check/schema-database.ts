import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/statement.ts";

/** A schema, and the role that owns it and has no other rights; null: the servers' own. */
export type RoledSchema = { readonly schema: string; readonly role: string | null };

/**
 * The same database, seen so that every statement reaches the tables of `schema` and no others: by the path, and by a role
 * that may read nothing else. Both are set anew in each transaction and end with it: what is pooled before or behind
 * (PgBouncer in transaction mode included) can never send a statement to the real tables. Closing it refuses what comes, waits for what is under way, and leaves the
 * connections to the database it was made from.
 */
export function databaseIn(database: Database, { schema, role }: RoledSchema): Database {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  const transaction: Database["transaction"] = async (work, isKept) => {
    if (isClosed) throw new Error(`${schema} is being closed.`);
    const done = database.transaction(async (tx) => {
      await tx.query(enter, [quoted(schema), role ?? "none"]);
      return work(withoutPlans(tx));
    }, isKept);
    running.add(done);
    return done.finally(() => running.delete(done));
  };
  const twin: Database = {
    em: () => {
      throw new Error("Entities know one schema only; use statements here.");
    },
    sql: {
      query: (statement, values) => transaction((tx) => tx.query(statement, values)),
      secrets: database.sql.secrets,
    },
    transaction,
    shareOf: () => twin,
    interrupt: () => database.interrupt(),
    ping: () => database.ping(),
    close: async () => {
      isClosed = true;
      await Promise.allSettled(running);
    },
  };
  return twin;
}

const enter = {
  name: "schema_enter",
  text: "select set_config('search_path', $1, true), set_config('role', $2, true)",
};

/** An identifier of ours as SQL; throws for what needs more than quotes. */
export function quoted(identifier: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(identifier)) throw new Error(`${identifier} is no identifier of ours.`);
  return `"${identifier}"`;
}

/** A kept plan would outlive the schema on a connection that everybody shares. */
function withoutPlans(tx: Queryable): Queryable {
  return { query: ({ name, text }, values) => tx.query({ name, text }, values), secrets: tx.secrets };
}
