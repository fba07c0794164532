import { createHash, randomInt } from "node:crypto";
import { type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { verifyPassword } from "./password.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount, logForAccount, type At } from "./account-operation.ts";
import { holdAccount, type AccountRow } from "./account-row.ts";
import { noticeAccount, recoveryCodeUsed, twoFactorOff, twoFactorOn } from "./security-notice.ts";

/** Reads the time step (RFC 6238 section 4.2) whose code `code` is, among the current one and its neighbours. */
export type ReadTotp = (secret: string, code: string) => number | undefined;

const recoveryCodeCount = 10;
/** Crockford's digits and letters, without those that are taken for each other: 50 random bits a code. */
const recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const recoveryCodeLength = 10;

const free = { organizationId: null, door: "turn two-factor sign-in on or off" } as const;

/** Keeps a secret that counts for nothing until a code of it has been given. Refused where a second factor is on. */
export function beginTwoFactor(
  database: Database,
  session: Session,
  secret: string,
  at: At,
): Promise<Result<void, Refusal<"twoFactorAlreadyOn" | "memberLocked">>> {
  const act = { ...at, ...free, accountId: session.account.id, kind: "member.two_factor_on" } as const;
  return actOnAccount(database, act, async (tx): Promise<Result<void, Refusal<"twoFactorAlreadyOn">>> => {
    const account = await holdAccount(tx, act.accountId);
    if (account !== undefined && account.totpConfirmedAt !== null) return err({ kind: "twoFactorAlreadyOn" });
    const sealed = tx.secrets.seal(placeOf(act.accountId), secret);
    await tx.query(saveSecret, [act.accountId, sealed, at.now]);
    return ok(undefined);
  });
}

/** Turns the second factor on by its first code. Returns the recovery codes; they are shown once and kept as hashes. */
export function confirmTwoFactor(
  database: Database,
  session: Session,
  given: { readonly code: string; readonly readTotp: ReadTotp },
  at: At,
): Promise<
  Result<readonly string[], Refusal<"twoFactorAlreadyOn" | "twoFactorOff" | "twoFactorWrong" | "memberLocked">>
> {
  const act = { ...at, ...free, accountId: session.account.id, kind: "member.two_factor_on" } as const;
  type Confirmed = Result<readonly string[], Refusal<"twoFactorAlreadyOn" | "twoFactorOff" | "twoFactorWrong">>;
  return actOnAccount(database, act, async (tx): Promise<Confirmed> => {
    const account = await holdAccount(tx, act.accountId);
    const secret = account === undefined ? null : secretOf(tx, account);
    if (account === undefined || secret === null) return err({ kind: "twoFactorOff" });
    if (account.totpConfirmedAt !== null) return err({ kind: "twoFactorAlreadyOn" });
    const step = given.readTotp(secret, given.code);
    if (step === undefined) return err({ kind: "twoFactorWrong" });
    await tx.query(saveConfirmed, [act.accountId, step, at.now]);
    const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode);
    await tx.query(dropCodes, [act.accountId]);
    await tx.query(addCodes, [act.accountId, codes.map(hashOf)]);
    await tx.query(proven, [session.organizationId, session.sessionId, at.now]);
    await noticeAccount(tx, act.accountId, twoFactorOn, at.now);
    await logForAccount(tx, act);
    return ok(codes);
  });
}

/** Turns the second factor off, for who has both factors. */
export function endTwoFactor(
  database: Database,
  session: Session,
  given: { readonly password: string; readonly code: string; readonly readTotp: ReadTotp },
  at: At,
): Promise<Result<void, Refusal<"passwordWrong" | "twoFactorOff" | "twoFactorWrong" | "memberLocked">>> {
  const act = { ...at, ...free, accountId: session.account.id, kind: "member.two_factor_off" } as const;
  type Ended = Result<void, Refusal<"passwordWrong" | "twoFactorOff" | "twoFactorWrong">>;
  return actOnAccount(database, act, async (tx): Promise<Ended> => {
    const account = await holdAccount(tx, act.accountId);
    const isRight = await verifyPassword(given.password, account?.passwordHash ?? null);
    if (account === undefined || !isRight) return err({ kind: "passwordWrong" });
    if (account.totpConfirmedAt === null) return err({ kind: "twoFactorOff" });
    if (!(await passSecondFactor(tx, account, given.code, given.readTotp, at.now)))
      return err({ kind: "twoFactorWrong" });
    await forgetSecondFactor(tx, act.accountId, at.now);
    await noticeAccount(tx, act.accountId, twoFactorOff, at.now);
    await logForAccount(tx, act);
    return ok(undefined);
  });
}

/**
 * Is this a code of the account's authenticator, newer than any that was taken, or an unused recovery code? It is used up
 * by the answer. Hold the account in the same transaction.
 */
export async function passSecondFactor(
  tx: Queryable,
  account: AccountRow,
  code: string,
  readTotp: ReadTotp,
  now: Date,
): Promise<boolean> {
  const secret = secretOf(tx, account);
  const step = secret === null ? undefined : readTotp(secret, code.replaceAll(/\s/g, ""));
  if (step !== undefined && step > (account.totpLastStep ?? -1)) {
    await tx.query(saveStep, [account.id, step]);
    return true;
  }
  const used = await tx.query(useCode, [account.id, hashOf(code.toLowerCase().replaceAll(/[^0-9a-z]/g, "")), now]);
  if (used.length === 0) return false;
  await noticeAccount(tx, account.id, recoveryCodeUsed(await countRecoveryCodes(tx, account.id)), now);
  return true;
}

/** Ends the second factor and the codes that stand in for it. In a transaction. */
export async function forgetSecondFactor(tx: Queryable, accountId: string, now: Date): Promise<void> {
  await tx.query(dropCodes, [accountId]);
  await tx.query(clear, [accountId, now]);
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(sql: Queryable, accountId: string): Promise<number> {
  return (await sql.query(unusedCodes, [accountId])).length;
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

/** Plain SHA-256 will do: the codes are random, and tries at signing in are limited. */
function hashOf(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}

const saveSecret = {
  name: "totp_begin",
  text: "update account set totp_secret = $2, totp_last_step = null, updated_at = $3 where id = $1",
};
const saveConfirmed = {
  name: "totp_confirm",
  text: "update account set totp_confirmed_at = $3, totp_last_step = $2, updated_at = $3 where id = $1",
};
const saveStep = { name: "totp_step", text: "update account set totp_last_step = $2 where id = $1" };
/** Whoever turns it on has just given a code of it. */
const proven = {
  name: "totp_proven",
  text: "update session set second_factor_at = $3 where organization_id = $1 and id = $2",
};
const clear = {
  name: "totp_end",
  text: `update account set totp_secret = null, totp_confirmed_at = null, totp_last_step = null, updated_at = $2
    where id = $1`,
};
const dropCodes = { name: "recovery_codes_drop", text: "delete from recovery_code where account_id = $1" };
const addCodes = {
  name: "recovery_codes_add",
  text: "insert into recovery_code (account_id, code_hash) select $1, unnest($2::bytea[])",
};
const useCode = {
  name: "recovery_code_use",
  text: `update recovery_code set used_at = $3 where account_id = $1 and code_hash = $2 and used_at is null
    returning account_id`,
};
const unusedCodes = {
  name: "recovery_codes_unused",
  text: "select 1 from recovery_code where account_id = $1 and used_at is null",
};
