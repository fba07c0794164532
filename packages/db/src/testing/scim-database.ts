import { emailKey, type MemberInput } from "@rollcall/domain";
import { ok } from "@rollcall/scim-protocol";
import { loadSession, startSession, type Session } from "../session/session.ts";
import { enableProvisioning } from "../provisioning/provisioning-switch.ts";
import { issueToken } from "../scim-token/scim-tokens.ts";
import { newOrganization, now } from "./console-database.ts";
import { verifyDomain } from "../domain/verified-domain.ts";
import type { Database } from "../store/database.ts";
import { takeMembership } from "../member/member-acceptance.ts";
import type { MemberRow } from "../member/member-columns.ts";
import type { WriteContext } from "../store/write-context.ts";
import { credentialOf, type RequestStamp, type Credential } from "../scim/caller.ts";
import { addMember } from "../scim/member-add.ts";
import { readMembersByIds } from "../scim/member-read.ts";
import { writeMember } from "../scim/member-change.ts";
import type { Intent, WriteOutcome } from "../scim/member-write.ts";

export { now, openConsoleDatabase as openScimDatabase } from "./console-database.ts";
export type { ConsoleDatabase as ScimDatabase } from "./console-database.ts";

export const baseUrl = "https://scim.rollcall.example/scim_v2";
export const request: RequestStamp = { now, requestId: "request-1" };

/** An organization with one owner, provisioning on, the guard off and one token. */
export type Tenant = {
  readonly organizationId: string;
  readonly ownerEmail: string;
  readonly credential: Credential;
  readonly token: string;
  readonly context: WriteContext;
};

/** `domain`: the verified domain; derived from the name by default. */
export async function newTenant(
  database: Database,
  name: string,
  { domain = `${name.toLowerCase()}.example` }: { domain?: string } = {},
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
  return { organizationId, ownerEmail, credential, token, context };
}

/** A person as sent by a provider, only with the userName by default. */
export function person(userName: string, more: Partial<MemberInput> = {}): MemberInput {
  return {
    userName,
    externalId: null,
    givenName: null,
    familyName: null,
    displayName: null,
    active: undefined,
    ...more,
  };
}

/** POSTs a person; throws if it is refused. */
export async function added(
  database: Database,
  tenant: Tenant,
  input: MemberInput,
  at: RequestStamp = request,
): Promise<MemberRow> {
  const outcome = await addMember(database, tenant.credential, input, at);
  if (outcome.added?.ok !== true) throw new Error(`Not added: ${JSON.stringify(outcome)}`);
  return outcome.added.value;
}

/** POSTs a person of an unverified domain and accepts, with the account of that address or a new one. */
export async function accepted(database: Database, tenant: Tenant, input: MemberInput): Promise<MemberRow> {
  const { organizationId } = tenant;
  const { id } = await added(database, tenant, input);
  const key = emailKey(input.userName);
  const text = `insert into account (id, email, email_key, name, created_at, updated_at)
    values (gen_random_uuid(), $1, $2, 'Own Name', $3, $3) on conflict do nothing`;
  await rows(database, text, [input.userName, key, now]);
  const [account] = await rows(database, "select id from account where email_key = $1", [key]);
  const who = { organizationId, account: { id: String(account?.["id"]), name: "Own Name" } };
  await takeMembership(database.sql, who, { isMailed: true, now });
  const [member] = await readMembersByIds(database.sql, organizationId, [id]);
  if (member === undefined || member.accountId === null) throw new Error("The membership was not accepted.");
  return member;
}

/** Throws for a pending membership. */
export function accountIdOf({ accountId, userName }: MemberRow): string {
  if (accountId === null) throw new Error(`${userName} has not accepted.`);
  return accountId;
}

/** The cookie of a new session. */
export async function cookieFor(database: Database, who: Parameters<typeof startSession>[1]): Promise<string> {
  const cookie = await startSession(database.sql, who, { userAgent: null, ip: null }, now);
  if (cookie === undefined) throw new Error("No session was started.");
  return cookie;
}

export async function sessionOf(database: Database, who: Parameters<typeof startSession>[1]): Promise<Session> {
  const session = await loadSession(database.sql, await cookieFor(database, who), now);
  if (session === undefined) throw new Error("No session was started.");
  return session;
}

/** Writes a member: PATCHes it to `input` of its current state, or deletes it. */
export function write(
  database: Database,
  tenant: Tenant,
  id: string,
  input: "delete" | ((member: MemberRow) => Partial<MemberInput>),
  at: RequestStamp = request,
): Promise<WriteOutcome<never>> {
  const { credential } = tenant;
  const intent = (member: MemberRow): Intent =>
    input === "delete" ? { kind: input } : { kind: "change", input: { ...inputOf(member), ...input(member) } };
  return writeMember<never>(database, { ...at, credential, id, intend: (member) => ok(intent(member)) });
}

function inputOf(member: MemberRow): MemberInput {
  const { userName, externalId, givenName, familyName, displayName } = member;
  return { userName, externalId, givenName, familyName, displayName, active: undefined };
}

/** Rows of a statement that only a test needs. */
export function rows(
  database: Database,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  return database.sql.query({ name: "", text }, values);
}

/** The member's grants as `role name:source`, in order. */
export async function grantsOf(database: Database, tenant: Tenant, memberId: string): Promise<readonly unknown[]> {
  const text = `select r.name || ':' || g.source as held from role_grant g
    join role r on r.organization_id = g.organization_id and r.id = g.role_id
    where g.organization_id = $1 and g.member_id = $2 order by held`;
  return (await rows(database, text, [tenant.organizationId, memberId])).map((row) => row["held"]);
}

/** Grants a role manually, as an owner would. */
export async function grantByHand(
  database: Database,
  tenant: Tenant,
  memberId: string,
  roleName: string,
): Promise<void> {
  const text = `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select organization_id, $2, id, 'manual', $4 from role
    where organization_id = $1 and name = $3 and deleted_at is null returning role_id`;
  const given = await rows(database, text, [tenant.organizationId, memberId, roleName, now]);
  if (given.length !== 1) throw new Error(`There is no role ${roleName}.`);
}

/** The log of one subject, oldest first, without values that a test cannot know. */
export function logOf(
  database: Database,
  tenant: Tenant,
  subjectId: string,
): Promise<readonly Record<string, unknown>[]> {
  const text = `select kind, before, after, refusal from change where organization_id = $1 and subject_id = $2 order by id`;
  return rows(database, text, [tenant.organizationId, subjectId]);
}
