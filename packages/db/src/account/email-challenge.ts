import {
  emailChallengeMs,
  emailChallengesMax,
  emailKey,
  emailUndoMs,
  isEmailAddress,
  isLinkOpen,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { queueRequestedMail, type RequestedMail } from "../mail/requested-mail.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { moveOwnEmail } from "../member/email-move.ts";
import { EmailChallengeSchema } from "../model/account.ts";
import { holdOwnAccount, type Session } from "../session/session.ts";
import { endSessionsBut } from "../session/sessions.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { actOnAccount, type AccountWork } from "./account-operation.ts";
import { accountByEmail, holdAccount, readAccount } from "./account-row.ts";
import { newLink, provenRow } from "./link-secret.ts";
import { emailChanged, noticeAccount } from "./security-notice.ts";
import type { RequestStamp } from "../store/write-context.ts";

/** An unconfirmed change of a person's email address. */
export type EmailChallenge = Awaited<ReturnType<typeof listEmailChanges>>[number];

type StartRefusal = Refusal<
  "memberLocked" | "emailMalformed" | "emailUnchanged" | "challengeLimitReached" | "mailLimitReached"
>;

/**
 * Mails a confirmation link, valid for 24 hours, to a new address; the account keeps its address until then. If another
 * person has the address, that person is informed instead, and the sender gets the same response.
 */
export function startEmailChange(
  database: Database,
  session: Session,
  input: { readonly email: string; readonly linkTo: (token: string) => string },
  at: RequestStamp,
): Promise<Result<void, StartRefusal>> {
  const { id: accountId, email: own } = session.account;
  const email = input.email.trim();
  const act = {
    ...at,
    accountId,
    accountAction: "ask for a new email address",
    kind: "member.email_change_started",
  } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<void, StartRefusal>> => {
    if (!isEmailAddress(email)) return err({ kind: "emailMalformed", email });
    if (email === own) return err({ kind: "emailUnchanged", email });
    await holdOwnAccount(uow, session);
    const open = await listEmailChanges(uow, accountId, at.now);
    if (open.length >= emailChallengesMax) return err({ kind: "challengeLimitReached", limit: emailChallengesMax });
    const token = addChallenge(uow, { email, validMs: emailChallengeMs, isUndo: false });
    const holder = await accountByEmail(uow, emailKey(email));
    const isTaken = holder !== undefined && holder.id !== accountId && holder.isInUse;
    const content = isTaken ? takenMail(holder.email) : challengeMail(email, input.linkTo(token));
    const mail = { ...content, kind: "emailChange", organizationId: null, causeId: accountId } as const;
    const queued = await queueRequestedMail(uow, mail, at.now);
    if (!queued.ok) return queued;
    await uow.log({ email });
    return ok(undefined);
  });
}

/** Stores a new confirmation link and returns its text. */
function addChallenge(
  { em, accountId, now }: AccountWork,
  { validMs, ...challenge }: { readonly email: string; readonly validMs: number; readonly isUndo: boolean },
): string {
  const { id, text, hash: secretHash } = newLink(accountId);
  const expiresAt = new Date(now.getTime() + validMs);
  const key = emailKey(challenge.email);
  em.create(EmailChallengeSchema, {
    ...challenge,
    accountId,
    id,
    emailKey: key,
    secretHash,
    createdAt: now,
    expiresAt,
  });
  return text;
}

type MailContent = Pick<RequestedMail, "recipient" | "subject" | "body">;

function challengeMail(recipient: string, link: string): MailContent {
  const body = mailTemplate`Hello,\n\nconfirm that this is your new email address; the link works for 24 hours and once:\n\n${verbatim(link)}\n\nIf you did not ask for this, do nothing.\n`;
  return { recipient, subject: mailTemplate`Confirm your new email address`, body };
}

function takenMail(recipient: string): MailContent {
  const body = mailTemplate`Hello,\n\nsomeone tried to use this address for another account. The address is still yours; nothing was changed.\n`;
  return { recipient, subject: mailTemplate`Someone tried to use your email address`, body };
}

/** Unconfirmed changes, newest first. */
export function listEmailChanges({ db }: Queryable, accountId: string, now: Date) {
  return db
    .selectFrom("email_challenge")
    .where((eb) => eb.and({ accountId, endedAt: null }))
    .where("expiresAt", ">", now)
    .where("isUndo", "=", false)
    .select(["id", "email", "createdAt", "expiresAt"])
    .orderBy("id", "desc")
    .limit(100)
    .execute();
}

