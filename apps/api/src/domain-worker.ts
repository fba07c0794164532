import { saveRecheck, takeDueDomain, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import type { TxtLookup } from "./txt-lookup.ts";

const everyMs = 15 * 60_000;
const batchMax = 200;

export type DomainWorker = {
  /** Looks at every verified domain whose day is over; resolves with how many. Never throws. */
  run(): Promise<number>;
  close(): Promise<void>;
};

/** The daily look at verified domains, in any number of processes: each domain is taken by one. */
export function startDomainWorker(options: {
  readonly database: Database;
  readonly lookup: TxtLookup;
  readonly log: Logger;
  readonly now?: () => Date;
}): DomainWorker {
  const { database, lookup, log } = options;
  const now = options.now ?? (() => new Date());
  let working: Promise<number> = Promise.resolve(0);
  const closing = new AbortController();
  const round = async (): Promise<number> => {
    for (let looked = 0; looked < batchMax && !closing.signal.aborted; looked++) {
      try {
        const due = await takeDueDomain(database.sql, now());
        if (due === undefined) return looked;
        const decided = await saveRecheck(database, due, await lookup(due.domain), now());
        log.info({ domain: due.domain, outcome: decided?.kind ?? "removed" }, "A domain was looked at again.");
      } catch (cause) {
        log.error({ fault: String(cause) }, "Domains could not be looked at again; it is tried later.");
        return looked;
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
