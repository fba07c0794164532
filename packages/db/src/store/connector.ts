import { setTimeout as wait } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { isAtConnectionLimit } from "./unavailable.ts";

/** Takes a connection from the pool; who takes it gives it back (`release`). */
export type Connect = () => Promise<PoolClient>;

const retryMs = 250;
/** How long the pool stays smaller after PostgreSQL has refused a connection. */
const smallerMs = 10_000;

/**
 * Takes connections from `pool`. Where PostgreSQL allows no more of them (its own limit, the database's or the role's), the
 * pool shrinks to those it has, so that callers queue for these; one without any asks again until `waitMs` is over. Throws
 * what the pool throws (`isUnavailable`).
 */
export function connector(pool: Pool, waitMs: number): Connect {
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
        if (performance.now() + retryMs > untilMs) throw cause;
        await wait(retryMs);
      }
    }
  };
}
