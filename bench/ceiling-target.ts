import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort, startServer } from "./server-process.ts";
import type { Target } from "./target.ts";

/** Starts the hand-written server of `ceiling/`. */
export async function startCeiling(databaseUrl: string, logFolder: string): Promise<Target> {
  const port = await freePort();
  const token = randomBytes(24).toString("base64url");
  const origin = `http://127.0.0.1:${port}`;
  const env = { DATABASE_URL: databaseUrl, CEILING_PORT: String(port), CEILING_TOKEN: token };
  const program = join(import.meta.dirname, "ceiling", "server.ts");
  const server = await startServer(program, env, `${origin}/readyz`, join(logFolder, "ceiling.log"));
  return { name: "ceiling", base: `${origin}/scim_v2`, authorization: `Bearer ${token}`, ...server };
}
