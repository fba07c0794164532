import { recordRequests, type Database, type NewScimRequest } from "@rollcall/db";
import { requestRecord } from "@rollcall/domain";
import type { Logger } from "pino";

const flushEveryMs = 200;
const batchMax = 500;
const waitingMax = 20_000;
/** The total characters of all waiting requests as JSON with their bodies. */
const lengthMax = 16 * 1024 * 1024;
/** More than this within 200 ms comes only from a client that looks up every member. */
const busyFrom = 100;

/** A request with its response. `bodies` as JSON; the request's is undefined if absent or unreadable. */
export type RequestEntry = Omit<NewScimRequest, "requestBody" | "answerBody" | "memberId" | "names" | "row"> & {
  readonly bodies?: { readonly request: unknown; readonly answer: unknown } | undefined;
};

export type RequestRecorder = {
  /** Queues a request; it appears on the owner's screen within a fraction of a second. */
  add(request: RequestEntry): void;
  /** Writes the queue; resolves when it is written. */
  flush(): Promise<void>;
  /** Writes the queue and stops. */
  close(): Promise<void>;
};

/**
 * Writes the request log in batches beside the requests (docs/decisions/0004). Changes are in the change log, in the
 * request's own transaction; a crash can lose only the last 200 ms of the request log. At most 20,000 requests wait; if
 * the database is away for longer, further ones are counted and the count is logged. Bodies are redacted before they
 * wait, so that no secret waits. Beyond 16 MiB in all, bodies are left out, and so are those of successful reads while
 * 100 or more requests wait.
 */
export function requestRecorder(database: Database, log: Logger): RequestRecorder {
  let waiting: WaitingRequest[] = [];
  let length = 0;
  let dropped = 0;
  let isAway = false;
  let writing: Promise<void> = Promise.resolve();
  let pending = 0;

  const flush = (): Promise<void> => {
    pending++;
    return (writing = writing.then(writeAll).finally(() => pending--));
  };
  const writeAll = async (): Promise<void> => {
    // Entries that arrive meanwhile wait for the next flush: a busy service would otherwise write small batches endlessly.
    for (let left = waiting.length; left > 0;) {
      const batch = waiting.slice(0, Math.min(left, batchMax));
      try {
        await recordRequests(database.sql, batch);
        if (isAway) log.warn("The request log is written again.");
        isAway = false;
        waiting = waiting.slice(batch.length);
        left -= batch.length;
        for (const { row } of batch) length -= row.length;
      } catch (cause) {
        // Retried five times a second: one log line is enough.
        if (!isAway) log.error({ err: cause }, "The request log could not be written; it is tried again.");
        isAway = true;
        return;
      }
    }
    if (dropped > 0) log.error({ dropped }, "Requests were left out of the request log: too many were waiting.");
    dropped = 0;
  };
  // A write may take longer than the interval.
  const timer = setInterval(() => void (pending === 0 && flush()), flushEveryMs).unref();

  return {
    add(request) {
      if (waiting.length >= waitingMax) {
        dropped++;
        return;
      }
      const isRoutineRead = waiting.length >= busyFrom && request.method === "GET" && request.status < 400;
      const entry = serialized(request, length < lengthMax && !isRoutineRead);
      length += entry.row.length;
      waiting.push(entry);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
      // Entries that arrived during the first flush.
      await flush();
    },
  };
}

type WaitingRequest = NewScimRequest & { readonly row: string };

function serialized({ bodies, ...request }: RequestEntry, keepsBodies: boolean): WaitingRequest {
  const record = bodies && requestRecord({ ...request, ...bodies, keepsBodies });
  return { ...request, memberId: record?.memberId ?? null, row: JSON.stringify({ ...request, ...record }) };
}
