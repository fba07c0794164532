import {
  enterWithoutSso,
  signInMethods,
  type EntryFacts,
  type SessionProofs,
  type SignInMethod,
} from "@rollcall/domain";
import { z } from "zod";
import { meetBrowser } from "./known-browser.ts";
import { newLink, provesLink, readLink } from "../account/link-secret.ts";
import { belongsTo } from "../member/member-row.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";

export const sessionDays = 14;
/** A session that nobody uses ends after 12 hours, unless the setting says otherwise. */
export const sessionIdleHours = 12;
/** The last use is kept no more exactly than this. */
const useMs = 60_000;
/** So many browsers may be signed in to one organization; the oldest is signed out for a new one. */
const sessionsMax = 20;

/** Somebody who is signed in. `access` is null for a person whose membership here still awaits acceptance. */
export type Session = {
  readonly organizationId: string;
  readonly sessionId: string;
  readonly account: { readonly id: string; readonly email: string; readonly name: string };
  /** `sso` is the single sign-on of this organization; its word on the person holds here (`mayLeadOn`). */
  readonly method: SignInMethod;
  readonly proofs: SessionProofs;
  readonly access: Access | null;
};

export type Access = {
  readonly organizationName: string;
  readonly memberId: string;
  readonly isOwner: boolean;
  readonly roles: readonly string[];
  readonly defaultRoleId: string | null;
};

/** From where a browser signs in; kept with the session. */
export type Browser = {
  readonly userAgent: string | null;
  readonly ip: string | null;
  /** Of the cookie by which the browser is known again; left out: it has none. */
  readonly hash?: Buffer | undefined;
};

/** How a session begins. `until`: when the identity provider wants it to end; null: it does not say. */
export type SessionStart = SessionProofs & {
  readonly method: SignInMethod;
  readonly ssoEntityId?: string;
  readonly until?: Date | null;
};

/** The start of a session by a password that was given just now. */
export function provenByPassword(now: Date): SessionStart {
  return { method: "password", passwordAt: now, secondFactorAt: null, ssoAt: null };
}

/**
 * Starts a session of at most 14 days if the account is an active member there. Returns the cookie's text
 * (`organization.session.secret`, so that the tenant leads the look-up), of which only a hash is kept, or undefined.
 */
export async function startSession(
  tx: Queryable,
  who: { readonly organizationId: string; readonly accountId: string },
  browser: Browser,
  now: Date,
  start: SessionStart = provenByPassword(now),
): Promise<string | undefined> {
  const { id, text, hash } = newLink(who.organizationId);
  const endsAt = now.getTime() + sessionDays * 86_400_000;
  const expiresAt = new Date(Math.min(endsAt, start.until?.getTime() ?? endsAt));
  const { userAgent, ip } = browser;
  const { method, passwordAt, secondFactorAt, ssoAt, ssoEntityId = null } = start;
  const proofs = [method, passwordAt, secondFactorAt, ssoAt, ssoEntityId];
  const values = [who.organizationId, id, who.accountId, hash, userAgent, ip, now, expiresAt, ...proofs];
  const started = await tx.query(insert, values);
  if (started.length === 0) return undefined;
  if (browser.hash !== undefined) await meetBrowser(tx, who.accountId, { userAgent, ip, hash: browser.hash }, now);
  await tx.query(endOldest, [who.organizationId, who.accountId, now, sessionsMax]);
  return text;
}

/** `isUse`: the person is there; a page that asks by itself keeps no session alive. */
export type SessionUse = { readonly idleMs: number; readonly isUse: boolean };

/**
 * Reads session, account, member and roles anew, in one statement, so that who is deactivated, deleted or signed out is
 * out on the next request; so is who has come with a password where single sign-on is required by now. Undefined for any
 * cookie that does not hold now, also where the session was not used for `idleMs`.
 */
export async function loadSession(
  sql: Queryable,
  cookie: string,
  now: Date,
  { idleMs, isUse }: SessionUse = { idleMs: sessionIdleHours * 3_600_000, isUse: false },
): Promise<Session | undefined> {
  const link = readLink(cookie);
  if (link === undefined) return undefined;
  const { ownerId: organizationId, id: sessionId } = link;
  const [found] = await sql.query(load, [organizationId, sessionId, now, new Date(now.getTime() - idleMs)]);
  if (found === undefined) return undefined;
  const row = sessionRow.parse(found);
  if (!provesLink(link, row.secretHash)) return undefined;
  if (row.method !== "sso" && !enterWithoutSso(entryOf(organizationId, row)).ok) return undefined;
  if (isUse && now.getTime() - row.lastUsedAt.getTime() >= useMs)
    await sql.query(used, [organizationId, sessionId, now]);
  const { accountId, email, name, method, passwordAt, secondFactorAt, ssoAt } = row;
  const proofs = { passwordAt, secondFactorAt, ssoAt };
  return { organizationId, sessionId, account: { id: accountId, email, name }, method, proofs, access: accessOf(row) };
}

