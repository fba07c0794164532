import { RateLimiterMemory } from "rate-limiter-flexible";
import type { ErrorResponse } from "./scim-error.ts";

/** Wrong tokens per second in one process. */
export type UnknownTokenBounds = { readonly perAddress: number; readonly inAll: number };

const defaultBounds: UnknownTokenBounds = { perAddress: 100, inAll: 500 };
const inAll = "all";

/** Counts tokens that the database does not know, so that invented tokens cost no more than reading a header. */
export type UnknownTokens = {
  /**
   * An error when this address, or all addresses together, sent too many unknown tokens within this second. Applies
   * only to tokens that the database has not confirmed before.
   */
  refusal(address: string): Promise<ErrorResponse | undefined>;
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
