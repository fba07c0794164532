import {
  choosePassword,
  emailKey,
  isLinkOpen,
  lockAdvice,
  lockReasonWords,
  passwordResetMs,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Database } from "../store/database.ts";
import { askForMail } from "../mail/asked-mail.ts";
import { mailTemplate, type MailText, verbatim } from "../mail/mail-text.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount, logForAccount, type At } from "./account-operation.ts";
import { accountByEmail, holdAccount } from "./account-row.ts";
import { commonPasswords } from "./common-passwords.ts";
import { newLink, provesLink, readLink } from "./link-secret.ts";
import { setPassword } from "./password-change.ts";
import { noticeAccount, passwordChanged } from "./security-notice.ts";
import { endSessionsBut } from "../session/sessions.ts";

/**
 * Sends a link by which a forgotten password is set anew. Tells nobody whether there is such an account: the caller
 * answers the same in every case. To whom a directory locks the password no link is sent, but who manages it (AR-65);
 * somebody without access anywhere gets nothing. A new link ends the former ones; where `askedMailLimits` are reached,
 * nothing is sent and the last link works on.
 */
export async function askPasswordReset(
  database: Database,
  given: { readonly email: string; readonly linkTo: (token: string) => string },
  at: At,
): Promise<void> {
  const account = await accountByEmail(database.sql, emailKey(given.email));
  if (account === undefined || !account.hasAccess) return;
  const { id: accountId, email: recipient, name } = account;
  const kind = "member.password_reset_asked";
  const act = { ...at, accountId, organizationId: null, door: "ask for a password reset", kind } as const;
  const mailed = { kind: "passwordReset", recipient, organizationId: null, causeId: null } as const;
  const asked = await actOnAccount(database, act, async (tx): Promise<Result<void, Refusal<"mailLimitReached">>> => {
    const link = newLink(accountId);
    await tx.query(endAll, [accountId, at.now]);
    await tx.query(insert, [accountId, link.id, link.hash, at.now, new Date(at.now.getTime() + passwordResetMs)]);
    const body = mailTemplate`Hello ${name},\n\nset a new password here; the link works for one hour and once:\n\n${verbatim(given.linkTo(link.text))}\n\nIf you did not ask for this, do nothing: your password stays as it is.\n`;
    return askForMail(tx, { ...mailed, subject: mailTemplate`Set a new password`, body }, at.now);
  });
  // Of the links that used up the limit, the last one still works.
  if (asked.ok || asked.error.kind === "mailLimitReached") return;
  const body = mailTemplate`Hello ${name},\n\nsomebody, probably you, asked for a new password. It cannot be set here. ${whyLocked(asked.error)}\n`;
  const managed = { ...mailed, subject: mailTemplate`Your password is managed by your organization`, body };
  await database.transaction((tx) => askForMail(tx, managed, at.now));
}

/** Addresses stay as they are, so that the person can write to them; names are written as in every mail. */
function whyLocked({ holders, owners }: Refusal<"memberLocked">): MailText {
  const plain = (text: string): string => mailTemplate`${text}`.toString();
  const named = holders.map((holder) => ({ ...holder, name: plain(holder.name) }));
  const contacts = owners.map((owner) => ({ ...owner, name: plain(owner.name) }));
  return verbatim(`${lockReasonWords(named)} ${lockAdvice({ holders: named, owners: contacts })}`);
}

/** Refuses a link that a new password cannot be set by, before anybody thinks of one. */
export async function checkPasswordReset(
  sql: Queryable,
  token: string,
  now: Date,
): Promise<Result<void, Refusal<"linkEnded">>> {
  const link = readLink(token);
  const [row] = link === undefined ? [] : await sql.query(read, [link.ownerId, link.id]);
  if (link === undefined || row === undefined) return err({ kind: "linkEnded" });
  const reset = resetRow.parse(row);
  return provesLink(link, reset.secretHash) && isLinkOpen(reset, now) ? ok(undefined) : err({ kind: "linkEnded" });
}

type ResetRefusal = Refusal<"linkEnded" | "memberLocked" | "passwordWeak">;

/** Sets a new password by a link, once; signs every browser out and nobody in. */
export async function completePasswordReset(
  database: Database,
  given: { readonly token: string; readonly password: string },
  at: At,
): Promise<Result<void, ResetRefusal>> {
  const link = readLink(given.token);
  if (link === undefined) return err({ kind: "linkEnded" });
  const { ownerId: accountId, id } = link;
  const [unproven] = await database.sql.query(read, [accountId, id]);
  if (unproven === undefined || !provesLink(link, resetRow.parse(unproven).secretHash))
    return err({ kind: "linkEnded" });
  const act = {
    ...at,
    accountId,
    organizationId: null,
    door: "complete a password reset",
    kind: "member.password_reset",
  } as const;
  return actOnAccount(database, act, async (tx): Promise<Result<void, ResetRefusal>> => {
    const account = await holdAccount(tx, accountId);
    const [row] = await tx.query(read, [accountId, id]);
    if (account?.hasAccess !== true || row === undefined || !isLinkOpen(resetRow.parse(row), at.now)) {
      return err({ kind: "linkEnded" });
    }
    const chosen = choosePassword(given.password, account, await commonPasswords());
    if (!chosen.ok) return chosen;
    await setPassword(tx, accountId, given.password, at.now);
    await tx.query(proveAddress, [accountId, id]);
    await endSessionsBut(tx, accountId, null, at.now);
    await noticeAccount(tx, accountId, passwordChanged, at.now);
    await logForAccount(tx, act);
    return ok(undefined);
  });
}

const resetRow = z.object({ secretHash: z.instanceof(Buffer), expiresAt: z.date(), endedAt: z.date().nullable() });

const insert = {
  name: "password_reset_add",
  text: `insert into password_reset (account_id, id, secret_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)`,
};
const read = {
  name: "password_reset_read",
  text: `select secret_hash as "secretHash", expires_at as "expiresAt", ended_at as "endedAt" from password_reset
    where account_id = $1 and id = $2`,
};
const endAll = {
  name: "password_reset_end",
  text: "update password_reset set ended_at = $2 where account_id = $1 and ended_at is null",
};
/** By a link that was mailed to it: it is older than what comes of it. */
const proveAddress = {
  name: "account_prove_address",
  text: `update account set address_proven_at = (select created_at from password_reset where account_id = $1 and id = $2)
    where id = $1`,
};
