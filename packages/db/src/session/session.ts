import { checkEntryWithoutSso, type SessionProofs, type SignInMethod } from "@rollcall/domain";
import type { Insertable } from "kysely";
import { holdAccount, type AccountRow } from "../account/account-row.ts";
import { newLink, provesLink, readLink } from "../account/link-secret.ts";
import { belongsTo, isBeingRemoved } from "../member/member-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { AccessEnded, type WriteContext } from "../store/write-context.ts";
import { recordBrowser } from "./known-browser.ts";
import { openSession, type FoundSession } from "./open-session.ts";

export const sessionDays = 14;
/** The default time after which an unused session ends. */
export const sessionIdleHours = 12;
/** The precision of the recorded last use. */
const useMs = 60_000;
/** Sessions per person and organization; the oldest ends for a new one. */
const sessionsMax = 20;

/** A signed-in person. `access` is null while the membership here is pending. */
export type Session = {
  readonly organizationId: string;
  readonly sessionId: string;
  readonly account: { readonly id: string; readonly email: string; readonly name: string };
  /** `sso`: by this organization's provider, whose sign-in is valid only here (`provesAccount`). */
  readonly method: SignInMethod;
  readonly proofs: SessionProofs;
  readonly access: Access | null;
};

export type Access = Pick<FoundSession, "organizationName" | "memberId" | "isOwner" | "roles" | "defaultRoleId">;

/** The browser of a sign-in; stored with the session. */
export type Browser = {
  readonly userAgent: string | null;
  readonly ip: string | null;
  /** Of the cookie that identifies the browser, if any. */
  readonly hash?: Buffer | undefined;
};

/** The start of a session. `until`: the end requested by the identity provider, or of the former session; null: none. */
export type SessionStart = SessionProofs & {
  readonly method: SignInMethod;
  readonly ssoEntityId?: string;
  readonly until?: Date | null;
};

/** The start of a session after a password was checked. */
export function provenByPassword(now: Date): SessionStart {
  return { method: "password", passwordAt: now, secondFactorAt: null, ssoAt: null };
}

/**
 * Starts a session of at most 14 days if the account is an active member there. Returns the cookie's text
 * (`organization.session.secret`, for a lookup by tenant), of which only a hash is stored, or undefined.
 */
export async function startSession(
  tx: Queryable,
  { organizationId, accountId }: { readonly organizationId: string; readonly accountId: string },
  { userAgent, ip, hash: browserHash }: Browser,
  now: Date,
  { until, ...start }: SessionStart = provenByPassword(now),
): Promise<string | undefined> {
  const { id, text, hash: secretHash } = newLink(organizationId);
  const endsAt = now.getTime() + sessionDays * 86_400_000;
  const expiresAt = new Date(Math.min(endsAt, until?.getTime() ?? endsAt));
  const browser = { userAgent, ip, createdAt: now, expiresAt, lastUsedAt: now };
  const started = await insertSession(tx, { organizationId, id, accountId, secretHash, ...browser, ...start });
  if (!started) return undefined;
  if (browserHash !== undefined) await recordBrowser(tx, accountId, { userAgent, ip, hash: browserHash }, now);
  const open = tx.db.selectFrom("session").where((eb) => eb.and({ organizationId, accountId, endedAt: null }));
  await tx.db
    .updateTable("session")
    .set({ endedAt: now })
    .where("organizationId", "=", organizationId)
    .where("id", "in", open.select("id").orderBy("id", "desc").offset(sessionsMax))
    .execute();
  return text;
}

/**
 * Writes a session if the account is an active member there. Locks the account and then the member, as an acceptance
 * does, and moves the member's version: a concurrent deactivation either prevents this session, or reads again and ends
 * it. A person's first session accepts a membership that a directory has added in a verified domain.
 */
