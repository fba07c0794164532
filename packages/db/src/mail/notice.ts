import { emailKey, noticeLimit, type NoticeKind } from "@rollcall/domain";
import type { NotNull } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { addToMail, countMails, queueMail, type NewMail } from "./mail-queue.ts";

export type Notice = Omit<NewMail, "causeId"> & { readonly kind: NoticeKind };

/**
 * Queues a notice, in the transaction of its cause. Notices are never dropped: after the first five of a kind to the
 * same address within a day, on behalf of the same organization, further ones are collected into one mail an hour.
 */
export async function queueNotice(tx: Queryable, notice: Notice, now: Date): Promise<void> {
  const { kind, recipient, organizationId } = notice;
  const mail = { ...notice, causeId: null };
  const keys = { kind, recipientKey: emailKey(recipient), organizationId };
  if ((await countMails(tx, keys, noticeLimit, now)) < noticeLimit.max) return queueMail(tx, mail, now);
  const collecting = await tx.db
    .selectFrom("mail")
    .where((eb) => eb.and({ ...keys, sentAt: null, failedAt: null }))
    .where("nextTryAt", ">", now)
    .select(["id", "body", "collected"])
    .$narrowType<{ body: NotNull }>()
    .orderBy("createdAt", "desc")
    .limit(1)
    .forUpdate()
    // Skips a mail that a process is sending.
    .skipLocked()
    .executeTakeFirst();
  if (collecting !== undefined && (await addToMail(tx, collecting, mail))) return;
  await queueMail(tx, mail, now, new Date(now.getTime() + noticeLimit.collectedMs));
}
