import { RateLimiterMemory } from "rate-limiter-flexible";
import type { RefusalAnswer } from "./scim-error.ts";

/** Wrong tokens per second in one process. */
export type UnknownTokenBounds = { readonly perAddress: number; readonly inAll: number };

const defaultBounds: UnknownTokenBounds = { perAddress: 100, inAll: 500 };
const inAll = "all";

/** Counts tokens that the database does not know, so that a caller who makes them up costs no more than a header. */
export type UnknownTokens = {
  /**
   * A refusal where this address, or all together, have sent too many in this second; for tokens that the database has not
   * confirmed before. Nobody else is refused.
   */
  refusal(address: string): Promise<RefusalAnswer | undefined>;
  note(address: string): Promise<void>;
};

export function unknownTokens({ perAddress, inAll: together } = defaultBounds): UnknownTokens {
  const byAddress = new RateLimiterMemory({ points: perAddress, duration: 1 });
  const ofAll = new RateLimiterMemory({ points: together, duration: 1 });
  return {
    async refusal(address) {
      const [own, all] = await Promise.all([byAddress.get(address), ofAll.get(inAll)]);
      const isOver = (own?.remainingPoints ?? 1) <= 0 || (all?.remainingPoints ?? 1) <= 0;
      if (!isOver) return undefined;
      return { status: 429, detail: "Too many requests with unknown tokens. Wait a second.", retryAfterS: 1 };
    },
    async note(address) {
      await Promise.all([byAddress.penalty(address), ofAll.penalty(inAll)]);
    },
  };
}
