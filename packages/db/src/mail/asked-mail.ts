import { askedMailLimits, emailKey, type AskedMailKind, type MailLimit, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import { queueMail, type NewMail } from "./mail-queue.ts";

export type AskedMail = NewMail & { readonly kind: AskedMailKind };

/**
 * Queues a mail that somebody asks for, or refuses it where `askedMailLimits` are reached. Whoever asks for a mail to the
 * same address at the same time, in whichever process, waits for the end of this transaction.
 */
export async function askForMail(
  tx: Queryable,
  mail: AskedMail,
  now: Date,
): Promise<Result<void, Refusal<"mailLimitReached">>> {
  // Always in this order, so that two transactions never wait for each other.
  if (mail.causeId !== null) await tx.query(lock, [`mail of ${mail.causeId}`]);
  await tx.query(lock, [`mail to ${emailKey(mail.recipient)}`]);
  const reached = await reachedLimit(tx, mail, now);
  if (reached !== undefined) {
    const { scope, max, withinMs } = reached;
    return err({ kind: "mailLimitReached", scope, email: mail.recipient, limit: max, hours: withinMs / 3_600_000 });
  }
  await queueMail(tx, mail, now);
  return ok(undefined);
}

type CountedMail = Pick<AskedMail, "kind" | "recipient" | "organizationId" | "causeId">;

/** The first of its limits that such a mail would exceed now; undefined: none. */
export async function reachedLimit(sql: Queryable, mail: CountedMail, now: Date): Promise<MailLimit | undefined> {
  const limits: readonly MailLimit[] = askedMailLimits[mail.kind];
  for (const limit of limits) if ((await count(sql, mail, limit, now)) >= limit.max) return limit;
  return undefined;
}

/** How many such mails there are, at most `max`: so much of an index is read, and no more. */
async function count(
  tx: Queryable,
  mail: CountedMail,
  { scope, max, withinMs }: MailLimit,
  now: Date,
): Promise<number> {
  const key = emailKey(mail.recipient);
  const { organizationId, causeId } = mail;
  const values = {
    recipient: [key],
    recipientInOrganization: [key, organizationId],
    recipientOfCause: [key, causeId],
    cause: [causeId],
    organization: [organizationId],
  } as const;
  const since = new Date(now.getTime() - withinMs);
  const [row] = await tx.query(counts[scope], [mail.kind, since, max, ...values[scope]]);
  return z.object({ count: z.number() }).parse(row).count;
}

function counting(name: string, condition: string) {
  const text = `select count(*)::int as count from
    (select 1 from mail where kind = $1 and created_at > $2 and ${condition} limit $3) as found`;
  return { name: `mail_count_${name}`, text };
}

const counts = {
  recipient: counting("recipient", "recipient_key = $4"),
  recipientInOrganization: counting("recipient_in_organization", "recipient_key = $4 and organization_id = $5"),
  recipientOfCause: counting("recipient_of_cause", "recipient_key = $4 and cause_id = $5"),
  cause: counting("cause", "cause_id = $4"),
  organization: counting("organization", "organization_id = $4"),
};
const lock = { name: "mail_lock", text: "select pg_advisory_xact_lock(hashtextextended($1, 0))" };
