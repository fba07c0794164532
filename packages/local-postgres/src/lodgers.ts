import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lives, processIdentity } from "./process-identity.ts";

/**
 * Those who use the server of one DATA_DIR: one file each, `postgres.users/<id>`, that names its process. The server lives
 * until the last of them is gone. Every function is to be called under the lock.
 */
const folderOf = (dataDir: string): string => join(dataDir, "postgres.users");

/** Enters this process, returns the entry's id. One process may have several. */
export async function enter(dataDir: string): Promise<string> {
  const id = randomUUID();
  await mkdir(folderOf(dataDir), { recursive: true });
  await writeFile(join(folderOf(dataDir), id), (await processIdentity(process.pid)) ?? "");
  return id;
}

/** Strikes the entry `id`, and those whose process is dead. Says whether somebody is left. */
export async function leave(dataDir: string, id: string): Promise<{ readonly isEmpty: boolean }> {
  let left = 0;
  for (const name of await readdir(folderOf(dataDir)).catch(() => [])) {
    const file = join(folderOf(dataDir), name);
    const isGone = name === id || !(await lives(await readFile(file, "utf8").catch(() => "")));
    if (isGone) await rm(file, { force: true });
    else left += 1;
  }
  return { isEmpty: left === 0 };
}
