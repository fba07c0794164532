import { setTimeout as wait } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { isAtConnectionLimit } from "./unavailable.ts";

/** Takes a connection from the pool; the caller must `release` it. */
export type Connect = () => Promise<PoolClient>;

const retryMs = 250;
/** How long the pool stays smaller after PostgreSQL has rejected a connection. */
const smallerMs = 10_000;

/**
 * Takes connections from `pool`. When PostgreSQL rejects another connection (its own limit, the database's or the
 * role's), the pool shrinks to the connections it has, for which callers queue; without any, it retries until `waitMs`
 * is over, and calls `onNone`. Throws the pool's errors (`isUnavailable`).
 */
export function connector(pool: Pool, waitMs: number, onNone: () => void): Connect {
  const { max } = pool.options;
  let growing: NodeJS.Timeout | undefined;
  const shrink = (): void => {
    pool.options.max = Math.max(1, pool.totalCount);
    clearTimeout(growing);
    growing = setTimeout(() => (pool.options.max = max), smallerMs).unref();
  };
  return async () => {
    const untilMs = performance.now() + waitMs;
    for (;;) {
      try {
        return await pool.connect();
      } catch (cause) {
        if (!isAtConnectionLimit(cause)) throw cause;
        shrink();
        if (pool.totalCount === 0) onNone();
        if (performance.now() + retryMs > untilMs) throw cause;
        await wait(retryMs);
      }
    }
  };
}
