import {
  choosePassword,
  emailKey,
  isLinkOpen,
  lockAdvice,
  lockReasonMessage,
  passwordResetMs,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { queueRequestedMail } from "../mail/requested-mail.ts";
import { mailTemplate, verbatim, type MailText } from "../mail/mail-text.ts";
import { PasswordResetSchema } from "../model/account.ts";
import { endSessionsBut } from "../session/sessions.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount } from "./account-operation.ts";
import { accountByEmail, holdAccount } from "./account-row.ts";
import { commonPasswords } from "./common-passwords.ts";
import { newLink, provenRow } from "./link-secret.ts";
import { setPassword } from "./password-change.ts";
import { noticeAccount, passwordChanged } from "./security-notice.ts";
import type { RequestStamp } from "../store/write-context.ts";

/**
 * Mails a link to reset a forgotten password. Does not disclose whether the account exists: the response is always the
 * same. If a directory locks the password, the mail names the directory instead (AR-65); a person without access gets
 * no mail. A new link ends earlier ones; when `requestedMailLimits` are reached, no mail is sent and the last link stays
 * open.
 */
export async function requestPasswordReset(
  database: Database,
  given: { readonly email: string; readonly linkTo: (token: string) => string },
  at: RequestStamp,
): Promise<void> {
  const account = await accountByEmail(database.sql, emailKey(given.email));
  if (account === undefined || !account.hasAccess) return;
  const { id: accountId, email: recipient, name } = account;
  const act = {
    ...at,
    accountId,
    accountAction: "ask for a password reset",
    kind: "member.password_reset_asked",
  } as const;
  const mailed = { kind: "passwordReset", recipient, organizationId: null, causeId: null } as const;
  const asked = await actOnAccount(database, act, async (uow) => {
    const { id, text, hash: secretHash } = newLink(accountId);
    const expiresAt = new Date(at.now.getTime() + passwordResetMs);
    await uow.em.nativeUpdate(PasswordResetSchema, { accountId, endedAt: null }, { endedAt: at.now });
    uow.em.create(PasswordResetSchema, { accountId, id, secretHash, createdAt: at.now, expiresAt });
    const body = mailTemplate`Hello ${name},\n\nset a new password here; the link works for one hour and once:\n\n${verbatim(given.linkTo(text))}\n\nIf you did not ask for this, do nothing: your password stays as it is.\n`;
    return queueRequestedMail(uow, { ...mailed, subject: mailTemplate`Set a new password`, body }, at.now);
  });
  // The last link before the limit still works.
  if (asked.ok || asked.error.kind === "mailLimitReached") return;
  const body = mailTemplate`Hello ${name},\n\nsomeone, probably you, asked for a new password. It cannot be set here. ${whyLocked(asked.error)}\n`;
  const managed = { ...mailed, subject: mailTemplate`Your password is managed by your organization`, body };
  await database.transaction((tx) => queueRequestedMail(tx, managed, at.now));
}

/** Addresses are kept verbatim so that the person can write to them; names are escaped as in every mail. */
function whyLocked({ holders, owners }: Refusal<"memberLocked">): MailText {
  const plain = (text: string): string => mailTemplate`${text}`.toString();
  const named = holders.map((holder) => ({ ...holder, name: plain(holder.name) }));
  const contacts = owners.map((owner) => ({ ...owner, name: plain(owner.name) }));
  return verbatim(`${lockReasonMessage(named)} ${lockAdvice({ holders: named, owners: contacts })}`);
}

/** Refuses an ended link before a new password is requested. */
export async function checkPasswordReset(
  sql: Queryable,
  token: string,
  now: Date,
): Promise<Result<void, Refusal<"linkEnded">>> {
  const reset = await provenRow(token, findReset(sql));
  return reset !== undefined && isLinkOpen(reset, now) ? ok(undefined) : err({ kind: "linkEnded" });
}

type ResetRefusal = Refusal<"linkEnded" | "memberLocked" | "passwordWeak">;

/** Sets a new password by a link, once, and ends all sessions. */
export async function completePasswordReset(
  database: Database,
  given: { readonly token: string; readonly password: string },
  at: RequestStamp,
): Promise<Result<void, ResetRefusal>> {
  const proven = await provenRow(given.token, findReset(database.sql));
  if (proven === undefined) return err({ kind: "linkEnded" });
  const { accountId, id } = proven;
  const act = { ...at, accountId, accountAction: "complete a password reset", kind: "member.password_reset" } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<void, ResetRefusal>> => {
    const account = await holdAccount(uow, accountId);
    const reset = await findReset(uow)(accountId, id);
    if (account?.hasAccess !== true || reset === undefined || !isLinkOpen(reset, at.now)) {
      return err({ kind: "linkEnded" });
    }
    const chosen = choosePassword(given.password, account, await commonPasswords());
    if (!chosen.ok) return chosen;
    await setPassword(uow, account, given.password, at.now);
    // The link was mailed to the address, which proves the address at that time.
    const addressProvenAt = reset.createdAt;
    await uow.db.updateTable("account").set({ addressProvenAt }).where("id", "=", accountId).execute();
    await endSessionsBut(uow, [accountId], null, at.now);
    await noticeAccount(uow, accountId, passwordChanged, at.now);
    await uow.log();
    return ok(undefined);
  });
}

const findReset =
  ({ db }: Queryable) =>
  (accountId: string, id: string) =>
    db
      .selectFrom("password_reset")
      .where((eb) => eb.and({ accountId, id }))
      .selectAll()
      .executeTakeFirst();
