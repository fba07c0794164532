import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { createConcurrencyLimiter } from "../store/concurrency-limiter.ts";

/** The time limit of each statement of a read without an index. */
const readTimeoutMs = 3000;
/**
 * Leaves the pool's other connections to other requests. A queued read waits 45 s at most, less than a provider's
 * timeout.
 */
const bounds = { max: 4, maxEach: 2, waitingMax: 200, waitingMaxEach: 20, waitMs: 45_000 };

export type BoundedReads = {
  /**
   * Runs reads of unbounded cost, in rotation among organizations. `tooCostly`: the statement timeout was reached.
   * `tooBusy`: the queue of the organization, or the whole one, is full, or the wait has ended. Costs a few additional
   * round trips, so reads with an index do not use it.
   */
  run<T>(
    reader: { readonly database: Database; readonly organizationId: string },
    read: (sql: Queryable) => Promise<T>,
  ): Promise<Result<T, "tooCostly" | "tooBusy">>;
};

/** Limits the costly reads of one process, so that an organization slows down only its own. */
export function boundedReads(): BoundedReads {
  const limiter = createConcurrencyLimiter(bounds);
  return {
    async run({ database, organizationId }, read) {
      const release = await limiter.acquire(organizationId);
      if (release === undefined) return err("tooBusy");
      try {
        return ok(await database.transaction((tx) => timed(tx, read)));
      } catch (cause) {
        if (isTimeout(cause)) return err("tooCostly");
        throw cause;
      } finally {
        release();
      }
    },
  };
}

async function timed<T>(tx: Queryable, read: (sql: Queryable) => Promise<T>): Promise<T> {
  // Kysely has no builder for settings.
  await sql`set local statement_timeout = ${sql.lit(readTimeoutMs)}`.execute(tx.db);
  return read(tx);
}

/** PostgreSQL's query_canceled, the error of a statement_timeout. */
function isTimeout(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "57014";
}
