import type { TestDns } from "@rollcall/api/test-dns";
import {
  createOrganization,
  enableProvisioning,
  issueToken,
  operatorContext,
  verifyDomain,
  type Database,
  type WriteContext,
} from "@rollcall/db";
import { passwordCost } from "@rollcall/db/testing";
import type { Page } from "playwright-core";
import { type Directory, directory } from "./directory.ts";
import type { Servers } from "./servers.ts";

export type Person = { readonly email: string; readonly password: string };

/** The organization Acme, created for one test in an otherwise empty database of the worker's servers. */
export type Acme = {
  readonly appUrl: string;
  /** The SCIM base URL. */
  readonly scimUrl: string;
  /** The DNS server that the domain checks ask. */
  readonly dns: TestDns;
  readonly organizationId: string;
  readonly owner: Person;
  /** A page in a new browser context. */
  newVisitor(): Promise<Page>;
  /** Turns provisioning on, without single sign-on. */
  enableProvisioning(): Promise<void>;
  verifyDomain(domain: string): Promise<void>;
  /** Another organization and its owner, whose account is reused if the email is known. */
  organization(name: string, ownerEmail: string): Promise<{ readonly id: string; readonly owner: Person }>;
  issueToken(name: string): Promise<string>;
  /** An identity provider of Acme with a new token; provisioning must be on. */
  directory(tokenName: string): Promise<Directory>;
  /** Runs a statement and returns its rows, for changes that only time would cause, such as an expiry. */
  sql(text: string, values: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
};

/** Empties the database of `servers` and creates Acme, with one owner and provisioning turned off. */
export async function newAcme(servers: Servers): Promise<Acme> {
  const { appUrl, scimUrl, browser, dns, database } = servers;
  dns.answers.clear();
  await empty(database);
  const { id: organizationId, owner } = await newOrganization(database, "Acme", "olive.owner@acme.example");
  const context = (): Promise<WriteContext> => contextOf(database, organizationId);
  const newToken = async (name: string): Promise<string> =>
    required(await issueToken(database, await context(), { name })).token;
  return {
    appUrl,
    scimUrl,
    dns,
    organizationId,
    owner,
    newVisitor: () => browser.newVisitor(),
    async enableProvisioning() {
      required(await enableProvisioning(database, await context(), { acknowledgeSso: true }));
    },
    async verifyDomain(domain) {
      required(await verifyDomain(database, await context(), domain));
    },
    organization: (name, ownerEmail) => newOrganization(database, name, ownerEmail),
    issueToken: newToken,
    directory: async (tokenName) => directory(scimUrl, await newToken(tokenName)),
    sql: (text, values) => database.sql.query({ name: "", text }, values),
  };
}

/**
 * `replica` disables the triggers of the foreign keys and of the append-only log; it needs a superuser. A truncate would
 * lock whole tables and wait for every query of a page that has just been closed.
 */
const emptyTables = `do $$ begin
    perform set_config('session_replication_role', 'replica', true);
    execute (select string_agg(format('delete from %I', tablename), '; ') from pg_tables
      where schemaname = 'public' and tablename <> 'mikro_orm_migrations');
  end $$`;

const triesMax = 10;

/** A pending write of the former test may cause a deadlock, in which either transaction fails. */
async function empty(database: Database): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await database.sql.query({ name: "", text: emptyTables }, []);
      return;
    } catch (cause) {
      const isDeadlock = typeof cause === "object" && cause !== null && "code" in cause && cause.code === "40P01";
      if (!isDeadlock || tries === triesMax) throw cause;
    }
  }
}

async function newOrganization(
  database: Database,
  name: string,
  ownerEmail: string,
): Promise<{ readonly id: string; readonly owner: Person }> {
  const actor = { kind: "operator", id: null, name: "operator" } as const;
  const made = await createOrganization(database, { name, ownerEmail, passwordCost, actor, now: new Date() });
  return { id: made.organizationId, owner: { email: made.ownerEmail, password: made.ownerPassword ?? "" } };
}

async function contextOf(database: Database, organizationId: string): Promise<WriteContext> {
  const context = await operatorContext(database, organizationId, new Date());
  if (context === undefined) throw new Error("There is no such organization.");
  return context;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { kind: string } };

function required<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`Refused: ${outcome.error.kind}`);
  return outcome.value;
}
