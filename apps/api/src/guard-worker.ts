import { remindNextHold, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import { startWorker, type Worker } from "./worker.ts";

const everyMs = 15 * 60_000;
const batchMax = 1000;

/** Reminds owners daily of held removals, in any number of processes: each reminder is sent by one. */
export function startGuardWorker(options: {
  readonly database: Database;
  readonly log: Logger;
  readonly now?: () => Date;
}): Worker {
  const { database, log } = options;
  const now = options.now ?? (() => new Date());
  return startWorker({
    what: "reminders of held removals",
    everyMs,
    batchMax,
    log,
    doNext: () => remindNextHold(database, now()),
  });
}
