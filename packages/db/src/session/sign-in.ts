import { emailKey, checkEntryWithoutSso, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { accountByEmail, holdAccount, type AccountRow } from "../account/account-row.ts";
import { passSecondFactor, type ReadTotp } from "../account/two-factor.ts";
import type { Database } from "../store/database.ts";
import { logAcceptance, takeMembership } from "../member/member-acceptance.ts";
import { belongsTo, isBeingRemoved, otherOwners, wasAnother } from "../member/member-columns.ts";
import { verifyPassword } from "../account/password.ts";
import { enterFromSession, listEntries, provesAccount } from "../sso/sso-entry.ts";
import type { Queryable, Transaction } from "../store/queryable.ts";
import { endSession, provenByPassword, sessionEnd, startSession, type Browser, type Session } from "./session.ts";

/** An organization of a person; `isAwaiting`: the membership is pending. */
export type Membership = Awaited<ReturnType<typeof listMemberships>>[number];

/** Credentials to sign in. `code`: of the second factor, if requested. */
export type SignInGiven = {
  readonly email: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly readTotp: ReadTotp;
};

type SignInRefusal = Refusal<"signInWrong" | "accessEnded" | "ssoRequired" | "twoFactorRequired" | "twoFactorWrong">;

/**
 * Signs a person in to the first of their organizations that accepts a password, pending memberships last. Returns the
 * cookie's text. A wrong email and a wrong password get the same refusal after the same work; ended access, required
 * single sign-on and a second factor are disclosed only after the right password. A refusal leaves no row behind.
 */
export async function signIn(
  database: Database,
  given: SignInGiven,
  browser: Browser,
  now: Date,
): Promise<Result<string, SignInRefusal>> {
  const account = await accountByEmail(database.sql, emailKey(given.email));
  const isRight = await verifyPassword(given.password, account?.passwordHash ?? null);
  if (!isRight || account === undefined) return err({ kind: "signInWrong" });
  const open = await firstOpen(database.sql, account.id);
  if (!open.ok) return open;
  return database.transaction(
    async (tx): Promise<Result<string, SignInRefusal>> => {
      const second = await passIfAsked(tx, account, given, now);
      if (!second.ok) return second;
      const who = { organizationId: open.value, accountId: account.id };
      const proofs = { ...provenByPassword(now), secondFactorAt: second.value ? now : null };
      const cookie = await startSession(tx, who, browser, now, proofs);
      return cookie === undefined ? err({ kind: "signInWrong" }) : ok(cookie);
    },
    (outcome) => outcome.ok,
  );
}

async function firstOpen(sql: Queryable, accountId: string): Promise<Result<string, SignInRefusal>> {
  const entries = await listEntries(sql, accountId);
  const open = entries.find((entry) => checkEntryWithoutSso(entry).ok);
  if (open !== undefined) return ok(open.organizationId);
  const [closed] = entries.map(checkEntryWithoutSso).filter((entered) => !entered.ok);
  return closed ?? err(await accessEnded(sql, accountId));
}

/** The organizations in which the person was deactivated, and their owners. Omits removed memberships. */
async function accessEnded({ db }: Queryable, accountId: string): Promise<Refusal<"accessEnded">> {
  const ended = await db
    .selectFrom("member as m")
    .innerJoin("organization as o", "o.id", "m.organizationId")
    .where("m.accountId", "=", accountId)
    .where("m.active", "=", false)
    .where("m.awaitsAcceptance", "=", false)
    .where("m.isDeleted", "=", false)
    .select(["o.name", otherOwners.as("owners")])
    .orderBy("o.name")
    .orderBy("o.id")
    .limit(10)
    .execute();
  const owners = new Map(ended.flatMap((one) => one.owners).map((owner) => [owner.email, owner]));
  const organizations = ended.map(({ name }) => name);
  return { kind: "accessEnded", organizations, owners: [...owners.values()].slice(0, contactsMax) };
}

const contactsMax = 10;

/** Returns whether a second factor was given. Refuses if the password has changed since it was checked. */
async function passIfAsked(
  tx: Transaction,
  checked: AccountRow,
  { code, readTotp }: SignInGiven,
  now: Date,
): Promise<Result<boolean, SignInRefusal>> {
  const account = await holdAccount(tx, checked.id);
  if (account?.passwordHash !== checked.passwordHash) return err({ kind: "signInWrong" });
  if (account.totpConfirmedAt === null) return ok(false);
  if (code === undefined || code.trim() === "") return err({ kind: "twoFactorRequired" });
  return (await passSecondFactor(tx, account, code, readTotp, now)) ? ok(true) : err({ kind: "twoFactorWrong" });
}

/** The organizations of which the account is an active member, at most 100; pending ones last. */
export function listMemberships({ db }: Queryable, accountId: string) {
  return db
    .selectFrom("account as a")
    .innerJoin("member as m", (on) => on.on(belongsTo))
    .innerJoin("organization as o", "o.id", "m.organizationId")
    .where("a.id", "=", accountId)
    .where("m.active", "=", true)
    .where("m.isDeleted", "=", false)
    .where((eb) => eb.not(isBeingRemoved))
    .where((eb) => eb.not(eb.and([eb("m.awaitsAcceptance", "=", true), wasAnother])))
    .select(["o.id", "o.name", "m.awaitsAcceptance as isAwaiting"])
    .orderBy("m.awaitsAcceptance")
    .orderBy("m.createdAt")
    .orderBy("o.id")
    .limit(100)
    .execute();
}

type Entering = { readonly browser: Browser; readonly now: Date };
type EntryRefusal = Refusal<"ssoRequired" | "entryUnproven">;

/**
 * Ends this session and starts one in another organization, with the person's own proofs and until the same time;
 * undefined if the person has no access there, or if the session has ended meanwhile. Single sign-on of the former
 * organization is not a proof in the new one.
 */
export function switchOrganization(
  database: Database,
  session: Session,
  organizationId: string,
  at: Entering,
): Promise<Result<string, EntryRefusal> | undefined> {
  return enter(database, session, organizationId, at, (tx) => endSession(tx, session, at.now));
}

/** A session in the first other organization that gives access, after leaving that of `session`; undefined: none does. */
export async function enterAfterLeaving(
  database: Database,
  session: Session,
  at: Entering,
): Promise<string | undefined> {
  for (const { id: other, isAwaiting } of await listMemberships(database.sql, session.account.id)) {
    if (isAwaiting) continue;
    const entered = await enter(database, session, other, at, async (_, held) => isUnchanged(held, at.now));
    if (entered?.ok === true) return entered.value;
  }
  return undefined;
}

/** Whether the password is still the one of a request that began then: a reset in between ends everything. */
function isUnchanged(held: AccountRow | undefined, since: Date): boolean {
  const changedAt = held?.passwordChangedAt ?? null;
  return changedAt === null || changedAt <= since;
}

/** `leave` ends the former session, after the new one has locked the member; false: no session may be started. */
async function enter(
  database: Database,
  session: Session,
  organizationId: string,
  { browser, now }: Entering,
  leave: (tx: Transaction, held: AccountRow | undefined) => Promise<boolean>,
): Promise<Result<string, EntryRefusal> | undefined> {
  const accountId = session.account.id;
  const known = await listEntries(database.sql, accountId);
  const entry = known.find((one) => one.organizationId === organizationId && !one.isAwaiting);
  if (entry === undefined) return undefined;
  const entered = await enterFromSession(database.sql, session, entry);
  if (!entered.ok) return entered;
  const cookie = await database.transaction(
    async (tx) => {
      // Whoever ends the account's sessions either has ended the former one, or sees the new one.
      const held = await holdAccount(tx, accountId);
      const until = await sessionEnd(tx, session);
      const { passwordAt, secondFactorAt } = session.proofs;
      const start = { method: "password", passwordAt, secondFactorAt, ssoAt: null, until } as const;
      const started = await startSession(tx, { organizationId, accountId }, browser, now, start);
      return started !== undefined && (await leave(tx, held)) ? started : undefined;
    },
    (started) => started !== undefined,
  );
  return cookie === undefined ? undefined : ok(cookie);
}

/**
 * Accepts a membership that an organization has added over SCIM. False if none is pending there, if the account was
 * another person's there, or if the session comes from another organization's single sign-on.
 */
export function acceptMembership(
  database: Database,
  session: Session,
  organizationId: string,
  at: { readonly now: Date; readonly requestId: string | null },
): Promise<boolean> {
  const { id, name } = session.account;
  const accepting = { organizationId, account: { id, name } };
  return database.transaction(async (tx) => {
    if (session.organizationId !== organizationId && !(await provesAccount(tx, session))) return false;
    const member = await takeMembership(tx, accepting, { isMailed: false, now: at.now });
    if (member === undefined) return false;
    await logAcceptance(tx, accepting, at, member);
    return true;
  });
}
