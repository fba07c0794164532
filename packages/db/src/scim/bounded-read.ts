import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Database } from "../database.ts";
import type { Queryable } from "../statement.ts";

/** What a query may take that no index answers, in milliseconds for each of its statements. */
export const readTimeoutMs = 3000;

/**
 * Runs reads whose cost the client decides, each for `readTimeoutMs` at most; then the database ends it and the connection
 * is free again. It costs three short trips more, so what an index answers is better read without.
 */
export async function readBounded<T>(
  database: Database,
  read: (sql: Queryable) => Promise<T>,
): Promise<Result<T, "tooCostly">> {
  try {
    const found = await database.transaction(async (tx) => {
      await tx.query({ name: "bound_reads", text: `set local statement_timeout = ${readTimeoutMs}` }, []);
      return read(tx);
    });
    return ok(found);
  } catch (cause) {
    if (isTimeout(cause)) return err("tooCostly");
    throw cause;
  }
}

/** PostgreSQL's query_canceled, which is what a statement_timeout says. */
function isTimeout(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "57014";
}
