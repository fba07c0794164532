import type { RateLimiterPostgres } from "rate-limiter-flexible";
import { waitOf } from "./rate-limit.ts";

/** An admitted attempt. Report its outcome unless it failed. */
export type Attempt = {
  /** Clears the failures after a success. */
  clear(): Promise<void>;
  /** Reverts this attempt, when it neither failed nor succeeded. */
  undo(): Promise<void>;
};

export type Outcome = { readonly waitS: number } | { readonly attempt: Attempt };

const firstWaitS = 60;
const longestWaitS = 3600;

/**
 * Allows `free` failures of a key within 24 hours; each later attempt waits twice as long as the one before, from a
 * minute to an hour. `failures` counts; `gate` holds one slot, which lasts as long as the wait. An attempt is counted
 * before it is judged, so that concurrent ones cannot slip through; a refused one is not counted. Concurrent attempts
 * may exceed `free` for a moment, so those that waited have a count of their own: only the holder of the slot adds to it.
 */
export async function attempt(
  { failures, gate }: { readonly failures: RateLimiterPostgres; readonly gate: RateLimiterPostgres },
  key: string,
  free: number,
): Promise<Outcome> {
  const waited = `${key} waited`;
  const clear = async (): Promise<void> => {
    await Promise.all([failures.delete(key), failures.delete(waited), gate.delete(key)]);
  };
  if ((await pointsOf(failures, key)) + 1 < free) {
    const { consumedPoints } = await failures.penalty(key);
    const undo = async (): Promise<void> => void (await failures.reward(key));
    if (consumedPoints < free) return { attempt: { clear, undo } };
    // Concurrent attempts came in between.
    await undo();
  }
  const waitS = Math.min(longestWaitS, firstWaitS * 2 ** (await pointsOf(failures, waited)));
  const heldS = await waitOf(gate.consume(key, 1, { customDuration: waitS }));
  if (heldS !== undefined) return { waitS: heldS };
  await failures.penalty(waited);
  const undo = async (): Promise<void> => {
    await Promise.all([failures.reward(waited), gate.delete(key)]);
  };
  return { attempt: { clear, undo } };
}

async function pointsOf(limiter: RateLimiterPostgres, key: string): Promise<number> {
  return (await limiter.get(key))?.consumedPoints ?? 0;
}
