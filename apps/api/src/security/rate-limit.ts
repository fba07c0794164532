import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Counts one request of a client address; false when the limit for this minute is reached. */
export type AddressLimit = (address: string) => Promise<boolean>;

/** Requests per minute and process from one client address: enough for an office that shares one. */
const perMinuteDefault = 600;

/** Limits requests that need no sign-in. */
export function createAddressLimit(perMinute = perMinuteDefault): AddressLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (address) => (await waitOf(limiter.consume(address))) === undefined;
}

/** The seconds to wait, at least one, when a limiter refuses; undefined when it accepts. */
export async function waitOf(consumed: Promise<unknown>): Promise<number | undefined> {
  try {
    await consumed;
    return undefined;
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
    return Math.max(1, Math.ceil(cause.msBeforeNext / 1000));
  }
}
