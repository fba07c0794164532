import { continueNextJob, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import { startWorker, type Worker } from "./worker.ts";

const everyMs = 1000;
/** Chunks per round. */
const batchMax = 100;

/**
 * Removes or keeps the people of organizations that turned provisioning off, in chunks, in any number of processes: each
 * job is taken by one at a time.
 */
export function startPeopleWorker(options: {
  readonly database: Database;
  readonly log: Logger;
  readonly now?: () => Date;
}): Worker {
  const { database, log } = options;
  const now = options.now ?? (() => new Date());
  const doNext = (): Promise<boolean> => continueNextJob(database, now());
  return startWorker({ what: "people treated in the background", everyMs, batchMax, log, doNext });
}
