import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandLine, isRunning, processIdentity } from "./process-identity.ts";

const pollMs = 10;
const fastShutdownTimeoutMs = 20_000;
const immediateShutdownTimeoutMs = 10_000;

/** A running server. `status` is PostgreSQL's: `starting`, `ready`, `stopping`, … */
export type Postmaster = {
  readonly identity: string;
  readonly pid: number;
  readonly port: number;
  readonly status: string;
};

/**
 * The running server of `clusterDir` according to its `postmaster.pid`. `undefined` if that process has ended or is
 * another program.
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

/**
 * Waits until the server of `clusterDir` accepts connections, or returns `undefined` if it ends. Throws after
 * `timeoutMs`.
 */
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

/** Removes a `postmaster.pid` without a running server. Must be called under the lock. */
export async function removeStalePidFile(clusterDir: string): Promise<void> {
  if ((await findPostmaster(clusterDir)) === undefined) await rm(join(clusterDir, "postmaster.pid"), { force: true });
}

/**
 * Stops the server with a fast shutdown and waits for its end. After 20 s, requests an immediate shutdown, from which
 * the next start recovers. Throws if that fails too.
 */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  // Windows has no signals: Node ends the process immediately, and the next start recovers the data.
  if (await stopsOn("SIGINT", postmaster, fastShutdownTimeoutMs)) return;
  if (await stopsOn("SIGQUIT", postmaster, immediateShutdownTimeoutMs)) return;
  throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`);
}

async function stopsOn(signal: NodeJS.Signals, { pid, identity }: Postmaster, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  if (await isRunning(identity)) process.kill(pid, signal);
  while (await isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}
