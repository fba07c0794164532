import type { Credential } from "@rollcall/db";
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { RefusalAnswer } from "./scim-error.ts";

/**
 * Takes one request of a token; a refusal if the token has used up its second. The whole token counts, not its public
 * part: else whoever knows that could use the second up for the organization.
 */
export type RateLimit = (credential: Credential) => Promise<RefusalAnswer | undefined>;

/** A burst takes as many again as a second has, once in so many seconds. */
const burstS = 10;

/**
 * At most `perSecond` requests of one token in one process, and in one second of ten twice as many; 0: no limit. Okta
 * obeys 429 with whole seconds; Entra sends 25 a second at most.
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
