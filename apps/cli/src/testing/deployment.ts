import { resolve } from "node:path";
import { freePort, scratchDatabase } from "@rollcall/local-postgres";
import { startChild, untilReady } from "../child.ts";
import { rollcall } from "./run-command.ts";

/** A SCIM service as a process of its own on a scratch database, as an operator runs it. */
export type Deployment = {
  readonly databaseUrl: string;
  /** The SCIM base URL. */
  readonly base: string;
  /** The token of the organization Acme, whose mass-removal protection is on. */
  readonly token: string;
  close(): Promise<void>;
};

export async function startDeployment(postgresUrl: string): Promise<Deployment> {
  const scratch = await scratchDatabase(postgresUrl);
  const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await rollcall(scratch.url, ...args, "--json");
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  const { organizationId } = await json("org", "create", "--name", "Acme", "--owner-email", "ada@acme.example");
  const org = String(organizationId);
  await json("provisioning", "enable", "--org", org, "--acknowledge-no-sso", "--guard", "on");
  const { token } = await json("token", "issue", "--org", org, "--name", "Test");
  const port = String(await freePort());
  const PUBLIC_SCIM_URL = "https://scim.acme.example/scim_v2";
  const own = { DATABASE_URL: scratch.url, SCIM_PORT: port, PUBLIC_SCIM_URL, LOG_LEVEL: "warn" };
  const scim = startChild("The SCIM service", [resolve(import.meta.dirname, "../../../scim/src/main.ts")], {
    env: { ...process.env, ...own },
  });
  await untilReady(`http://127.0.0.1:${port}/readyz`, 30_000);
  return {
    databaseUrl: scratch.url,
    base: `http://127.0.0.1:${port}/scim_v2`,
    token: String(token),
    async close() {
      await scim.stop();
      await scratch.drop();
    },
  };
}
