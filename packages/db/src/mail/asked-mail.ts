import { askedMailLimits, emailKey, type AskedMailKind, type MailLimit, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { countMails, queueMail, type NewMail } from "./mail-queue.ts";

export type AskedMail = NewMail & { readonly kind: AskedMailKind };

/**
 * Queues a mail that a person asks for, or refuses it where `askedMailLimits` are reached. Another request for a mail to the
 * same address at the same time, in whichever process, waits for the end of this transaction.
 */
export async function askForMail(
  tx: Queryable,
  mail: AskedMail,
  now: Date,
): Promise<Result<void, Refusal<"mailLimitReached">>> {
  // Always in this order, so that two transactions never wait for each other.
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

type CountedMail = Pick<AskedMail, "kind" | "recipient" | "organizationId" | "causeId">;

/** The first of its limits that such a mail would exceed now; undefined: none. */
export async function reachedLimit(tx: Queryable, mail: CountedMail, now: Date): Promise<MailLimit | undefined> {
  const values = { ...mail, recipientKey: emailKey(mail.recipient) };
  const limits: readonly MailLimit[] = askedMailLimits[mail.kind];
  for (const limit of limits) {
    const count = await countMails(tx, { kind: mail.kind, ...limit, now }, (eb) =>
      eb.and(countedBy[limit.scope].map((column) => eb(column, "=", values[column]))),
    );
    if (count >= limit.max) return limit;
  }
  return undefined;
}

/** A mail without an organization or a cause has no other mail in common with that scope: nothing equals null. */
const countedBy = {
  recipient: ["recipientKey"],
  recipientInOrganization: ["recipientKey", "organizationId"],
  recipientOfCause: ["recipientKey", "causeId"],
  cause: ["causeId"],
  organization: ["organizationId"],
} as const satisfies Record<MailLimit["scope"], readonly string[]>;

/** Until the end of the transaction. In SQL, as it reads no table. */
const lock = ({ db }: Queryable, name: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
