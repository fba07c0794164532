import { setTimeout as delay } from "node:timers/promises";
import { exclusively } from "./exclusively.ts";
import { leave } from "./lodgers.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

/** Longer than the longest thing that is done under the lock: a first start. */
export const lockTimeoutMs = 180_000;

/**
 * Strikes the entry `id` and stops the server if it was the last one. `graceMs` is how long a server may still be
 * about to write its pid file, as it may when its starter was killed.
 */
export async function depart(dataDir: string, clusterDir: string, id: string, graceMs: number): Promise<void> {
  await exclusively(dataDir, lockTimeoutMs, async () => {
    if (!(await leave(dataDir, id)).isEmpty) return;
    const deadline = performance.now() + graceMs;
    let postmaster = await findPostmaster(clusterDir);
    while (postmaster === undefined && performance.now() < deadline) {
      await delay(20);
      postmaster = await findPostmaster(clusterDir);
    }
    if (postmaster !== undefined) await stopPostmaster(postmaster);
  });
}
