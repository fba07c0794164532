import { RateLimiterMemory } from "rate-limiter-flexible";
import { waitOf } from "./limiter-wait.ts";

/** Takes one request of a client address; false: the minute is used up. */
export type AddressLimit = (address: string) => Promise<boolean>;

/** From one client address per minute in one process: an office that begins its day, and no more. */
const perMinuteDefault = 600;

/** For what anybody may ask for without signing in. */
export function createAddressLimit(perMinute = perMinuteDefault): AddressLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (address) => (await waitOf(limiter.consume(address))) === undefined;
}
