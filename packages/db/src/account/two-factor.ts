import { createHash, randomInt } from "node:crypto";
import { emailKey, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Updateable } from "kysely";
import { RecoveryCodeSchema, SessionSchema } from "../model/account.ts";
import { holdOwnAccount, type Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import type { Queryable, Transaction } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { recordChanges } from "../store/change-log.ts";
import { endSessionsBut } from "../session/sessions.ts";
import { actOnAccount } from "./account-operation.ts";
import { accountByEmail, holdAccount, type AccountRow } from "./account-row.ts";
import { activeMembers } from "./member-lock.ts";
import { verifyPassword } from "./password.ts";
import { noticeAccount, recoveryCodeUsed, twoFactorOff, twoFactorOn } from "./security-notice.ts";
import type { RequestStamp } from "../store/write-context.ts";

/** The time step (RFC 6238 section 4.2) of `code`, among the current one and its neighbours. */
export type ReadTotp = (secret: string, code: string) => number | undefined;

const recoveryCodeCount = 10;
/** Crockford's alphabet without ambiguous characters: 50 random bits per code. */
const recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const recoveryCodeLength = 10;

const free = { accountAction: "turn two-factor sign-in on or off" } as const;

/** Stores a secret that takes effect when its first code is confirmed. Refused if a second factor is on. */
export function beginTwoFactor(
  database: Database,
  session: Session,
  secret: string,
  at: RequestStamp,
): Promise<Result<void, Refusal<"twoFactorAlreadyOn" | "memberLocked">>> {
  const act = { ...at, ...free, accountId: session.account.id, kind: "member.two_factor_on" } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<void, Refusal<"twoFactorAlreadyOn">>> => {
    const account = await holdOwnAccount(uow, session);
    if (account !== undefined && account.totpConfirmedAt !== null) return err({ kind: "twoFactorAlreadyOn" });
    const totpSecret = uow.secrets.seal(placeOf(uow.accountId), secret);
    await save(uow, uow.accountId, { totpSecret, totpLastStep: null, updatedAt: at.now });
    return ok(undefined);
  });
}

type ConfirmRefusal = Refusal<"twoFactorAlreadyOn" | "twoFactorOff" | "twoFactorWrong">;

/**
 * Turns the second factor on with its first code. Returns the recovery codes, which are shown once and stored as
 * hashes.
 */
export function confirmTwoFactor(
  database: Database,
  session: Session,
  given: { readonly code: string; readonly readTotp: ReadTotp },
  at: RequestStamp,
): Promise<Result<readonly string[], ConfirmRefusal | Refusal<"memberLocked">>> {
  const act = { ...at, ...free, accountId: session.account.id, kind: "member.two_factor_on" } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<readonly string[], ConfirmRefusal>> => {
    const { accountId, now } = uow;
    const account = await holdOwnAccount(uow, session);
    const secret = account === undefined ? null : secretOf(uow, account);
    if (account === undefined || secret === null) return err({ kind: "twoFactorOff" });
    if (account.totpConfirmedAt !== null) return err({ kind: "twoFactorAlreadyOn" });
    const step = given.readTotp(secret, given.code);
    if (step === undefined) return err({ kind: "twoFactorWrong" });
    await save(uow, accountId, { totpConfirmedAt: now, totpLastStep: step, updatedAt: now });
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    await uow.em.nativeDelete(RecoveryCodeSchema, { accountId });
    for (const code of codes) uow.em.create(RecoveryCodeSchema, { accountId, codeHash: hashOf(code) });
    const here = { organizationId: session.organizationId, id: session.sessionId };
    await uow.em.nativeUpdate(SessionSchema, here, { secondFactorAt: now }, { filters: { tenant: false } });
    await noticeAccount(uow, accountId, twoFactorOn, now);
    await uow.log();
    return ok(codes);
  });
}

type EndRefusal = Refusal<"passwordWrong" | "twoFactorOff" | "twoFactorWrong">;

