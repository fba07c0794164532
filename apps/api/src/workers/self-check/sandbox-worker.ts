import { dropNextLeftSandbox, type Database } from "@rollcall/db";
import type { Logger } from "pino";
import { startWorker, type Worker } from "../worker.ts";

const everyMs = 10 * 60_000;
const batchMax = 20;

/** Drops the sandboxes that processes which died have left behind: at the start and every ten minutes. */
export function startSandboxWorker({ database, log }: { readonly database: Database; readonly log: Logger }): Worker {
  const doNext = (): Promise<boolean> => dropNextLeftSandbox(database, new Date());
  const worker = startWorker({ what: "sandboxes of self-checks that were left", everyMs, batchMax, log, doNext });
  void worker.run();
  return worker;
}
