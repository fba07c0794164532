import type { Logger } from "pino";

export type Worker = {
  /** Does what is due now; resolves with how many pieces that were. Never throws: what failed is logged. */
  run(): Promise<number>;
  close(): Promise<void>;
};

export type WorkerOptions = {
  /** What it does, for the log. */
  readonly what: string;
  readonly everyMs: number;
  /** So many pieces at a time; the rest come with the next round. */
  readonly batchMax: number;
  readonly log: Logger;
  /** Does the next piece that is due; false: none is. Several processes may do this side by side. */
  readonly doNext: () => Promise<boolean>;
};

/** Work that comes up with time: a round every `everyMs`, one after the other, ended between two pieces by `close`. */
export function startWorker({ what, everyMs, batchMax, log, doNext }: WorkerOptions): Worker {
  let working: Promise<number> = Promise.resolve(0);
  const closing = new AbortController();
  const round = async (): Promise<number> => {
    for (let done = 0; done < batchMax && !closing.signal.aborted; done++) {
      try {
        if (!(await doNext())) return done;
      } catch (cause) {
        log.error({ what, fault: String(cause) }, "Work that was due could not be done; it is tried later.");
        return done;
      }
    }
    return batchMax;
  };
  const run = (): Promise<number> => (working = working.then(round));
  const timer = setInterval(() => void run(), everyMs);
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
