import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { createTurns } from "../store/turns.ts";

/** The time limit of each statement of a read that no index answers. */
const readTimeoutMs = 3000;
/**
 * The pool's other connections are left to all others. The last in the queue of one organization waits half a minute at
 * most, which is less than a provider waits.
 */
const bounds = { max: 4, maxEach: 2, waitingMax: 200, waitingMaxEach: 20, waitMs: 45_000 };

export type BoundedReads = {
  /**
   * Runs reads whose cost the client decides, in turns among organizations. `tooCostly`: the database has ended them.
   * `tooBusy`: too many others of the organization, or of all, wait. It costs a few short round trips more, so what an
   * index answers is read without it.
   */
  run<T>(
    reader: { readonly database: Database; readonly organizationId: string },
    read: (sql: Queryable) => Promise<T>,
  ): Promise<Result<T, "tooCostly" | "tooBusy">>;
};

/** Bounds the costly reads of one process, so that an organization that asks for them slows down only itself. */
export function boundedReads(): BoundedReads {
  const turns = createTurns(bounds);
  return {
    async run({ database, organizationId }, read) {
      const leave = await turns.enter(organizationId);
      if (leave === undefined) return err("tooBusy");
      try {
        return ok(await database.transaction((tx) => timed(tx, read)));
      } catch (cause) {
        if (isTimeout(cause)) return err("tooCostly");
        throw cause;
      } finally {
        leave();
      }
    },
  };
}

async function timed<T>(tx: Queryable, read: (sql: Queryable) => Promise<T>): Promise<T> {
  // Kysely has no word for a setting.
  await sql`set local statement_timeout = ${sql.lit(readTimeoutMs)}`.execute(tx.db);
  return read(tx);
}

/** PostgreSQL's query_canceled, which is what a statement_timeout says. */
function isTimeout(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "57014";
}
