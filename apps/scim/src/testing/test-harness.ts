import type { AddressInfo } from "node:net";
import {
  createOrganization,
  enableProvisioning,
  issueToken,
  openDatabase,
  operatorContext,
  verifyDomain,
  type Database,
  type WriteContext,
} from "@rollcall/db";
import { migratedDatabase, passwordCost } from "@rollcall/db/testing";
import { knownHosts } from "@rollcall/domain";
import { pino, type Logger } from "pino";
import { createHttpServer } from "../http/http-server.ts";
import { requestRecorder, type RequestRecorder } from "../request-log/request-recorder.ts";
import { createScim, type ScimOptions } from "../server.ts";
import { scimClient, type ScimClient } from "./test-client.ts";

/** An organization with one owner, provisioning on, the guard off and one token. */
export type TestOrganization = {
  readonly organizationId: string;
  readonly ownerEmail: string;
  readonly token: string;
  readonly tokenId: string;
  /** Sends requests with the token. */
  readonly client: ScimClient;
  /** The operator as the author of further writes. */
  context(): Promise<WriteContext>;
};

export type ScimTest = TestOrganization &
  AsyncDisposable & {
    readonly baseUrl: string;
    readonly database: Database;
    readonly recorder: RequestRecorder;
    /** Advances the service's clock by that many milliseconds. */
    advance(milliseconds: number): void;
    /** The service's clock. */
    readonly now: () => Date;
    addOrganization(name: string): Promise<TestOrganization>;
    /** For `of`; by default the first organization. */
    verifyDomain(domain: string, of?: TestOrganization): Promise<void>;
    /** Accepts the membership as the person would, with the account of that address or a new one. */
    accept(memberId: string): Promise<void>;
    stop(): Promise<void>;
  };

export type ScimTestOptions = {
  /** Requests per second and token; 0, the default: no limit. */
  readonly rateLimit?: number;
  readonly unknownTokenBounds?: ScimOptions["unknownTokenBounds"];
  readonly openResponseBounds?: ScimOptions["openResponseBounds"];
  readonly trustProxy?: ScimOptions["trustProxy"];
  /** The destination of the service's log; silent by default unless LOG_LEVEL is set. */
  readonly log?: Logger;
  /** Replaces `openDatabase` for the scratch database. */
  readonly open?: typeof openDatabase;
};

const publicUrl = "https://scim.rollcall.example/scim_v2";
/** `a` and `scim.test`: the Host of raw requests in the tests. */
const hosts = knownHosts({ listensOn: "127.0.0.1", publicUrls: [publicUrl], allowed: "a, scim.test" });
const metricsAccess = { token: "the token of the metrics", listensOn: "127.0.0.1" };
const addresses = { publicUrl, hosts, metricsAccess };

/** Starts the service on a free port with a scratch database of its own. For tests only. */
export async function startScim(options: ScimTestOptions = {}): Promise<ScimTest> {
  const scratch = await migratedDatabase();
  const database = await (options.open ?? openDatabase)(scratch.url);
  const log = options.log ?? pino({ level: process.env["LOG_LEVEL"] ?? "silent" });
  const recorder = requestRecorder(database, log);
  let offsetMs = 0;
  const now = (): Date => new Date(Date.now() + offsetMs);
  const { rateLimit = 0, unknownTokenBounds, openResponseBounds, trustProxy = false } = options;
  const bounds = { rateLimit, unknownTokenBounds, openResponseBounds };
  const server = await listen(createScim({ database, log, recorder, ...addresses, ...bounds, trustProxy, now }));
  const baseUrl = `http://127.0.0.1:${server.port}/scim_v2`;
  const add = async (name: string): Promise<TestOrganization> => {
    const organization = await addOrganization(database, name, now);
    return { ...organization, client: scimClient(baseUrl, organization.token) };
  };
  const organization = await add("Acme");
  const stop = async (): Promise<void> => {
    await server.close();
    await recorder.close();
    await database.close();
    await scratch.drop();
  };
  return {
    ...organization,
    baseUrl,
    database,
    recorder,
    advance: (milliseconds) => {
      offsetMs += milliseconds;
    },
    now,
    addOrganization: add,
    verifyDomain: async (domain, of = organization) => {
      const verified = await verifyDomain(database, await of.context(), domain);
      if (!verified.ok) throw new Error(verified.error.kind);
    },
    accept: (memberId) => accept(database, memberId),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Starts another node of the same service, without the in-process state of `scim`. */
export async function startNode({
  database,
  recorder,
  now,
}: ScimTest): Promise<{ baseUrl: string; stop(): Promise<void> }> {
  const options = { database, recorder, now, log: pino({ level: "silent" }), rateLimit: 0 };
  const server = await listen(createScim({ ...options, ...addresses }));
  return { baseUrl: `http://127.0.0.1:${server.port}/scim_v2`, stop: () => server.close() };
}

async function addOrganization(
  database: Database,
  name: string,
  now: () => Date,
): Promise<Omit<TestOrganization, "client">> {
  const actor = { kind: "operator", id: null, name: "operator" } as const;
  const ownerEmail = `owner@${name.toLowerCase()}.example`;
  const { organizationId } = await createOrganization(database, { name, ownerEmail, passwordCost, actor, now: now() });
  const context = async (): Promise<WriteContext> => {
    const found = await operatorContext(database, organizationId, now());
    if (found === undefined) throw new Error("The organization is gone.");
    return found;
  };
  const enabled = await enableProvisioning(database, await context(), { acknowledgeSso: true, isGuardOn: false });
  if (!enabled.ok) throw new Error(enabled.error.kind);
  const issued = await issueToken(database, await context(), { name: "Okta" });
  if (!issued.ok) throw new Error(issued.error.kind);
  const { token, tokenId } = issued.value;
  return { organizationId, ownerEmail, token, tokenId, context };
}

async function accept(database: Database, memberId: string): Promise<void> {
  const account = `insert into account (id, email, email_key, name, password_hash, created_at, updated_at)
    select gen_random_uuid(), user_name, user_name_key, 'Own Name', 'set', now(), now() from member where id = $1
    on conflict do nothing`;
  const member = `update member m set account_id = a.id, awaits_acceptance = false from account a
    where m.id = $1 and m.awaits_acceptance and a.email_key = m.user_name_key returning m.id`;
  await database.sql.query({ name: "", text: account }, [memberId]);
  const [row] = await database.sql.query({ name: "", text: member }, [memberId]);
  if (row === undefined) throw new Error("Nothing was to be accepted.");
}

type Listening = { readonly port: number; close(): Promise<void> };

function listen(app: ReturnType<typeof createScim>): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createHttpServer(app);
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === "string") return reject(new Error("The server has no port."));
      const close = (): Promise<void> =>
        new Promise((done, failed) => {
          server.closeAllConnections();
          server.close((error) => (error === undefined ? done() : failed(error)));
        });
      return resolve({ port: address.port, close });
    });
  });
}
