import { emailKey, noticeLimit, type NoticeKind } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { addToMail, queueMail, type NewMail } from "./mail-queue.ts";

export type Notice = Omit<NewMail, "causeId"> & { readonly kind: NoticeKind };

/**
 * Queues a notice, which is never dropped: after the first five of its kind to the address within a day, on behalf of the
 * same organization, further ones are collected into one mail an hour. In the transaction of what it tells of.
 */
export async function queueNotice(tx: Queryable, notice: Notice, now: Date): Promise<void> {
  const { kind, recipient, organizationId } = notice;
  const mail = { ...notice, causeId: null };
  const key = [emailKey(recipient), kind, organizationId];
  const { max, withinMs, collectedMs } = noticeLimit;
  const [row] = await tx.query(count, [...key, new Date(now.getTime() - withinMs), max]);
  if (z.object({ count: z.number() }).parse(row).count < max) return queueMail(tx, mail, now);
  const [waiting] = await tx.query(collecting, [...key, now]);
  if (waiting !== undefined && (await addToMail(tx, collectingRow.parse(waiting), mail))) return;
  await queueMail(tx, mail, now, new Date(now.getTime() + collectedMs));
}

const collectingRow = z.object({ id: z.string(), body: z.string(), collected: z.number() });
const sameKind = "recipient_key = $1 and kind = $2 and organization_id is not distinct from $3::uuid";

const count = {
  name: "notice_count",
  text: `select count(*)::int as count from
    (select 1 from mail where ${sameKind} and created_at > $4 limit $5) as found`,
};
/** One that a process sends at the moment is left to it. */
const collecting = {
  name: "notice_collecting",
  text: `select id, body, collected from mail
    where ${sameKind} and sent_at is null and failed_at is null and next_try_at > $4 order by created_at desc limit 1
    for update skip locked`,
};