/** Signs this browser out. */
export async function endSession(
  tx: Queryable,
  session: Pick<Session, "organizationId" | "sessionId">,
  now: Date,
): Promise<void> {
  await tx.query(end, [session.organizationId, session.sessionId, now]);
}

/** The person as the author of a write in the organization that the session looks at. */
export function personContext(
  session: Session,
  at: { readonly now: Date; readonly requestId: string | null },
): WriteContext {
  const { id, name } = session.account;
  return {
    organizationId: session.organizationId,
    defaultRoleId: session.access?.defaultRoleId ?? null,
    actor: { kind: "person", id, name },
    now: at.now,
    requestId: at.requestId,
  };
}

const sessionRow = z.object({
  secretHash: z.instanceof(Buffer),
  accountId: z.string(),
  email: z.string(),
  name: z.string(),
  organizationName: z.string(),
  memberId: z.string(),
  awaitsAcceptance: z.boolean(),
  isOwner: z.boolean(),
  roles: z.array(z.string()),
  defaultRoleId: z.string().nullable(),
  method: z.enum(signInMethods),
  passwordAt: z.date().nullable(),
  secondFactorAt: z.date().nullable(),
  ssoAt: z.date().nullable(),
  lastUsedAt: z.date(),
  isSsoRequired: z.boolean(),
  isSsoExempt: z.boolean(),
});

function entryOf(organizationId: string, row: z.infer<typeof sessionRow>): EntryFacts {
  const { organizationName: organization, isOwner, awaitsAcceptance: isAwaiting } = row;
  const { isSsoRequired: isRequired, isSsoExempt: isExempt } = row;
  return { organizationId, organization, isRequired, isOwner, isExempt, isAwaiting };
}

function accessOf(row: z.infer<typeof sessionRow>): Access | null {
  if (row.awaitsAcceptance) return null;
  const { organizationName, memberId, isOwner, roles, defaultRoleId } = row;
  return { organizationName, memberId, isOwner, roles, defaultRoleId };
}

/**
 * The member's row is held, so that a deactivation at the same moment either sees this session or prevents it. The first
 * session of a person accepts a membership that a directory gave them in a verified domain.
 */
const insert = {
  name: "session_start",
  text: `with held as materialized (select m.id from account a join member m on m.organization_id = $1 and ${belongsTo}
      where a.id = $3 and m.active and not m.is_deleted order by m.awaits_acceptance limit 1 for no key update of m),
    accepted as (update member m set accepted_at = $7 from held
      where m.organization_id = $1 and m.id = held.id and m.account_id = $3 and m.accepted_at is null)
    insert into session (organization_id, id, account_id, secret_hash, user_agent, ip, created_at, expires_at,
      last_used_at, method, password_at, second_factor_at, sso_at, sso_entity_id)
    select $1, $2, $3, $4, $5, $6, $7, $8, $7, $9, $10, $11, $12, $13 from held
    returning id`,
};
const endOldest = {
  name: "session_end_oldest",
  text: `update session set ended_at = $3 where organization_id = $1 and id in (select id from session
    where organization_id = $1 and account_id = $2 and ended_at is null order by id desc offset $4)`,
};
const end = {
  name: "session_end",
  text: "update session set ended_at = $3 where organization_id = $1 and id = $2 and ended_at is null",
};
const used = {
  name: "session_used",
  text: "update session set last_used_at = $3 where organization_id = $1 and id = $2 and last_used_at < $3",
};
const load = {
  name: "session_load",
  text: `select s.secret_hash as "secretHash", a.id as "accountId", a.email, a.name, o.name as "organizationName",
      m.id as "memberId", m.awaits_acceptance as "awaitsAcceptance", p.default_role_id as "defaultRoleId",
      coalesce(held.roles, '{}') as roles, coalesce(held.is_owner, false) as "isOwner",
      s.method, s.password_at as "passwordAt", s.second_factor_at as "secondFactorAt", s.sso_at as "ssoAt",
      s.last_used_at as "lastUsedAt", coalesce(c.is_required, false) as "isSsoRequired",
      exists (select 1 from exemption e where e.kind = 'sso' and e.organization_id = m.organization_id and e.member_id = m.id)
        as "isSsoExempt"
    from session s
    join account a on a.id = s.account_id
    join organization o on o.id = s.organization_id
    join provisioning p on p.organization_id = s.organization_id
    join member m on m.organization_id = s.organization_id and ${belongsTo} and not m.is_deleted
    left join sso_connection c on c.organization_id = s.organization_id
    cross join lateral (select array_agg(distinct r.name) as roles, bool_or(r.kind = 'owner') as is_owner
      from role_grant g join role r on r.organization_id = g.organization_id and r.id = g.role_id
      where g.organization_id = m.organization_id and g.member_id = m.id and r.deleted_at is null) held
    where s.organization_id = $1 and s.id = $2 and s.ended_at is null and s.expires_at > $3 and s.last_used_at > $4 and m.active
    order by m.awaits_acceptance limit 1`,
};
