import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Database } from "../database.ts";
import type { Queryable } from "../statement.ts";

/** What a read may take that no index answers, in milliseconds for each of its statements. */
const readTimeoutMs = 3000;
/** So many of them run at once, and the pool's other connections are left to everybody else. */
const runningMax = 4;
/** So many more wait for their turn: half a minute at the worst, which is less than a provider waits. */
const waitingMax = 40;

export type BoundedReads = {
  /**
   * Runs reads whose cost the client decides. `tooCostly`: the database has ended them. `tooBusy`: too many others wait.
   * It costs some short trips more, so what an index answers is better read without.
   */
  run<T>(read: (sql: Queryable) => Promise<T>): Promise<Result<T, "tooCostly" | "tooBusy">>;
};

/** Bounds costly reads of one process, so that whoever asks for them slows down nobody but themselves. */
export function boundedReads(database: Database): BoundedReads {
  let running = 0;
  const waiting: (() => void)[] = [];
  const turn = (): Promise<void> | void => {
    if (running >= runningMax) return new Promise((resolve) => waiting.push(resolve));
    running++;
  };
  /** Whose turn it is next takes over the place of who has ended. */
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };
  return {
    async run(read) {
      if (waiting.length >= waitingMax) return err("tooBusy");
      await turn();
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
