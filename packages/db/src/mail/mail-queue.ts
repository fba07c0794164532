import { emailKey, noticeLimit, type RequestedMailKind, type MailLimit, type NoticeKind } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { NotNull } from "kysely";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { MailText } from "./mail-text.ts";

/** A mail in plain text. Its link may be a secret: the body is stored encrypted, and only until it is sent. */
export type NewMail = {
  readonly recipient: string;
  readonly subject: MailText;
  readonly body: MailText;
  readonly kind: RequestedMailKind | NoticeKind;
  /** The organization on whose behalf it is sent. */
  readonly organizationId: string | null;
  /** The account of the person who requested it. */
  readonly causeId: string | null;
};

export type WaitingMail = NonNullable<Awaited<ReturnType<typeof nextMail>>>;

const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;
/** A mail that the server refuses for good is given up after an hour; any other after three days. */
const triesMax = { refused: 8, failed: 80 };

/**
 * Queues a mail in the transaction of its cause: it is sent only if that commits. Has no limit; mails that people can
 * cause go through `queueRequestedMail` or `queueNotice`. `sendAt`: the earliest time.
 */
export async function queueMail(tx: Queryable, mail: NewMail, now: Date, sendAt = now): Promise<void> {
  const { kind, recipient, organizationId, causeId, subject, body } = mail;
  const id = newId();
  const texts = { subject: String(subject), body: tx.secrets.seal(placeOf(id), String(body)) };
  const counted = { kind, recipient, recipientKey: emailKey(recipient), organizationId, causeId, createdAt: now };
  const state = { nextTryAt: sendAt, tries: 0, collected: 0 };
  await tx.db
    .insertInto("mail")
    .values({ id, ...counted, ...texts, ...state })
    .execute();
}

/** Keys to count mails by; null: without that key. */
export type MailKeys = {
  readonly recipientKey?: string;
  readonly organizationId?: string | null;
  readonly causeId?: string | null;
};

/** The number of mails with these keys since `withinMs` ago, at most `max`, which bounds the index scan. */
export async function countMails(
  { db }: Queryable,
  keys: MailKeys & { readonly kind: NewMail["kind"] },
  { max, withinMs }: Pick<MailLimit, "max" | "withinMs">,
  now: Date,
): Promise<number> {
  const found = db
    .selectFrom("mail")
    .where((eb) => eb.and(keys))
    .where("createdAt", ">", new Date(now.getTime() - withinMs))
    .select("id")
    .limit(max);
  const { count } = await db
    .selectFrom(found.as("found"))
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Appends a mail to a waiting one of the same kind, which the transaction has locked: both texts, up to twenty, and
 * their number in the subject. False, with no change, if its text cannot be read because its key is not set.
 */
export async function addToMail(
  tx: Queryable,
  waiting: Pick<WaitingMail, "id" | "body"> & { readonly collected: number },
  { subject, body }: Pick<NewMail, "subject" | "body">,
): Promise<boolean> {
  const { id } = waiting;
  const former = readText(tx, id, waiting.body);
  if (!former.ok) return false;
  const collected = waiting.collected + 1;
  const texts = {
    subject: `${String(subject)} (and ${collected} more)`,
    body: tx.secrets.seal(placeOf(id), textWith(former.value, body, collected)),
  };
  await tx.db
    .updateTable("mail")
    .set({ ...texts, collected })
    .where("id", "=", id)
    .execute();
  return true;
}

function textWith(former: string, body: MailText, collected: number): string {
  if (collected < noticeLimit.textsMax) return `${former}\n----\n\n${String(body)}`;
  if (collected > noticeLimit.textsMax) return former;
  return `${former}\n----\n\nThere were more; the subject says how many. Rollcall lists all of them.\n`;
}

/**
 * The next due mail, locked in the caller's transaction so that no other process sends it too. The outcome must be
 * saved in the same transaction, with `mailSent` or `mailFailed`.
 */
export function nextMail({ db }: Queryable, now: Date) {
  return db
    .selectFrom("mail")
    .where("sentAt", "is", null)
    .where("failedAt", "is", null)
    .where("nextTryAt", "<=", now)
    .select(["id", "recipient", "subject", "body", "tries"])
    .$narrowType<{ body: NotNull }>()
    .orderBy("nextTryAt")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Throws if the key of the text is not set. */
export function mailText({ secrets }: Queryable, { id, body }: WaitingMail): string {
  return secrets.open(placeOf(id), body);
}

export async function mailSent({ db }: Queryable, id: string, now: Date): Promise<void> {
  await db.updateTable("mail").set({ sentAt: now, body: null, problem: null }).where("id", "=", id).execute();
}

/**
 * Schedules a retry, doubling the wait each time up to an hour. `refused`: the mail server does not want this mail;
 * otherwise it could not be reached, or cannot take it now. Returns whether the mail was given up.
 */
export async function mailFailed(
  { db }: Queryable,
  mail: WaitingMail,
  { problem, isRefused }: { readonly problem: string; readonly isRefused: boolean },
  now: Date,
): Promise<boolean> {
  const tries = mail.tries + 1;
  const nextTryAt = new Date(now.getTime() + Math.min(longestWaitMs, firstWaitMs * 2 ** mail.tries));
  const isOver = tries >= (isRefused ? triesMax.refused : triesMax.failed);
  const end = isOver ? { failedAt: now, body: null } : {};
  await db
    .updateTable("mail")
    .set({ tries, problem: problem.slice(0, 500), nextTryAt, ...end })
    .where("id", "=", mail.id)
    .execute();
  return isOver;
}

/** The newest hundred unsent mails, for a developer's page. */
export async function listKeptMails(sql: Queryable) {
  const mails = await sql.db
    .selectFrom("mail")
    .where("sentAt", "is", null)
    .select(["id", "recipient", "subject", "body", "createdAt"])
    .orderBy("id", "desc")
    .limit(100)
    .execute();
  return mails.map((mail) => {
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
