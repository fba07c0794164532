import type { Credential } from "@rollcall/db";
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { ErrorResponse } from "./scim-error.ts";

/**
 * Takes one of the token's requests of this second; returns an error when none is left. Counts by the complete token,
 * not by its public part: anyone who knows that part could otherwise use up the organization's limit.
 */
export type RateLimit = (credential: Credential) => Promise<ErrorResponse | undefined>;

/** The seconds between two bursts; a burst doubles the limit of one second. */
const burstS = 10;

/**
 * At most `perSecond` requests per token and process, twice as many in one second of ten; 0: no limit. Okta obeys 429
 * with whole seconds; Entra sends at most 25 a second.
 */
export function createRateLimit(perSecond: number): RateLimit {
  if (perSecond === 0) return () => Promise.resolve(undefined);
  const limiter = new BurstyRateLimiter(
    new RateLimiterMemory({ keyPrefix: "second", points: perSecond, duration: 1 }),
    new RateLimiterMemory({ keyPrefix: "burst", points: perSecond, duration: burstS }),
  );
  return async ({ secretHash }) => {
    try {
      await limiter.consume(secretHash.toString("base64"));
      return undefined;
    } catch (cause) {
      if (!(cause instanceof RateLimiterRes)) throw cause;
      return {
        status: 429,
        detail: `More than ${perSecond} requests a second with this token. Wait a second.`,
        retryAfterS: 1,
      };
    }
  };
}
