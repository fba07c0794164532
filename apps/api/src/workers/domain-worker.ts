import { saveRecheck, takeDueDomain, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import type { TxtLookup } from "../security/txt-lookup.ts";
import { startWorker, type Worker } from "./worker.ts";

const everyMs = 15 * 60_000;
const batchMax = 200;

/** Checks verified domains daily, in any number of processes: each domain is taken by one. */
export function startDomainWorker(options: {
  readonly database: Database;
  readonly lookup: TxtLookup;
  readonly log: Logger;
  readonly now?: () => Date;
}): Worker {
  const { database, lookup, log } = options;
  const now = options.now ?? (() => new Date());
  const doNext = async (): Promise<boolean> => {
    const due = await takeDueDomain(database.sql, now());
    if (due === undefined) return false;
    const decided = await saveRecheck(database, due, await lookup(due.domain), now());
    log.info({ domain: due.domain, outcome: decided?.kind ?? "removed" }, "A domain was looked at again.");
    return true;
  };
  return startWorker({ what: "the daily look at domains", everyMs, batchMax, log, doNext });
}
