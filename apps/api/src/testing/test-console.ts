import { once } from "node:events";
import type { AddressInfo } from "node:net";
import {
  addMember,
  createOrganization,
  disableProvisioning,
  credentialOf,
  enableProvisioning,
  issueToken,
  openDatabase,
  operatorContext,
  readSecretKeys,
  verifyDomain,
  type Credential,
  type Database,
  type WriteContext,
} from "@rollcall/db";
import { migratedDatabase, passwordCost } from "@rollcall/db/testing";
import { pino } from "pino";
import { readConfig, type ApiConfig } from "../config.ts";
import { createApi } from "../create-api.ts";
import { createXmlReader } from "../security/saml/xml-reader.ts";
import { playRun } from "../workers/self-check/self-check-run.ts";
import {
  createSelfChecks,
  type SelfCheckBounds,
  type SelfCheckRun,
  type SelfChecks,
} from "../workers/self-check/self-checks.ts";
import { openBrowser, type TestBrowser } from "./test-browser.ts";

export type TestOrganization = {
  readonly id: string;
  readonly name: string;
  readonly ownerEmail: string;
  readonly ownerPassword: string;
};

type TestOwner = {
  readonly organization: TestOrganization;
  readonly browser: TestBrowser;
  readonly api: TestBrowser["api"];
};

export type TestConsole = {
  readonly url: string;
  readonly database: Database;
  readonly logLines: readonly string[];
  readonly selfChecks: SelfChecks;
  /** The server's clock, set by tests. */
  readonly clock: { now: Date };
  organization(name: string): Promise<TestOrganization>;
  /** Creates an organization and signs its owner in. */
  ownerOf(name: string): Promise<TestOwner>;
  rows(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** The operator, as the author of writes. */
  operatorOf(organizationId: string): Promise<WriteContext>;
  /** Turns provisioning on and creates a member as the identity provider does; returns the member's id. */
  provision(organization: TestOrganization, userName: string): Promise<string>;
  /** Turns provisioning off. */
  release(organization: TestOrganization): Promise<void>;
  close(): Promise<void>;
};

export type TestSettings = Partial<ApiConfig> & {
  readonly selfCheckBounds?: Partial<SelfCheckBounds>;
  /** Replaces `openDatabase` for the scratch database. */
  readonly open?: typeof openDatabase;
};

/** The real API on a database of its own, at `url`. */
export async function startTestConsole(settings: TestSettings = {}): Promise<TestConsole> {
  const scratch = await migratedDatabase();
  const secretKey = Buffer.alloc(32, "test").toString("base64");
  const secretKeys = readSecretKeys({ ROLLCALL_SECRET_KEY: secretKey });
  const database = await (settings.open ?? openDatabase)(scratch.url, { secretKeys });
  const clock = { now: new Date() };
  const logLines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void logLines.push(line) });
  const publicAppUrl = "https://console.example";
  const environment = { DATABASE_URL: scratch.url, PUBLIC_APP_URL: publicAppUrl, ROLLCALL_SECRET_KEY: secretKey };
  const config = { ...readConfig(environment), ...settings };
  const now = () => clock.now;
  const bounds = settings.selfCheckBounds;
  const { publicScimUrl } = config;
  const play = (run: SelfCheckRun) => playRun({ database, publicScimUrl }, run);
  const selfChecks = createSelfChecks({ database, log, play, now, bounds });
  const xmlReader = createXmlReader();
  const server = createApi({ database, config, log, selfChecks, xmlReader, now }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const organization: TestConsole["organization"] = (name) => newOrganization(database, name, clock.now);
  return {
    url,
    database,
    logLines,
    selfChecks,
    clock,
    organization,
    async ownerOf(name) {
      const own = await organization(name);
      const browser = await openBrowser(url).signIn(own);
      return { organization: own, browser, api: browser.api };
    },
    rows: (text, values = []) => database.sql.query({ name: "", text }, values),
    operatorOf: (organizationId) => operatorOf(database, organizationId, clock.now),
    provision: (organization, userName) => provision(database, organization, userName, clock.now),
    release: (organization) => release(database, organization, clock.now),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await selfChecks.close();
      await xmlReader.close();
      await database.close();
      await scratch.drop();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}

async function newOrganization(database: Database, name: string, now: Date): Promise<TestOrganization> {
  const actor = { kind: "operator", id: null, name: "operator" } as const;
  const ownerEmail = `owner@${name.toLowerCase()}.example`;
  const made = await createOrganization(database, { name, ownerEmail, passwordCost, actor, now });
  if (made.ownerPassword === null) throw new Error("The account existed already.");
  return { id: made.organizationId, name, ownerEmail, ownerPassword: made.ownerPassword };
}

async function release(database: Database, organization: TestOrganization, now: Date): Promise<void> {
  const context = await operatorOf(database, organization.id, now);
  const released = await disableProvisioning(database, context);
  if (!released.ok) throw new Error(released.error.kind);
}

async function provision(
  database: Database,
  organization: TestOrganization,
  userName: string,
  now: Date,
): Promise<string> {
  const context = await operatorOf(database, organization.id, now);
  await enableProvisioning(database, context, { acknowledgeSso: true });
  const own = `${organization.name.toLowerCase()}.example`;
  if (userName.endsWith(`@${own}`)) await verifyDomain(database, context, own);
  const issued = await issueToken(database, context, { name: `for ${userName}` });
  if (!issued.ok) throw new Error("No token could be issued.");
  const credential = credentialIn(issued.value.token);
  const person = { externalId: null, givenName: null, familyName: null, displayName: null, active: true };
  const { added } = await addMember(database, credential, { ...person, userName }, { now, requestId: "test" });
  if (added === undefined || !added.ok) throw new Error("The person could not be added.");
  return added.value.id;
}

/** The credential of a token that was issued in a test. */
export function credentialIn(token: string): Credential {
  const credential = credentialOf(token);
  if (credential === undefined) throw new Error("The token is malformed.");
  return credential;
}

async function operatorOf(database: Database, organizationId: string, now: Date): Promise<WriteContext> {
  const context = await operatorContext(database, organizationId, now);
  if (context === undefined) throw new Error("There is no such organization.");
  return context;
}
