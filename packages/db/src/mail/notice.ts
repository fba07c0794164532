import { emailKey, noticeLimit, type NoticeKind } from "@rollcall/domain";
import type { NotNull } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { addToMail, countMails, queueMail, type MailCondition, type NewMail } from "./mail-queue.ts";

export type Notice = Omit<NewMail, "causeId"> & { readonly kind: NoticeKind };

/**
 * Queues a notice, which is never dropped: after the first five of its kind to the address within a day, on behalf of the
 * same organization, further ones are collected into one mail an hour. In the transaction of what it tells of.
 */
export async function queueNotice(tx: Queryable, notice: Notice, now: Date): Promise<void> {
  const { kind, recipient, organizationId } = notice;
  const mail = { ...notice, causeId: null };
  const isAlike: MailCondition = (eb) =>
    eb.and([
      eb("recipientKey", "=", emailKey(recipient)),
      eb("organizationId", "is not distinct from", organizationId),
    ]);
  const count = await countMails(tx, { kind, ...noticeLimit, now }, isAlike);
  if (count < noticeLimit.max) return queueMail(tx, mail, now);
  const collecting = await tx.db
    .selectFrom("mail")
    .where("kind", "=", kind)
    .where(isAlike)
    .where("sentAt", "is", null)
    .where("failedAt", "is", null)
    .where("nextTryAt", ">", now)
    .select(["id", "body", "collected"])
    .$narrowType<{ body: NotNull }>()
    .orderBy("createdAt", "desc")
    .limit(1)
    .forUpdate()
    // A mail that a process is sending at the moment is left to it.
    .skipLocked()
    .executeTakeFirst();
  if (collecting !== undefined && (await addToMail(tx, collecting, mail))) return;
  await queueMail(tx, mail, now, new Date(now.getTime() + noticeLimit.collectedMs));
}
