import { noticeNextToken, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import { startWorker, type Worker } from "./worker.ts";

const everyMs = 15 * 60_000;
const batchMax = 1000;

/** Tells owners by mail that a token is about to expire, in any number of processes: each notice is sent by one. */
export function startTokenWorker(options: {
  readonly database: Database;
  readonly log: Logger;
  readonly now?: () => Date;
}): Worker {
  const { database, log } = options;
  const now = options.now ?? (() => new Date());
  return startWorker({
    what: "notices of tokens that expire",
    everyMs,
    batchMax,
    log,
    doNext: () => noticeNextToken(database, now()),
  });
}
