import { z } from "zod";
import type { Database } from "../store/database.ts";
import { rows } from "./scim-database.ts";

/** Resolves when that many sessions wait for a lock, or when `pending` is settled and will not wait. */
export type WaitFor = (waiting: number, pending: Promise<unknown>) => Promise<void>;

/**
 * Runs `work` within a transaction that has run `lock`, then ends it, to force an order of concurrent requests. `work`
 * must return, not await, requests that wait for the lock.
 */
export function whileLocked<T>(
  database: Database,
  lock: { readonly text: string; readonly values?: readonly unknown[] },
  work: (waitFor: WaitFor) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    await tx.query({ name: "", text: lock.text }, lock.values ?? []);
    return work((waiting, pending) => untilWaiting(database, waiting, pending));
  });
}

const asksMax = 5000;

async function untilWaiting(database: Database, waiting: number, pending: Promise<unknown>): Promise<void> {
  const settled = pending.then(
    () => waiting,
    () => waiting,
  );
  for (let asked = 0; asked < asksMax; asked++) {
    if ((await Promise.race([settled, waitingNow(database)])) >= waiting) return;
  }
  throw new Error(`No ${waiting} sessions are waiting for a lock.`);
}

async function waitingNow(database: Database): Promise<number> {
  const text = `select count(distinct pid)::int as count from pg_locks where not granted
    and pid in (select pid from pg_stat_activity where datname = current_database())`;
  const [row] = await rows(database, text);
  return z.object({ count: z.number() }).parse(row).count;
}