/** Turns the second factor off, given both factors. */
export function endTwoFactor(
  database: Database,
  session: Session,
  given: { readonly password: string; readonly code: string; readonly readTotp: ReadTotp },
  at: RequestStamp,
): Promise<Result<void, EndRefusal | Refusal<"memberLocked">>> {
  const act = { ...at, ...free, accountId: session.account.id, kind: "member.two_factor_off" } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<void, EndRefusal>> => {
    const { accountId, now } = uow;
    const account = await holdAccount(uow, accountId);
    const isRight = await verifyPassword(given.password, account?.passwordHash ?? null);
    if (account === undefined || !isRight) return err({ kind: "passwordWrong" });
    if (account.totpConfirmedAt === null) return err({ kind: "twoFactorOff" });
    const isPassed = await passSecondFactor(uow, account, given.code, given.readTotp, now);
    if (!isPassed) return err({ kind: "twoFactorWrong" });
    await forgetSecondFactor(uow, accountId, now);
    await noticeAccount(uow, accountId, twoFactorOff, now);
    await uow.log();
    return ok(undefined);
  });
}

/**
 * Removes the second factor of an account whose person has proven themselves to the operator, ends its sessions, and
 * logs it in the person's organizations. False if no account has the address.
 */
export function resetTwoFactor(database: Database, email: string, { now, requestId }: RequestStamp): Promise<boolean> {
  return database.transaction(async (tx) => {
    const known = await accountByEmail(tx, emailKey(email));
    const account = known === undefined ? undefined : await holdAccount(tx, known.id);
    if (account === undefined) return false;
    await forgetSecondFactor(tx, account.id, now);
    await endSessionsBut(tx, [account.id], null, now);
    await noticeAccount(tx, account.id, twoFactorOff, now);
    const members = await activeMembers(tx, account.id).execute();
    const entry = { at: now, requestId, actor: { kind: "operator", id: null, name: "operator" } } as const;
    const changes = members.map(({ organizationId, id, name }) => {
      const subject = { kind: "member", id, name } as const;
      return { ...entry, organizationId, subject, kind: "member.two_factor_off" } as const;
    });
    await recordChanges(tx, changes);
    return true;
  });
}

/**
 * Accepts a code of the account's authenticator that is newer than the last one, or an unused recovery code; each works
 * once. The account must be locked in the same transaction.
 */
export async function passSecondFactor(
  tx: Transaction,
  account: AccountRow,
  code: string,
  readTotp: ReadTotp,
  now: Date,
): Promise<boolean> {
  const secret = secretOf(tx, account);
  const step = secret === null ? undefined : readTotp(secret, code.replaceAll(/\s/g, ""));
  if (step !== undefined && step > (account.totpLastStep ?? -1)) {
    await save(tx, account.id, { totpLastStep: step });
    return true;
  }
  const codeHash = hashOf(code.toLowerCase().replaceAll(/[^0-9a-z]/g, ""));
  const unused = { accountId: account.id, codeHash, usedAt: null };
  if ((await tx.em.nativeUpdate(RecoveryCodeSchema, unused, { usedAt: now })) === 0) return false;
  await noticeAccount(tx, account.id, recoveryCodeUsed(await countRecoveryCodes(tx, account.id)), now);
  return true;
}

/** Removes the second factor and its recovery codes. Must run in a transaction. */
export async function forgetSecondFactor(tx: Queryable, accountId: string, now: Date): Promise<void> {
  await tx.db.deleteFrom("recovery_code").where("accountId", "=", accountId).execute();
  await save(tx, accountId, { totpSecret: null, totpConfirmedAt: null, totpLastStep: null, updatedAt: now });
}

export async function countRecoveryCodes({ db }: Queryable, accountId: string): Promise<number> {
  const { count } = await db
    .selectFrom("recovery_code")
    .where("accountId", "=", accountId)
    .where("usedAt", "is", null)
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

async function save({ db }: Queryable, accountId: string, change: Updateable<Tables["account"]>): Promise<void> {
  await db.updateTable("account").set(change).where("id", "=", accountId).execute();
}

function secretOf({ secrets }: Queryable, { id, totpSecret }: AccountRow): string | null {
  return totpSecret === null ? null : secrets.open(placeOf(id), totpSecret);
}

function placeOf(accountId: string): string {
  return `account/totp_secret/${accountId}`;
}

function newRecoveryCode(): string {
  return Array.from({ length: recoveryCodeLength }, () => recoveryAlphabet[randomInt(recoveryAlphabet.length)]).join(
    "",
  );
}

/** SHA-256 suffices: the codes are random, and attempts to sign in are limited. */
function hashOf(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
