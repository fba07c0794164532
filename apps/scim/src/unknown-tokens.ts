import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { RefusalAnswer } from "./scim-error.ts";

const failuresPerAddress = 100;
const failuresInAll = 500;
const inAll = "all";

/** Counts tokens that the database does not know, so that whoever makes them up costs no more than a look at the header. */
export type UnknownTokens = {
  /** A refusal where this address, or all together, have sent too many in this second; asked for tokens not met before. */
  refusal(address: string): Promise<RefusalAnswer | undefined>;
  note(address: string): Promise<void>;
};

/** At most 100 a second from one client address and 500 in all, in one process. */
export function unknownTokens(): UnknownTokens {
  const byAddress = new RateLimiterMemory({ points: failuresPerAddress, duration: 1 });
  const together = new RateLimiterMemory({ points: failuresInAll, duration: 1 });
  return {
    async refusal(address) {
      const [own, all] = await Promise.all([byAddress.get(address), together.get(inAll)]);
      const isOver = (own?.remainingPoints ?? 1) <= 0 || (all?.remainingPoints ?? 1) <= 0;
      if (!isOver) return undefined;
      return { status: 429, detail: "Too many requests with unknown tokens. Wait a second.", retryAfterS: 1 };
    },
    async note(address) {
      await Promise.all([take(byAddress, address), take(together, inAll)]);
    },
  };
}

/** What goes beyond the limit is refused as well, and counts no more. */
async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
  }
}
