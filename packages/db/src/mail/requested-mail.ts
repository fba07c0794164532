import { requestedMailLimits, emailKey, type RequestedMailKind, type MailLimit, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { countMails, queueMail, type MailKeys, type NewMail } from "./mail-queue.ts";

export type RequestedMail = NewMail & { readonly kind: RequestedMailKind };

/**
 * Queues a mail that a person requests, or refuses it when `requestedMailLimits` are reached. Concurrent requests for a
 * mail to the same address, from any process, wait for the end of this transaction.
 */
export async function queueRequestedMail(
  tx: Queryable,
  mail: RequestedMail,
  now: Date,
): Promise<Result<void, Refusal<"mailLimitReached">>> {
  // Always in this order, to avoid deadlocks.
  if (mail.causeId !== null) await lock(tx, `mail of ${mail.causeId}`);
  await lock(tx, `mail to ${emailKey(mail.recipient)}`);
  const reached = await reachedLimit(tx, mail, now);
  if (reached !== undefined) {
    const { scope, max, withinMs } = reached;
    return err({ kind: "mailLimitReached", scope, email: mail.recipient, limit: max, hours: withinMs / 3_600_000 });
  }
  await queueMail(tx, mail, now);
  return ok(undefined);
}

type CountedMail = Pick<RequestedMail, "kind" | "recipient" | "organizationId" | "causeId">;

/** The first limit that the mail would exceed, if any. */
export async function reachedLimit(tx: Queryable, mail: CountedMail, now: Date): Promise<MailLimit | undefined> {
  const { kind, recipient, organizationId, causeId } = mail;
  const recipientKey = emailKey(recipient);
  const alike = {
    recipient: { recipientKey },
    recipientInOrganization: { recipientKey, organizationId },
    recipientOfCause: { recipientKey, causeId },
    cause: { causeId },
    organization: { organizationId },
  } satisfies Record<MailLimit["scope"], MailKeys>;
  const limits: readonly MailLimit[] = requestedMailLimits[kind];
  for (const limit of limits) {
    const keys: MailKeys = alike[limit.scope];
    // Missing keys do not match one another.
    if (Object.values(keys).includes(null)) continue;
    if ((await countMails(tx, { kind, ...keys }, limit, now)) >= limit.max) return limit;
  }
  return undefined;
}

/** An advisory lock until the end of the transaction. */
const lock = ({ db }: Queryable, name: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
