import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@rollcall/local-postgres";
import { startServer } from "./server-process.ts";
import type { StartTarget } from "./target.ts";

const run = promisify(execFile);
const installTimeoutMs = 600_000;
const peersFolder = join(import.meta.dirname, "peers");

/** Published SCIM servers, each with the storage that it brings, or that its documentation shows. */
export const peerNames = ["scimmy", "saml-jackson", "better-auth"] as const;

/** Starts the hand-written server of `ceiling/`. */
export const startCeiling = startHost("ceiling", join(import.meta.dirname, "ceiling", "server.ts"));

export const startPeer = (name: (typeof peerNames)[number]): StartTarget =>
  startHost(name, join(peersFolder, `${name}.mjs`));

/** Installs the packages of the peers, 300 MB that nothing else needs, unless they are there. */
export async function installPeers(): Promise<void> {
  if (existsSync(join(peersFolder, "node_modules"))) return;
  console.error("Installing the peers from npm …");
  // They disagree about the versions of packages that they do not need here.
  const words = ["install", "--legacy-peer-deps", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"];
  await run("npm", words, { cwd: peersFolder, timeout: installTimeoutMs });
}

function startHost(name: string, program: string): StartTarget {
  return async (databaseUrl, logFolder) => {
    const port = await freePort();
    const token = randomBytes(24).toString("base64url");
    const origin = `http://127.0.0.1:${port}`;
    const env = { DATABASE_URL: databaseUrl, BENCH_PORT: String(port), BENCH_TOKEN: token };
    const server = await startServer(program, env, `${origin}/readyz`, join(logFolder, `${name}.log`));
    return { name, base: `${origin}/scim_v2`, authorization: `Bearer ${token}`, ...server };
  };
}
