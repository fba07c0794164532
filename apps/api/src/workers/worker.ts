import type { Logger } from "pino";

export type Worker = {
  /** Processes the due items; resolves with their number. Never throws: a failure is logged. */
  run(): Promise<number>;
  close(): Promise<void>;
};

export type WorkerOptions = {
  /** The name of the work, for the log. */
  readonly what: string;
  readonly everyMs: number;
  /** Items per round; the rest wait for the next one. */
  readonly batchMax: number;
  readonly log: Logger;
  /** Processes the next due item; false if there is none. Several processes may do this concurrently. */
  readonly doNext: () => Promise<boolean>;
};

/** Runs periodic work: a round every `everyMs`, one after the other; `close` stops it between two items. */
export function startWorker({ what, everyMs, batchMax, log, doNext }: WorkerOptions): Worker {
  let working: Promise<number> = Promise.resolve(0);
  const closing = new AbortController();
  const round = async (): Promise<number> => {
    let done = 0;
    for (; done < batchMax && !closing.signal.aborted; done++) {
      try {
        if (!(await doNext())) return done;
      } catch (cause) {
        log.error({ what, fault: String(cause) }, "Work that was due could not be done; it is tried later.");
        return done;
      }
    }
    return done;
  };
  let waiting = 0;
  const run = (): Promise<number> => {
    waiting += 1;
    return (working = working.then(round).finally(() => (waiting -= 1)));
  };
  // A round may take longer than the interval.
  const timer = setInterval(() => void (waiting === 0 && run()), everyMs);
  timer.unref();
  return {
    run,
    async close() {
      closing.abort();
      clearInterval(timer);
      await working;
    },
  };
}
