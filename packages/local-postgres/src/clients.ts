import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRunning, processIdentity } from "./process-identity.ts";
import { setTimeout as delay } from "node:timers/promises";
import { withStartLock } from "./start-lock.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

/**
 * The clients of the server of one DATA_DIR: one file per client, `postgres.users/<id>`, that names its process. The
 * server runs until the last client has left. All functions must be called under the lock.
 */
const folderOf = (dataDir: string): string => join(dataDir, "postgres.users");

/** Adds this process and returns the entry's id. A process may have several entries. */
export async function addClient(dataDir: string): Promise<string> {
  const id = randomUUID();
  await mkdir(folderOf(dataDir), { recursive: true });
  await writeFile(join(folderOf(dataDir), id), (await processIdentity(process.pid)) ?? "");
  return id;
}

/** Removes the entry `id` and the entries of dead processes. */
export async function removeClient(dataDir: string, id: string): Promise<{ readonly isEmpty: boolean }> {
  let left = 0;
  for (const name of await readdir(folderOf(dataDir)).catch(() => [])) {
    const file = join(folderOf(dataDir), name);
    const isStale = name === id || !(await isRunning(await readFile(file, "utf8").catch(() => "")));
    if (isStale) await rm(file, { force: true });
    else left += 1;
  }
  return { isEmpty: left === 0 };
}

/** Longer than a first start, the longest operation under the lock. */
export const lockTimeoutMs = 180_000;

/**
 * Removes the client entry `id` and stops the server if it was the last one. `graceMs`: how long to wait for the pid
 * file of a server whose starter was killed.
 */
export async function detach(dataDir: string, clusterDir: string, id: string, graceMs: number): Promise<void> {
  await withStartLock(dataDir, lockTimeoutMs, async () => {
    if (!(await removeClient(dataDir, id)).isEmpty) return;
    const deadline = performance.now() + graceMs;
    let postmaster = await findPostmaster(clusterDir);
    while (postmaster === undefined && performance.now() < deadline) {
      await delay(20);
      postmaster = await findPostmaster(clusterDir);
    }
    if (postmaster !== undefined) await stopPostmaster(postmaster);
  });
}
