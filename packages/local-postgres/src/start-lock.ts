import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const pollMs = 20;
const sqliteBusy = 5;

/**
 * Runs `work` under the lock of `dataDir`, across processes and within this one. It is SQLite's file lock, which the
 * operating system releases when its holder dies, so that no stale lock can exist. Throws after `timeoutMs`.
 */
export async function withStartLock<T>(dataDir: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const file = join(dataDir, "start.lock");
  const lock = new DatabaseSync(file);
  try {
    lock.exec("PRAGMA busy_timeout = 0");
    const deadline = performance.now() + timeoutMs;
    while (!acquired(lock)) {
      if (performance.now() > deadline) {
        throw new Error(
          `Another process has been starting or stopping PostgreSQL for ${timeoutMs / 1000} s: it holds ${file}.`,
        );
      }
      await delay(pollMs);
    }
    return await work();
  } finally {
    lock.close();
  }
}

function acquired(lock: DatabaseSync): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (cause) {
    if (cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy) return false;
    throw cause;
  }
}
