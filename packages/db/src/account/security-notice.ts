import type { NotNull } from "kysely";
import { mailTemplate, verbatim, type MailText } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import { queueNotice } from "../mail/notice.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";

/** A notice to a person about their own account. `recipient`: an address other than the account's. */
export type AccountNotice = OwnerMail & { readonly recipient?: string };

/** A notice to owners about an owner's action; `predicate` is the predicate of the sentence. */
export type OwnerNotice = Pick<OwnerMail, "kind" | "subject"> & { readonly predicate: MailText };

const ifNotYou = mailTemplate`If this was you, there is nothing to do. If it was not, choose “Forgot your password?” on the sign-in page to set a new password, and tell an owner of your organization.`;

export const passwordChanged: AccountNotice = {
  kind: "passwordChanged",
  subject: mailTemplate`Your password was changed`,
  body: mailTemplate`the password of your account was changed.\n\n${ifNotYou}`,
};
export const twoFactorOn: AccountNotice = {
  kind: "twoFactorOn",
  subject: mailTemplate`Two-factor sign-in was turned on`,
  body: mailTemplate`two-factor sign-in was turned on for your account. If this was you, there is nothing to do. If it was not, choose “Forgot your password?” on the sign-in page to set a new password, and ask the operator of Rollcall to turn two-factor sign-in off.`,
};
export const twoFactorOff: AccountNotice = {
  kind: "twoFactorOff",
  subject: mailTemplate`Two-factor sign-in was turned off`,
  body: mailTemplate`two-factor sign-in was turned off for your account. Your password alone is enough to sign in.\n\n${ifNotYou}`,
};

/** `left`: the number of unused recovery codes. */
export function recoveryCodeUsed(left: number): AccountNotice {
  const codes = left === 1 ? "1 recovery code is left." : `${left} recovery codes are left.`;
  return {
    kind: "recoveryCodeUsed",
    subject: mailTemplate`A recovery code was used`,
    body: mailTemplate`a recovery code was used instead of a code of your authenticator app. ${codes}\n\n${ifNotYou}`,
  };
}

/** `browser`: its name for people. */
export function newBrowser(browser: string, ip: string | null): AccountNotice {
  const from = ip === null ? mailTemplate`` : mailTemplate` (address ${ip})`;
  return {
    kind: "newBrowser",
    subject: mailTemplate`New sign-in to your account`,
    body: mailTemplate`${browser}${from} has signed in to your account. It has not been used for your account before.\n\n${ifNotYou}`,
  };
}

/** For the former address. */
export function emailChanged(former: string, email: string, undoLink: string): AccountNotice {
  return {
    kind: "emailChanged",
    recipient: former,
    subject: mailTemplate`Your email address was changed`,
    body: mailTemplate`the email address of your account was changed to ${verbatim(email)}. If this was you, there is nothing to do.\n\nIf it was not, take the change back here; the link works for 72 hours and once, and signs out every browser:\n\n${verbatim(undoLink)}\n\nThen choose “Forgot your password?” on the sign-in page to set a new password.`,
  };
}

/** Notifies a person of a change of their account, in the transaction of the change. */
export async function noticeAccount(tx: Queryable, accountId: string, notice: AccountNotice, now: Date): Promise<void> {
  const account = await tx.db
    .selectFrom("account")
    .where("id", "=", accountId)
    .where("email", "is not", null)
    .select(["email", "name"])
    .$narrowType<{ email: NotNull }>()
    .executeTakeFirst();
  if (account === undefined) return;
  const { email, name } = account;
  const { kind, recipient = email, subject, body } = notice;
  await queueNotice(
    tx,
    { kind, recipient, organizationId: null, subject, body: mailTemplate`Hello ${name},\n\n${body}\n` },
    now,
  );
}

/**
 * Notifies the organization's owners of an owner's action, for example `created the SCIM token Okta`, in its
 * transaction.
 */
export async function noticeOwners(
  tx: Queryable,
  { organizationId, actor, now }: Pick<WriteContext, "organizationId" | "actor" | "now">,
  notice: OwnerNotice,
): Promise<void> {
  const body = mailTemplate`Hello,\n\n${actor.name} ${notice.predicate}.\n\nIf no one in your organization intended this, open Activity in Rollcall to see what else was changed, and change it back.\n`;
  await mailOwners(tx, organizationId, { kind: notice.kind, subject: notice.subject, body }, now);
}

/** For at least one new owner. */
export function newOwners([name = "", ...others]: readonly string[]): OwnerNotice {
  const isOne = others.length === 0;
  const rest = others.length === 1 ? "one other person" : `${others.length} other people`;
  return {
    kind: "newOwner",
    subject: isOne
      ? mailTemplate`Your organization has a new owner`
      : mailTemplate`Your organization has ${others.length + 1} new owners`,
    predicate: isOne
      ? mailTemplate`made ${name} an owner of your organization`
      : mailTemplate`made ${name} and ${rest} owners of your organization`,
  };
}
