import { recordRequests, type Database, type NewScimRequest } from "@rollcall/db";
import type { Logger } from "pino";

const flushEveryMs = 200;
const batchMax = 500;
const waitingMax = 20_000;

export type RequestRecorder = {
  /** Notes a call; it is on the owner's screen within a fraction of a second. */
  add(request: NewScimRequest): void;
  /** Writes what is waiting; resolves when it is written. */
  flush(): Promise<void>;
  /** Writes what is waiting and stops. */
  close(): Promise<void>;
};

/**
 * Writes the request log in batches beside the calls, not within them (docs/decisions/0004). What was done is in the
 * change log, in the call's own transaction; what a crash can lose here is the last 200 ms of who asked for what. At
 * most 20,000 calls wait; if the database is away for longer, further ones are counted and the count is logged.
 */
export function requestRecorder(database: Database, log: Logger): RequestRecorder {
  let waiting: NewScimRequest[] = [];
  let dropped = 0;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    writing = writing.then(writeAll);
    return writing;
  };
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax);
      try {
        await recordRequests(database.sql, batch);
        waiting = waiting.slice(batch.length);
      } catch (cause) {
        log.error({ err: cause, waiting: waiting.length }, "The request log could not be written; it is tried again.");
        return;
      }
    }
    if (dropped > 0) log.error({ dropped }, "Calls were left out of the request log: too many were waiting.");
    dropped = 0;
  };
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();

  return {
    add(request) {
      if (waiting.length >= waitingMax) dropped++;
      else waiting.push(request);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
