import { startTestDns, type TestDns } from "@rollcall/api/test-dns";
import { openDatabase, type Database } from "@rollcall/db";
import { migratedDatabase } from "@rollcall/db/testing";
import { freePort } from "@rollcall/local-postgres";
import { type Chromium, launchChromium } from "./chromium.ts";
import { type ServerProcess, startServer } from "./process.ts";

/** The real servers as processes with their own database and DNS server, and a browser. */
export type Servers = {
  readonly appUrl: string;
  readonly scimUrl: string;
  readonly browser: Chromium;
  readonly database: Database;
  readonly dns: TestDns;
  /** What the servers logged last: errors alone. */
  log(): string;
  close(): Promise<void>;
};

type Closer = () => Promise<void>;

/** Starts everything; closes the started parts if one fails. */
export async function startServers(): Promise<Servers> {
  const closers: Closer[] = [];
  // In reverse order; an error does not stop the others.
  const close: Closer = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer().catch(() => undefined);
  };
  try {
    return await start(closers, close);
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function start(closers: Closer[], close: Closer): Promise<Servers> {
  const dns = await startTestDns();
  closers.push(() => dns.close());
  const scratch = await migratedDatabase();
  closers.push(() => scratch.drop());
  const [apiPort, scimPort] = [await freePort(), await freePort()];
  const [appUrl, scimUrl] = [`http://127.0.0.1:${apiPort}`, `http://127.0.0.1:${scimPort}`];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DATABASE_URL: scratch.url,
    API_PORT: String(apiPort),
    SCIM_PORT: String(scimPort),
    PUBLIC_APP_URL: appUrl,
    PUBLIC_SCIM_URL: `${scimUrl}/scim_v2`,
    LOG_LEVEL: "error",
    DEVELOPER_MAILBOX: "1",
    DNS_SERVERS: dns.address,
  };
  const launching = launchChromium(appUrl).then((browser) => {
    closers.push(() => browser.close());
    return browser;
  });
  const processes: ServerProcess[] = [];
  const add = (server: ServerProcess): void => {
    processes.push(server);
    closers.push(() => server.stop());
  };
  const opened = await Promise.allSettled([
    launching,
    startServer("api", env, `${appUrl}/readyz`).then(add),
    startServer("scim", env, `${scimUrl}/readyz`).then(add),
  ]);
  for (const outcome of opened) if (outcome.status === "rejected") throw outcome.reason;
  const browser = await launching;
  const database = await openDatabase(scratch.url, { poolSize: 2 });
  closers.push(() => database.close());
  const log = (): string => processes.map((server) => server.log()).join("");
  return { appUrl, scimUrl: `${scimUrl}/scim_v2`, browser, database, dns, log, close };
}
