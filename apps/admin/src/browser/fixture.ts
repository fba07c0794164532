import { scratchDatabase } from "@rollcall/local-postgres";
import { Client } from "pg";
import type { Browser } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { type Directory, directory } from "./directory.ts";
import { requiredText } from "./printed.ts";
import { freePort, rollcall, startServer } from "./process.ts";

export type Person = { readonly email: string; readonly password: string };

/** A browser before the real servers on a database of their own, with the organization Acme in it. */
export type Stage = {
  readonly appUrl: string;
  /** What an owner pastes into the identity provider. */
  readonly scimUrl: string;
  readonly browser: Browser;
  readonly organizationId: string;
  readonly owner: Person;
  operate(...words: readonly string[]): Promise<unknown>;
  /** Another organization and its owner. */
  organization(name: string, ownerEmail: string): Promise<{ readonly id: string; readonly owner: Person }>;
  /** A provider of Acme with a fresh token; provisioning must be on. */
  directory(tokenName: string): Promise<Directory>;
  /** Changes what only time would change, such as the day on which something ends. */
  sql(text: string, values: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
};

type Closer = () => Promise<void>;

/** Opens a stage, with `settings` in the servers' environment; what was opened already is closed again if something else cannot be. */
export async function openStage(postgresUrl: string, settings: NodeJS.ProcessEnv = {}): Promise<Stage> {
  const closers: Closer[] = [];
  // The last opened first. Each is tried, whatever becomes of the others.
  const close: Closer = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer().catch(() => undefined);
  };
  try {
    return await build(postgresUrl, settings, closers, close);
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function build(
  postgresUrl: string,
  settings: NodeJS.ProcessEnv,
  closers: Closer[],
  close: Closer,
): Promise<Stage> {
  const database = await scratchDatabase(postgresUrl);
  closers.push(() => database.drop());
  const [apiPort, scimPort] = [await freePort(), await freePort()];
  const [appUrl, scimUrl] = [`http://127.0.0.1:${apiPort}`, `http://127.0.0.1:${scimPort}`];
  const env = { ...environment(database.url, { apiPort, scimPort }), ...settings };
  // The first server to start migrates the database.
  closers.push(await startServer("api", env, `${appUrl}/readyz`));
  closers.push(await startServer("scim", env, `${scimUrl}/readyz`));
  const browser = await launchChromium();
  closers.push(() => browser.close());
  const operate = (...words: readonly string[]): Promise<unknown> => rollcall(database.url, ...words);
  const organization: Stage["organization"] = async (name, ownerEmail) => {
    const made = await operate("org", "create", "--name", name, "--owner-email", ownerEmail);
    const owner = { email: requiredText(made, "ownerEmail"), password: requiredText(made, "ownerPassword") };
    return { id: requiredText(made, "organizationId"), owner };
  };
  const acme = await organization("Acme", "olive.owner@acme.example");
  return {
    appUrl,
    scimUrl: `${scimUrl}/scim_v2`,
    browser,
    organizationId: acme.id,
    owner: acme.owner,
    operate,
    organization,
    async directory(tokenName) {
      const issued = await operate("token", "issue", "--org", acme.id, "--name", tokenName);
      return directory(`${scimUrl}/scim_v2`, requiredText(issued, "token"));
    },
    async sql(text, values) {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      try {
        await client.query(text, [...values]);
      } finally {
        await client.end();
      }
    },
    close,
  };
}

function environment(databaseUrl: string, ports: { apiPort: number; scimPort: number }): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: databaseUrl,
    API_PORT: String(ports.apiPort),
    SCIM_PORT: String(ports.scimPort),
    PUBLIC_APP_URL: `http://127.0.0.1:${ports.apiPort}`,
    PUBLIC_SCIM_URL: `http://127.0.0.1:${ports.scimPort}/scim_v2`,
    LOG_LEVEL: "error",
  };
}
