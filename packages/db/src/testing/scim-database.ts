import { emailKey, type MemberInput } from "@rollcall/domain";
import { ok } from "@rollcall/scim-protocol";
import { randomUUID } from "node:crypto";
import type { NewScimRequest } from "../request-log/request-log.ts";
import { verifyDomain } from "../domain/verified-domain.ts";
import { takeMembership } from "../member/member-acceptance.ts";
import type { MemberRow } from "../member/member-columns.ts";
import { enableProvisioning } from "../provisioning/provisioning-switch.ts";
import { issueToken } from "../scim-token/scim-tokens.ts";
import { credentialOf, type Credential } from "../scim/caller.ts";
import type { RequestStamp } from "../store/write-context.ts";
import { addMember, type AddOutcome } from "../scim/member-add.ts";
import { writeMember } from "../scim/member-change.ts";
import { readMembersByIds } from "../scim/member-read.ts";
import type { Intent, WriteOutcome } from "../scim/member-write.ts";
import { addRole } from "../scim/role-write.ts";
import { loadSession, startSession, type Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import type { WriteContext } from "../store/write-context.ts";
import { newOrganization, now, openConsoleDatabase, rows, type ConsoleDatabase } from "./console-database.ts";

export { now, rows } from "./console-database.ts";
export const baseUrl = "https://scim.rollcall.example/scim_v2";
export const request: RequestStamp = { now, requestId: "request-1" };

/** A logged GET of nothing in particular, with what `more` says. */
export function requestOf({ organizationId }: Pick<Tenant, "organizationId">, more: Partial<NewScimRequest>) {
  const unknown = { scimType: null, detail: null, client: null, ip: null, quirks: [] };
  const plain = { method: "GET", path: "/", status: 200, durationMs: 1, ...unknown };
  return { organizationId, tokenId: randomUUID(), at: now, ...plain, ...more };
}

export type ScimDatabase = ConsoleDatabase & {
  newTenant(name: string, options?: { readonly domain?: string }): Promise<Tenant>;
};

/** A temporary database for the tests of one file, closed after them. */
export async function openScimDatabase(): Promise<ScimDatabase> {
  const home = await openConsoleDatabase();
  return { ...home, newTenant: (name, options) => newTenant(home.database, name, options) };
}

/** An organization with one owner, provisioning on, the guard off and one token. */
export type Tenant = {
  readonly organizationId: string;
  readonly ownerEmail: string;
  readonly credential: Credential;
  readonly token: string;
  readonly context: WriteContext;
  /** A request with the token. */
  readonly request: RequestStamp & { readonly credential: Credential };
  /** POSTs a person. */
  post(input: MemberInput): Promise<AddOutcome>;
  /** POSTs a person; throws if it is refused. */
  add(input: MemberInput, at?: RequestStamp): Promise<MemberRow>;
  /** POSTs a person of an unverified domain and accepts, with the account of that address or a new one. */
  addAccepted(input: MemberInput): Promise<MemberRow>;
  /** Writes a member: PATCHes it to `input` of its current state, or deletes it. */
  write(id: string, input: Write, at?: RequestStamp): Promise<WriteOutcome<never>>;
  /** POSTs a group and returns its id; throws if it is refused. */
  addGroup(name: string, memberIds?: readonly string[]): Promise<string>;
  /** The member's grants as `role name:source`, in order. */
  grantsOf(memberId: string): Promise<readonly unknown[]>;
  /** Grants a role manually, as an owner would. */
  grant(memberId: string, roleName: string): Promise<void>;
  /** The log of one subject, oldest first, without values that a test cannot know. */
  logOf(subjectId: string): Promise<readonly Record<string, unknown>[]>;
  /** The cookie of a new session. */
  cookieOf(accountId: string): Promise<string>;
  sessionOf(accountId: string): Promise<Session>;
};
type Write = "delete" | ((member: MemberRow) => Partial<MemberInput>);

/** `domain`: the verified domain; derived from the name by default. */
export async function newTenant(
  database: Database,
  name: string,
  { domain = `${name.toLowerCase()}.example` }: { readonly domain?: string } = {},
): Promise<Tenant> {
  const { organizationId, ownerEmail, context } = await newOrganization(database, name);
  const enabled = await enableProvisioning(database, context, { acknowledgeSso: true, isGuardOn: false });
  if (!enabled.ok) throw new Error(enabled.error.kind);
  await verifyDomain(database, context, domain);
  const issued = await issueToken(database, context, { name: "Okta" });
  if (!issued.ok) throw new Error(issued.error.kind);
  const { token } = issued.value;
  const credential = credentialOf(token);
  if (credential === undefined) throw new Error("A token was issued that cannot be read.");
  const facts = { organizationId, ownerEmail, credential, token, context };
  const asTenant = { ...request, credential };
  return {
    ...facts,
    request: asTenant,
    ...writesOf(database, asTenant, organizationId),
    ...readsOf(database, organizationId),
  };
}

/** A person as sent by a provider, only with the userName by default. */
export function person(userName: string, more: Partial<MemberInput> = {}): MemberInput {
  const unset = { externalId: null, givenName: null, familyName: null, displayName: null, active: undefined };
  return { userName, ...unset, ...more };
}

type Writes = Pick<Tenant, "post" | "add" | "addAccepted" | "write" | "addGroup" | "grant">;

/** The writes with one token. */
export function writesOf(
  database: Database,
  { credential, ...stamp }: Tenant["request"],
  organizationId: string,
): Writes {
  const add: Tenant["add"] = async (input, at = stamp) => {
    const outcome = await addMember(database, credential, input, at);
    if (outcome.added?.ok !== true) throw new Error(`Not added: ${JSON.stringify(outcome)}`);
    return outcome.added.value;
  };
  return {
    add,
    post: (input) => addMember(database, credential, input, stamp),
    addAccepted: async (input) => accept(database, await add(input), organizationId),
    write: (id, input, at = stamp) => {
      const intent = (member: MemberRow): Intent =>
        input === "delete" ? { kind: input } : { kind: "change", input: { ...inputOf(member), ...input(member) } };
      return writeMember<never>(database, { ...at, credential, id, intend: (member) => ok(intent(member)) });
    },
    addGroup: async (name, memberIds = []) => {
      const outcome = await addRole(database, { ...stamp, credential }, { name, externalId: null, memberIds });
      if (outcome.kind !== "saved") throw new Error(`Not added: ${JSON.stringify(outcome)}`);
      return outcome.roleId;
    },
    grant: async (memberId, roleName) => {
      const text = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
        select organization_id, $2, id, 'manual', $4 from role
        where organization_id = $1 and name = $3 and deleted_at is null returning role_id`;
      const granted = await rows(database, text, [organizationId, memberId, roleName, now]);
      if (granted.length !== 1) throw new Error(`There is no role ${roleName}.`);
    },
  };
}

function inputOf(member: MemberRow): MemberInput {
  const { userName, externalId, givenName, familyName, displayName } = member;
  return { userName, externalId, givenName, familyName, displayName, active: undefined };
}

async function accept(database: Database, { id, userName }: MemberRow, organizationId: string): Promise<MemberRow> {
  const key = emailKey(userName);
  const text = `insert into account (id, email, email_key, name, created_at, updated_at)
    values (gen_random_uuid(), $1, $2, 'Own Name', $3, $3) on conflict do nothing`;
  await rows(database, text, [userName, key, now]);
  const [account] = await rows(database, "select id from account where email_key = $1", [key]);
  const who = { organizationId, account: { id: String(account?.["id"]), name: "Own Name" } };
  await takeMembership(database.sql, who, { isMailed: true, now });
  const [member] = await readMembersByIds(database.sql, organizationId, [id]);
  if (member === undefined || member.accountId === null) throw new Error("The membership was not accepted.");
  return member;
}

function readsOf(
  database: Database,
  organizationId: string,
): Pick<Tenant, "grantsOf" | "logOf" | "cookieOf" | "sessionOf"> {
  const cookieOf = async (accountId: string): Promise<string> => {
    const who = { organizationId, accountId };
    const cookie = await startSession(database.sql, who, { userAgent: null, ip: null }, now);
    if (cookie === undefined) throw new Error("No session was started.");
    return cookie;
  };
  return {
    cookieOf,
    sessionOf: async (accountId) => {
      const session = await loadSession(database.sql, await cookieOf(accountId), now);
      if (session === undefined) throw new Error("No session was started.");
      return session;
    },
    grantsOf: async (memberId) => {
      const text = `select r.name || ':' || g.source as held from role_grant g
        join role r on r.organization_id = g.organization_id and r.id = g.role_id
        where g.organization_id = $1 and g.member_id = $2 order by held`;
      return (await rows(database, text, [organizationId, memberId])).map((row) => row["held"]);
    },
    logOf: (subjectId) => {
      const text = `select kind, before, after, refusal from change where organization_id = $1 and subject_id = $2 order by id`;
      return rows(database, text, [organizationId, subjectId]);
    },
  };
}

/** Throws for a pending membership. */
export function accountIdOf({ accountId, userName }: MemberRow): string {
  if (accountId === null) throw new Error(`${userName} has not accepted.`);
  return accountId;
}