/** Withdraws an unconfirmed change. Locks do not apply: they must not keep a link open. */
export function withdrawEmailChange(
  database: Database,
  { account: { id: accountId } }: Session,
  id: string,
  at: RequestStamp,
): Promise<Result<void, Refusal<"challengeNotFound" | "memberLocked">>> {
  const [accountAction, kind] = ["withdraw a change of the email address", "member.email_change_withdrawn"] as const;
  return actOnAccount(database, { ...at, accountId, accountAction, kind }, async (uow) => {
    const waiting = { accountId, id, endedAt: null, expiresAt: { $gt: at.now }, isUndo: false };
    const ended = await uow.em.nativeUpdate(EmailChallengeSchema, waiting, { endedAt: at.now });
    if (ended === 0) return err({ kind: "challengeNotFound", challengeId: id } as const);
    await uow.log();
    return ok(undefined);
  });
}

/** Returns the address that a mailed link would set. Refuses a link that has ended. */
export async function checkEmailLink(
  sql: Queryable,
  token: string,
  now: Date,
): Promise<Result<{ readonly email: string }, Refusal<"linkEnded">>> {
  const challenge = await provenRow(token, findChallenge(sql));
  const account = challenge === undefined ? undefined : await readAccount(sql, challenge.accountId);
  if (challenge === undefined || account?.hasAccess !== true || !isLinkOpen(challenge, now)) {
    return err({ kind: "linkEnded" });
  }
  return ok({ email: challenge.email });
}

type ConfirmRefusal = Refusal<"linkEnded" | "memberLocked" | "emailTaken">;

/**
 * Sets the confirmed address and the userName of members that no directory manages. Locks apply even if the change was
 * started before a directory managed the person (AR-64). Mails the former address a link that reverts the change within
 * 72 hours; this function accepts such links too, and then ends all sessions. Returns the address.
 */
export async function confirmEmailChange(
  database: Database,
  given: { readonly token: string; readonly undoLinkTo: (token: string) => string },
  at: RequestStamp,
): Promise<Result<{ readonly email: string }, ConfirmRefusal>> {
  const proven = await provenRow(given.token, findChallenge(database.sql));
  if (proven === undefined) return err({ kind: "linkEnded" });
  const { accountId, id, email } = proven;
  const act = {
    ...at,
    accountId,
    accountAction: "confirm a new email address",
    kind: "member.email_changed",
  } as const;
  try {
    return await actOnAccount(database, act, async (uow) => {
      const account = await holdAccount(uow, accountId);
      const challenge = await findChallenge(uow)(accountId, id);
      if (account?.hasAccess !== true || challenge === undefined || !isLinkOpen(challenge, at.now)) {
        return err({ kind: "linkEnded" } as const);
      }
      await moveOwnEmail(uow, { ...at, accountId, email });
      if (challenge.isUndo) await endAfterUndo(uow, id);
      else await offerUndo(uow, account.email, { email, undoLinkTo: given.undoLinkTo });
      return ok({ email });
    });
  } catch (cause) {
    if (violatedUnique(cause) === undefined) throw cause;
    return err({ kind: "emailTaken", email });
  }
}

const findChallenge =
  ({ db }: Queryable) =>
  (accountId: string, id: string) =>
    db
      .selectFrom("email_challenge")
      .where((eb) => eb.and({ accountId, id }))
      .selectAll()
      .executeTakeFirst();

/** Ends the link, all later ones, and the sessions of the person who made the change. */
async function endAfterUndo(uow: AccountWork, id: string): Promise<void> {
  const since = { accountId: uow.accountId, id: { $gte: id }, endedAt: null };
  await uow.em.nativeUpdate(EmailChallengeSchema, since, { endedAt: uow.now });
  await endSessionsBut(uow, [uow.accountId], null, uow.now);
}

async function offerUndo(
  uow: AccountWork,
  former: string,
  { email, undoLinkTo }: { readonly email: string; readonly undoLinkTo: (token: string) => string },
): Promise<void> {
  const token = addChallenge(uow, { email: former, validMs: emailUndoMs, isUndo: true });
  await noticeAccount(uow, uow.accountId, emailChanged(former, email, undoLinkTo(token)), uow.now);
}
