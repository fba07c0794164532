import { emailKey, noticeLimit, type AskedMailKind, type NoticeKind } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { MailText } from "./mail-text.ts";

/** A mail in plain text. What it links to may be a secret: the body is encrypted, and in the database only until it has left. */
export type NewMail = {
  readonly recipient: string;
  readonly subject: MailText;
  readonly body: MailText;
  readonly kind: AskedMailKind | NoticeKind;
  /** The organization on whose behalf it is sent. */
  readonly organizationId: string | null;
  /** The account of the person who asked for it. */
  readonly causeId: string | null;
};

export type WaitingMail = {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly tries: number;
};

/** A mail as a developer's page shows it. `body` is null once it has left. */
export type KeptMail = {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string | null;
  readonly createdAt: Date;
};

const triesMax = 8;
const firstWaitMs = 30_000;

/**
 * Puts a mail into the queue, in the transaction of what it tells of: it is sent if that is kept, and only then. Without
 * any limit: what people cause goes through `askForMail` or `queueNotice`. `sendAt`: not before.
 */
export async function queueMail(tx: Queryable, mail: NewMail, now: Date, sendAt = now): Promise<void> {
  const { kind, recipient, organizationId, causeId, subject, body } = mail;
  const id = newId();
  const counted = [kind, recipient, emailKey(recipient), organizationId, causeId];
  await tx.query(insert, [id, ...counted, String(subject), tx.secrets.seal(placeOf(id), String(body)), now, sendAt]);
}

/**
 * Adds a mail to one of the same kind that waits and that the transaction holds: both texts, up to twenty, and their number
 * in the subject. False where the text of that one cannot be read, as its key is not set; nothing is changed then.
 */
export async function addToMail(
  tx: Queryable,
  waiting: { readonly id: string; readonly body: string; readonly collected: number },
  { subject, body }: Pick<NewMail, "subject" | "body">,
): Promise<boolean> {
  const former = readText(tx, waiting.id, waiting.body);
  if (!former.ok) return false;
  const collected = waiting.collected + 1;
  const added = textWith(former.value, body, collected);
  const sealed = tx.secrets.seal(placeOf(waiting.id), added);
  await tx.query(add, [waiting.id, `${String(subject)} (and ${collected} more)`, sealed, collected]);
  return true;
}

function textWith(former: string, body: MailText, collected: number): string {
  if (collected < noticeLimit.textsMax) return `${former}\n----\n\n${String(body)}`;
  if (collected > noticeLimit.textsMax) return former;
  return `${former}\n----\n\nThere were more; the subject says how many. Rollcall lists all of them.\n`;
}

/**
 * The next mail that is due, held in the caller's transaction so that no other process sends it too; undefined: none.
 * Say in the same transaction what became of it, with `mailSent` or `mailFailed`.
 */
export async function nextMail(tx: Queryable, now: Date): Promise<WaitingMail | undefined> {
  const [row] = await tx.query(next, [now]);
  if (row === undefined) return undefined;
  return waitingRow.parse(row);
}

/** The text of a mail. Throws where its key is not set. */
export function mailText({ secrets }: Queryable, { id, body }: WaitingMail): string {
  return secrets.open(placeOf(id), body);
}

export async function mailSent(tx: Queryable, id: string, now: Date): Promise<void> {
  await tx.query(sent, [id, now]);
}

/** Tries again later, at twice the wait each time; given up after eight tries (about an hour). */
export async function mailFailed(tx: Queryable, mail: WaitingMail, problem: string, now: Date): Promise<void> {
  const isLast = mail.tries + 1 >= triesMax;
  const nextTryAt = new Date(now.getTime() + firstWaitMs * 2 ** mail.tries);
  await tx.query(failed, [mail.id, now, nextTryAt, problem.slice(0, 500), isLast]);
}

/** The newest hundred mails that nobody has sent, for a developer's page. */
export async function listKeptMails(sql: Queryable): Promise<readonly KeptMail[]> {
  return (await sql.query(list, [])).map((row) => {
    const mail = keptRow.parse(row);
    if (mail.body === null) return { ...mail, body: null };
    const text = readText(sql, mail.id, mail.body);
    return { ...mail, body: text.ok ? text.value : `This mail cannot be read: ${text.error}` };
  });
}

function readText({ secrets }: Queryable, id: string, body: string): Result<string, string> {
  try {
    return ok(secrets.open(placeOf(id), body));
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
}

function placeOf(id: string): string {
  return `mail/body/${id}`;
}

const waitingRow = z.object({
  id: z.string(),
  recipient: z.string(),
  subject: z.string(),
  body: z.string(),
  tries: z.number(),
});
const keptRow = z.object({
  id: z.string(),
  recipient: z.string(),
  subject: z.string(),
  body: z.string().nullable(),
  createdAt: z.date(),
});

const insert = {
  name: "mail_queue",
  text: `insert into mail (id, kind, recipient, recipient_key, organization_id, cause_id, subject, body, created_at,
      next_try_at, tries, collected) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)`,
};
const add = { name: "mail_add", text: "update mail set subject = $2, body = $3, collected = $4 where id = $1" };
const next = {
  name: "mail_next",
  text: `select id, recipient, subject, body, tries from mail
    where sent_at is null and failed_at is null and next_try_at <= $1 order by next_try_at limit 1
    for update skip locked`,
};
const sent = { name: "mail_sent", text: "update mail set sent_at = $2, body = null, problem = null where id = $1" };
const failed = {
  name: "mail_failed",
  text: `update mail set tries = tries + 1, problem = $4, next_try_at = $3,
    failed_at = case when $5::boolean then $2::timestamptz end, body = case when $5 then null else body end where id = $1`,
};
const list = {
  name: "mail_kept",
  text: `select id, recipient, subject, body, created_at as "createdAt" from mail where sent_at is null
    order by id desc limit 100`,
};
