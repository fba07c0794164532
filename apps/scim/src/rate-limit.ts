import type { Credential } from "@rollcall/db";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { RefusalAnswer } from "./scim-error.ts";

/**
 * Takes one request of a token; a refusal if the token has used up its second. The whole token counts, not its public
 * part: else whoever knows that could use the second up for the organization.
 */
export type RateLimit = (credential: Credential) => Promise<RefusalAnswer | undefined>;

/** At most `perSecond` requests of one token in one process; 0: no limit. Okta obeys 429 with whole seconds. */
export function createRateLimit(perSecond: number): RateLimit {
  if (perSecond === 0) return () => Promise.resolve(undefined);
  const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 });
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
