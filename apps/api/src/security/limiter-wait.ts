import { RateLimiterRes } from "rate-limiter-flexible";

/** The seconds to wait, at least one, where a limiter refuses what it is asked to take; undefined where it has taken it. */
export async function waitOf(taking: Promise<unknown>): Promise<number | undefined> {
  try {
    await taking;
    return undefined;
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
    return Math.max(1, Math.ceil(cause.msBeforeNext / 1000));
  }
}
