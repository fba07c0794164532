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
import { z } from "zod";
import type { Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { askForMail, type AskedMail } from "../mail/asked-mail.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { moveOwnEmail } from "../member/member-save.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { actOnAccount, logForAccount, type At } from "./account-operation.ts";
import { accountByEmail, holdAccount, readAccount, type AccountRow } from "./account-row.ts";
import { newLink, provesLink, readLink } from "./link-secret.ts";
import { emailChanged, noticeAccount } from "./security-notice.ts";
import { endSessionsBut } from "../session/sessions.ts";

/** A change of one's e-mail address that waits for its confirmation. */
export type EmailChallenge = {
  readonly id: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

type StartRefusal = Refusal<
  "memberLocked" | "emailMalformed" | "emailUnchanged" | "challengeLimitReached" | "mailLimitReached"
>;

/**
 * Sends a link to a new address; the account keeps its own until the link is followed, within 24 hours. Where the
 * address belongs to somebody else, that person is told instead, and the one who asks learns nothing.
 */
export function startEmailChange(
  database: Database,
  session: Session,
  wish: { readonly email: string; readonly linkTo: (token: string) => string },
  at: At,
): Promise<Result<void, StartRefusal>> {
  const { id: accountId, email: own } = session.account;
  const email = wish.email.trim();
  const kind = "member.email_change_started";
  const act = { ...at, accountId, organizationId: null, door: "ask for a new e-mail address", kind } as const;
  return actOnAccount(database, act, async (tx): Promise<Result<void, StartRefusal>> => {
    if (!isEmailAddress(email)) return err({ kind: "emailMalformed", email });
    if (email === own) return err({ kind: "emailUnchanged", email });
    await holdAccount(tx, accountId);
    const open = await listEmailChanges(tx, accountId, at.now);
    if (open.length >= emailChallengesMax) return err({ kind: "challengeLimitReached", limit: emailChallengesMax });
    const link = newLink(accountId);
    const expiresAt = new Date(at.now.getTime() + emailChallengeMs);
    await tx.query(insert, [accountId, link.id, email, emailKey(email), link.hash, at.now, expiresAt, false]);
    const holder = await accountByEmail(tx, emailKey(email));
    const isTaken = holder !== undefined && holder.id !== accountId && holder.isInUse;
    const content = isTaken ? takenMail(holder.email) : challengeMail(email, wish.linkTo(link.text));
    const mail = { ...content, kind: "emailChange", organizationId: null, causeId: accountId } as const;
    const asked = await askForMail(tx, mail, at.now);
    if (!asked.ok) return asked;
    await logForAccount(tx, act, { email });
    return ok(undefined);
  });
}

type MailContent = Pick<AskedMail, "recipient" | "subject" | "body">;

function challengeMail(recipient: string, link: string): MailContent {
  const body = mailTemplate`Hello,\n\nconfirm that this is your new e-mail address; the link works for 24 hours and once:\n\n${verbatim(link)}\n\nIf you did not ask for this, do nothing.\n`;
  return { recipient, subject: mailTemplate`Confirm your new e-mail address`, body };
}

function takenMail(recipient: string): MailContent {
  const body = mailTemplate`Hello,\n\nsomebody wanted to use this address for another account. It is yours and stays yours; nothing was changed.\n`;
  return { recipient, subject: mailTemplate`Somebody wanted to use your e-mail address`, body };
}

/** The changes that wait, newest first. */
export async function listEmailChanges(
  sql: Queryable,
  accountId: string,
  now: Date,
): Promise<readonly EmailChallenge[]> {
  return (await sql.query(list, [accountId, now])).map((row) => listedRow.parse(row));
}

/** Withdraws a change that waits. Free for everybody: a lock is no reason to keep a link alive. */
export async function withdrawEmailChange(
  database: Database,
  session: Session,
  id: string,
  at: At,
): Promise<Result<void, Refusal<"challengeNotFound" | "memberLocked">>> {
  const accountId = session.account.id;
  const kind = "member.email_change_withdrawn";
  const act = {
    ...at,
    accountId,
    organizationId: null,
    door: "withdraw a change of the e-mail address",
    kind,
  } as const;
  return actOnAccount(database, act, async (tx): Promise<Result<void, Refusal<"challengeNotFound">>> => {
    const ended = await tx.query(end, [accountId, id, at.now]);
    if (ended.length === 0) return err({ kind: "challengeNotFound", challengeId: id });
    await logForAccount(tx, act);
    return ok(undefined);
  });
}

/** The address that the link of a mail would give the account. Refuses a link that no longer works, before anybody follows it. */
export async function checkEmailLink(
  sql: Queryable,
  token: string,
  now: Date,
): Promise<Result<{ readonly email: string }, Refusal<"linkEnded">>> {
  const found = await provenChallenge(sql, token);
  const account = found === undefined ? undefined : await readAccount(sql, found.accountId);
  if (found === undefined || account?.hasAccess !== true || !isLinkOpen(found.challenge, now)) {
    return err({ kind: "linkEnded" });
  }
  return ok({ email: found.challenge.email });
}

type ConfirmRefusal = Refusal<"linkEnded" | "memberLocked" | "emailTaken">;

/**
 * Moves the account to the confirmed address, also where the change was asked for before a directory took the person
 * over: then the lock holds (AR-64). Members whom nobody manages are called by the new address. Returns it. The former
 * address is told, with a link that takes the change back within 72 hours; such a link comes here too, and signs every
 * browser out.
 */
export async function confirmEmailChange(
  database: Database,
  given: { readonly token: string; readonly undoLinkTo: (token: string) => string },
  at: At,
): Promise<Result<{ readonly email: string }, ConfirmRefusal>> {
  const found = await provenChallenge(database.sql, given.token);
  if (found === undefined) return err({ kind: "linkEnded" });
  const { accountId, id } = found;
  const { email } = found.challenge;
  const act = {
    ...at,
    accountId,
    organizationId: null,
    door: "confirm a new e-mail address",
    kind: "member.email_changed",
  } as const;
  try {
    return await actOnAccount(
      database,
      act,
      async (tx): Promise<Result<{ readonly email: string }, ConfirmRefusal>> => {
        const account = await holdAccount(tx, accountId);
        const [row] = await tx.query(read, [accountId, id]);
        if (account?.hasAccess !== true || row === undefined || !isLinkOpen(challengeRow.parse(row), at.now)) {
          return err({ kind: "linkEnded" });
        }
        await moveOwnEmail(tx, { ...at, accountId, email });
        if (challengeRow.parse(row).isUndo) await endAfterUndo(tx, { accountId, id }, at.now);
        else await offerUndo(tx, account, { email, undoLinkTo: given.undoLinkTo }, at.now);
        return ok({ email });
      },
    );
  } catch (cause) {
    if (violatedUnique(cause) === undefined) throw cause;
    return err({ kind: "emailTaken", email });
  }
}

type ProvenChallenge = {
  readonly accountId: string;
  readonly id: string;
  readonly challenge: z.infer<typeof challengeRow>;
};

/** The challenge whose secret the link holds, open or ended. */
async function provenChallenge(sql: Queryable, token: string): Promise<ProvenChallenge | undefined> {
  const link = readLink(token);
  const [row] = link === undefined ? [] : await sql.query(read, [link.ownerId, link.id]);
  if (link === undefined || row === undefined) return undefined;
  const challenge = challengeRow.parse(row);
  return provesLink(link, challenge.secretHash) ? { accountId: link.ownerId, id: link.id, challenge } : undefined;
}

/** The link ends, with all that were sent after it; so do the sessions of whoever made the change. */
async function endAfterUndo(
  tx: Queryable,
  { accountId, id }: { readonly accountId: string; readonly id: string },
  now: Date,
): Promise<void> {
  await tx.query(endSince, [accountId, id, now]);
  await endSessionsBut(tx, accountId, null, now);
}

async function offerUndo(
  tx: Queryable,
  former: AccountRow,
  { email, undoLinkTo }: { readonly email: string; readonly undoLinkTo: (token: string) => string },
  now: Date,
): Promise<void> {
  const link = newLink(former.id);
  const expiresAt = new Date(now.getTime() + emailUndoMs);
  await tx.query(insert, [former.id, link.id, former.email, emailKey(former.email), link.hash, now, expiresAt, true]);
  await noticeAccount(tx, former.id, emailChanged(former.email, email, undoLinkTo(link.text)), now);
}

const listedRow = z.object({ id: z.string(), email: z.string(), createdAt: z.date(), expiresAt: z.date() });
const challengeRow = z.object({
  email: z.string(),
  secretHash: z.instanceof(Buffer),
  expiresAt: z.date(),
  endedAt: z.date().nullable(),
  isUndo: z.boolean(),
});

const insert = {
  name: "email_challenge_add",
  text: `insert into email_challenge (account_id, id, email, email_key, secret_hash, created_at, expires_at, is_undo)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
};
const list = {
  name: "email_challenge_list",
  text: `select id, email, created_at as "createdAt", expires_at as "expiresAt" from email_challenge
    where account_id = $1 and ended_at is null and expires_at > $2 and not is_undo order by id desc limit 100`,
};
const read = {
  name: "email_challenge_read",
  text: `select email, secret_hash as "secretHash", expires_at as "expiresAt", ended_at as "endedAt",
      is_undo as "isUndo"
    from email_challenge where account_id = $1 and id = $2`,
};
const end = {
  name: "email_challenge_end",
  text: `update email_challenge set ended_at = $3 where account_id = $1 and id = $2 and ended_at is null and expires_at > $3
    and not is_undo returning id`,
};
const endSince = {
  name: "email_challenge_end_since",
  text: "update email_challenge set ended_at = $3 where account_id = $1 and id >= $2 and ended_at is null",
};
