import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chown, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import { cleanEnvironment, type ServerUser } from "./server-user.ts";

const run = promisify(execFile);
const initdbTimeoutMs = 120_000;

/**
 * Creates an empty database cluster in `clusterDir`: UTF8, locale C, one role `rollcall` that signs in with `password`
 * (SCRAM-SHA-256). The rename at the end ensures that a partial cluster is never started. Throws with initdb's output.
 */
export async function createCluster(
  initdb: string,
  clusterDir: string,
  password: string,
  user: ServerUser | undefined,
  isDurable: boolean,
): Promise<void> {
  const parent = dirname(clusterDir);
  await removeLeftovers(parent, `${basename(clusterDir)}.new-`);
  const partial = join(parent, `${basename(clusterDir)}.new-${randomUUID()}`);
  const passwordFile = `${partial}.pw`;
  try {
    await mkdir(partial, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user !== undefined) await Promise.all([partial, passwordFile].map((path) => chown(path, user.uid, user.gid)));
    const flags = [
      "-D",
      partial,
      "-U",
      "rollcall",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
    ];
    flags.push("--locale=C", "--no-instructions", ...(isDurable ? [] : ["--no-sync"]));
    const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
    await run(initdb, flags, { ...identity, cwd: parent, env: cleanEnvironment(), timeout: initdbTimeoutMs });
    await rename(partial, clusterDir);
  } catch (cause) {
    const output = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
    throw new Error(`PostgreSQL's initdb failed in ${parent}. ${output}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
