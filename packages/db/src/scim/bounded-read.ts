import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { createTurns } from "../store/turns.ts";

/** What a read may take that no index answers, in milliseconds for each of its statements. */
const readTimeoutMs = 3000;
/** The pool's other connections are left to everybody else. The last in the queue of one organization waits half a minute at the worst, which is less than a provider waits. */
const bounds = { max: 4, maxEach: 2, waitingMax: 200, waitingMaxEach: 20, waitMs: 45_000 };

export type BoundedReads = {
  /**
   * Runs reads whose cost the client decides, in turns among organizations. `tooCostly`: the database has ended them.
   * `tooBusy`: too many others of the organization, or of all, wait. It costs some short trips more, so what an index
   * answers is better read without.
   */
  run<T>(
    reader: { readonly database: Database; readonly organizationId: string },
    read: (sql: Queryable) => Promise<T>,
  ): Promise<Result<T, "tooCostly" | "tooBusy">>;
};

/** Bounds costly reads of one process, so that whoever asks for them slows down nobody but themselves. */
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
  await tx.query({ name: "bound_reads", text: `set local statement_timeout = ${readTimeoutMs}` }, []);
  return read(tx);
}

/** PostgreSQL's query_canceled, which is what a statement_timeout says. */
function isTimeout(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "57014";
}