async function insertSession({ db }: Queryable, session: Insertable<Tables["session"]>): Promise<boolean> {
  const { organizationId, accountId } = session;
  const columns = Object.keys(session).filter((key): key is keyof typeof session => key in session);
  const started = await db
    .with(
      (cte) => cte("held").materialized(),
      (cte) =>
        cte
          .selectFrom("account as a")
          .innerJoin("member as m", (on) => on.on("m.organizationId", "=", organizationId).on(belongsTo))
          .where("a.id", "=", accountId)
          .where("a.email", "is not", null)
          .where("m.active", "=", true)
          .where("m.isDeleted", "=", false)
          .where((eb) => eb.not(isBeingRemoved))
          .select("m.id")
          .orderBy("m.awaitsAcceptance")
          .limit(1)
          .forKeyShare("a")
          .forNoKeyUpdate("m"),
    )
    .with("moved", (cte) =>
      cte
        .updateTable("member as m")
        .from("held")
        .set((eb) => ({
          version: eb("m.version", "+", 1),
          acceptedAt: eb
            .case()
            .when("m.accountId", "=", accountId)
            .then(eb.fn.coalesce("m.acceptedAt", eb.val(session.createdAt)))
            .else(eb.ref("m.acceptedAt"))
            .end(),
        }))
        .whereRef("m.id", "=", "held.id")
        .where("m.organizationId", "=", organizationId),
    )
    .insertInto("session")
    .columns(columns)
    .expression((eb) => eb.selectFrom("held").select(columns.map((column) => eb.val(session[column]).as(column))))
    .returning("id")
    .executeTakeFirst();
  return started !== undefined;
}

/** `isUse`: an action of the person; automatic requests of a page do not keep a session open. */
export type SessionUse = { readonly idleMs: number; readonly isUse: boolean };

/**
 * Reads session, account, member and roles in one statement, so that deactivation, deletion and signing out end access
 * with the next request, and so does a single sign-on requirement for sessions from a password. Undefined for an
 * invalid cookie, also if the session was not used for `idleMs`.
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
  const usedAfter = new Date(now.getTime() - idleMs);
  const [row] = await sql.run(openSession, { organizationId, sessionId, now, usedAfter });
  if (row === undefined || !provesLink(link, row.secretHash)) return undefined;
  const entry = { ...row, organizationId, organization: row.organizationName };
  if (row.method !== "sso" && !checkEntryWithoutSso(entry).ok) return undefined;
  if (isUse && now.getTime() - row.lastUsedAt.getTime() >= useMs)
    await updateSession(sql, { organizationId, sessionId })
      .set({ lastUsedAt: now })
      .where("lastUsedAt", "<", now)
      .execute();
  const { accountId, email, name, method, passwordAt, secondFactorAt, ssoAt } = row;
  const { organizationName, memberId, isOwner, roles, defaultRoleId } = row;
  const access = row.isAwaiting ? null : { organizationName, memberId, isOwner, roles, defaultRoleId };
  const proofs = { passwordAt, secondFactorAt, ssoAt };
  return { organizationId, sessionId, account: { id: accountId, email, name }, method, proofs, access };
}

/** Ends the session; false if it has ended already. */
export async function endSession(sql: Queryable, which: SessionKey, now: Date): Promise<boolean> {
  const open = updateSession(sql, which).set({ endedAt: now }).where("endedAt", "is", null);
  return (await open.returning("id").executeTakeFirst()) !== undefined;
}

/**
 * Reads and locks the account of the session, for an action that must not follow the session's end. Throws `AccessEnded`
 * if whoever ended it, for example by a password reset, was first.
 */
export async function holdOwnAccount(
  tx: Queryable,
  { account, organizationId, sessionId: id }: Session,
): Promise<AccountRow | undefined> {
  const held = await holdAccount(tx, account.id);
  const open = tx.db.selectFrom("session").where((eb) => eb.and({ organizationId, id, endedAt: null }));
  if ((await open.select("id").executeTakeFirst()) === undefined) throw new AccessEnded();
  return held;
}

/** When the session ends, or would have ended, at the latest; null: there is none. */
export async function sessionEnd(
  { db }: Queryable,
  { organizationId, sessionId: id }: SessionKey,
): Promise<Date | null> {
  const own = db.selectFrom("session").where((eb) => eb.and({ organizationId, id }));
  return (await own.select("expiresAt").executeTakeFirst())?.expiresAt ?? null;
}

type SessionKey = Pick<Session, "organizationId" | "sessionId">;

function updateSession({ db }: Queryable, { organizationId, sessionId: id }: SessionKey) {
  return db.updateTable("session").where((eb) => eb.and({ organizationId, id }));
}

/** The person as the author of a write in the session's organization. */
export function personContext(
  session: Session,
  at: { readonly now: Date; readonly requestId: string | null },
): WriteContext {
  const { id, name } = session.account;
  return {
    organizationId: session.organizationId,
    sessionId: session.sessionId,
    defaultRoleId: session.access?.defaultRoleId ?? null,
    actor: { kind: "person", id, name },
    now: at.now,
    requestId: at.requestId,
  };
}
