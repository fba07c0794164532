import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@rollcall/local-postgres";
import { textAt } from "./json.ts";
import { startServer } from "./server-process.ts";
import type { Target } from "./target.ts";

const run = promisify(execFile);
const commandTimeoutMs = 60_000;
const repository = join(import.meta.dirname, "..");

/** Sets an organization up with the operator's command and starts our SCIM service. */
export async function startRollcall(databaseUrl: string, logFolder: string): Promise<Target> {
  const organization = await operator(databaseUrl, [
    "org",
    "create",
    "--name",
    "Bench",
    "--owner-email",
    "o@bench.example",
  ]);
  const id = needed(organization, "organizationId");
  await operator(databaseUrl, ["provisioning", "enable", "--org", id, "--acknowledge-no-sso", "--guard", "off"]);
  const token = needed(await operator(databaseUrl, ["token", "issue", "--org", id, "--name", "bench"]), "token");
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    DATABASE_URL: databaseUrl,
    SCIM_PORT: String(port),
    PUBLIC_SCIM_URL: `${origin}/scim_v2`,
    // The limit is measured by tests of its own; here it would only measure itself.
    SCIM_RATE_LIMIT: "0",
  };
  const program = join(repository, "apps", "scim", "src", "main.ts");
  const server = await startServer(program, env, `${origin}/readyz`, join(logFolder, "scim.log"));
  return { name: "rollcall", base: `${origin}/scim_v2`, authorization: `Bearer ${token}`, ...server };
}

/** Runs the operator's command, returns the JSON it prints. Throws with what it says on its error output. */
async function operator(databaseUrl: string, words: readonly string[]): Promise<unknown> {
  const program = join(repository, "apps", "cli", "src", "main.ts");
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  try {
    const { stdout } = await run(process.execPath, [program, ...words, "--json"], { env, timeout: commandTimeoutMs });
    return JSON.parse(stdout);
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).slice(-2_000) : "";
    throw new Error(`The operator's command "${words.slice(0, 2).join(" ")}" failed. ${said}`, { cause });
  }
}

function needed(answer: unknown, name: string): string {
  const value = textAt(answer, name);
  if (value === undefined) throw new Error(`The operator's command did not tell ${name}.`);
  return value;
}
