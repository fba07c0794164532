import { recordRequests, type Database, type NewScimRequest } from "@rollcall/db";
import { requestRecord } from "@rollcall/domain";
import type { Logger } from "pino";

const flushEveryMs = 200;
const batchMax = 500;
const waitingMax = 20_000;
/** Of what waits, the bodies may take so many characters. */
const bodiesMax = 16 * 1024 * 1024;
/** So many calls come in 200 ms only from somebody who looks everybody up. */
const busyFrom = 100;

/** A call that was answered. `bodies` as JSON, the request's undefined where there was none that could be read. */
export type AnsweredRequest = Omit<NewScimRequest, "requestBody" | "answerBody" | "memberId" | "names"> & {
  readonly bodies?: { readonly request: unknown; readonly answer: unknown } | undefined;
};

export type RequestRecorder = {
  /** Notes a call that has been answered; it is on the owner's screen within a fraction of a second. */
  add(request: AnsweredRequest): void;
  /** Writes what is waiting; resolves when it is written. */
  flush(): Promise<void>;
  /** Writes what is waiting and stops. */
  close(): Promise<void>;
};

/**
 * Writes the request log in batches beside the calls, not within them (docs/decisions/0004). What was done is in the
 * change log, in the call's own transaction; what a crash can lose here is the last 200 ms of who asked for what. At
 * most 20,000 calls wait; if the database is away for longer, further ones are counted and the count is logged. Bodies are
 * redacted at once, so that nothing secret waits; those that do not fit into 16 MiB beside the others are left out, and so
 * are those of reads that were answered while more than 100 calls wait: they would cost more than they tell.
 */
export function requestRecorder(database: Database, log: Logger): RequestRecorder {
  let waiting: NewScimRequest[] = [];
  let bodiesLength = 0;
  let dropped = 0;
  let isAway = false;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    writing = writing.then(writeAll);
    return writing;
  };
  const writeAll = async (): Promise<void> => {
    // What comes meanwhile is for the next time: a busy service would write a few calls at a time without end.
    for (let left = waiting.length; left > 0;) {
      const batch = waiting.slice(0, Math.min(left, batchMax));
      try {
        await recordRequests(database.sql, batch);
        if (isAway) log.warn("The request log is written again.");
        isAway = false;
        waiting = waiting.slice(batch.length);
        left -= batch.length;
        for (const request of batch) bodiesLength -= lengthOf(request);
      } catch (cause) {
        // It is tried five times a second: one line says so.
        if (!isAway) log.error({ err: cause }, "The request log could not be written; it is tried again.");
        isAway = true;
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
      if (waiting.length >= waitingMax) {
        dropped++;
        return;
      }
      const isDull = waiting.length >= busyFrom && request.method === "GET" && request.status < 400;
      const entry = redacted(request, bodiesLength < bodiesMax && !isDull);
      bodiesLength += lengthOf(entry);
      waiting.push(entry);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
      // What came while the first one wrote.
      await flush();
    },
  };
}

function redacted({ bodies, ...request }: AnsweredRequest, hasRoom: boolean): NewScimRequest {
  if (bodies === undefined) return request;
  return { ...request, ...requestRecord({ ...request, ...(hasRoom ? bodies : { request: undefined, answer: undefined }) }) };
}

function lengthOf({ requestBody, answerBody }: NewScimRequest): number {
  return (requestBody?.length ?? 0) + (answerBody?.length ?? 0);
}
