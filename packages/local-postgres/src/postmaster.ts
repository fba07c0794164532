import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine, lives, processIdentity } from "./process-identity.ts";

const pollMs = 10;
const fastShutdownTimeoutMs = 20_000;
const immediateShutdownTimeoutMs = 10_000;

/** A living server. `status` is PostgreSQL's own word: `starting`, `ready`, `stopping`, … */
export type Postmaster = {
  readonly identity: string;
  readonly pid: number;
  readonly port: number;
  readonly status: string;
};

/**
 * The server that lives on `clusterDir`, as its `postmaster.pid` says. A file whose process is gone, or is another program
 * by now, gives `undefined`.
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(clusterDir, "postmaster.pid"), "utf8").catch(() => "");
  const [pidLine, , , portLine, , , , status] = text.split("\n");
  const pid = Number(pidLine);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const identity = await processIdentity(pid);
  if (identity === undefined) return undefined;
  const command = await commandLine(pid);
  if (command !== undefined && !command.includes(clusterDir)) return undefined;
  return { identity, pid, port: Number(portLine ?? 0), status: status?.trim() || "starting" };
}

/** Waits until the server on `clusterDir` takes connections or is gone; `undefined` when it is gone. Throws after `timeoutMs`. */
export async function settled(clusterDir: string, timeoutMs: number): Promise<Postmaster | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await findPostmaster(clusterDir);
    if (found === undefined || found.status === "ready") return found;
    if (performance.now() > deadline)
      throw new Error(`PostgreSQL was still ${found.status} after ${timeoutMs / 1000} s.`);
    await delay(pollMs);
  }
}

/** Removes a `postmaster.pid` that no living server stands behind. To be called under the lock. */
export async function removeStalePidFile(clusterDir: string): Promise<void> {
  if ((await findPostmaster(clusterDir)) === undefined) await rm(join(clusterDir, "postmaster.pid"), { force: true });
}

/**
 * Stops the server: open transactions are rolled back, the data is written out. Returns when it is gone.
 * A server that does not heed that in 20 s is stopped at once, and recovers at its next start. Throws if even that fails.
 */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  // Windows knows no signals: there Node ends the process outright, and the next start recovers the data.
  if (await stopsOn("SIGINT", postmaster, fastShutdownTimeoutMs)) return;
  if (await stopsOn("SIGQUIT", postmaster, immediateShutdownTimeoutMs)) return;
  throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`);
}

async function stopsOn(signal: NodeJS.Signals, { pid, identity }: Postmaster, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  if (await lives(identity)) process.kill(pid, signal);
  while (await lives(identity)) {
    if (performance.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}
