import { guardReminderMs, guardWindowMs } from "@rollcall/domain";
import { z } from "zod";
import type { Database } from "../store/database.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import type { Queryable } from "../store/queryable.ts";
import { countWaiting, waitingHolds } from "./held-change.ts";

type Organization = { readonly organizationId: string; readonly organization: string };

/**
 * Mails the owners that the guard has begun to hold, in the transaction in which it begins: how many removals will wait is
 * not known yet. `limit`: so many people may lose something within the window.
 */
export function mailHold(tx: Queryable, hold: Organization & { readonly limit: number }, now: Date): Promise<void> {
  const { organizationId, organization, limit } = hold;
  return mailOwners(
    tx,
    organizationId,
    {
      kind: "removalsHeld",
      subject: mailTemplate`Rollcall has put removals in ${organization} on hold`,
      body: mailTemplate`Hello,\n\nthe identity provider of ${organization} asked to remove access or roles from more than ${limit} people within ${guardWindowMs / 60_000} minutes. From now on, mass-removal protection holds every further removal until an owner decides; nothing that is on hold is removed until then. More removals may arrive in the next minutes. Rollcall lists all of them.\n\n${whatToDo}`,
    },
    now,
  );
}

type RejectedAgain = Organization & { readonly names: readonly string[] };

/** Mails the owners that the identity provider has again asked for what they had rejected, in its transaction. */
export function mailRejected(
  tx: Queryable,
  { organizationId, organization, names }: RejectedAgain,
  now: Date,
): Promise<void> {
  const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
  const who = `${names.slice(0, namesMax).join(", ")}${more}`;
  return mailOwners(
    tx,
    organizationId,
    {
      kind: "rejectedRemoval",
      subject: mailTemplate`A removal that was rejected in ${organization} was tried again`,
      body: mailTemplate`Hello,\n\nthe identity provider of ${organization} again asked to remove access or a role from ${who}. An owner had decided to reject this, so it was refused and nothing has changed.\n\nIf the removal is right, end the decision in Rollcall under Settings > Provisioning > Mass-removal protection and run it again in your identity provider. If not, correct the assignment there: until then this email comes once a day for each removal that is tried.\n`,
    },
    now,
  );
}

/**
 * Mails the owners of the next organization whose held changes have waited for a day since the last mail. The mail and
 * the note of it share a transaction, so that any number of processes may do this side by side. False: none is due.
 */
export function remindNextHold(database: Database, now: Date): Promise<boolean> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query(take, [new Date(now.getTime() - guardReminderMs)]);
    if (row === undefined) return false;
    const found = holdRow.parse(row);
    await tx.query(noted, [found.organizationId, now]);
    const held = await countWaiting(tx, found.organizationId);
    await mailOwners(tx, found.organizationId, reminder({ ...found, held }), now);
    return true;
  });
}

const namesMax = 10;
const whatToDo = verbatim(
  "If this was not intended, first correct the assignment in your identity provider. Then sign in to Rollcall and decide under Settings > Provisioning > Mass-removal protection. You can approve the removals, reject them, or allow all removals for an hour.\n\nNew people and other changes are not affected.\n",
);

const holdRow = z.object({ organizationId: z.string(), organization: z.string(), latchedAt: z.date() });

/** `held`: changes that wait for a decision. */
function reminder({ organization, held, latchedAt }: z.infer<typeof holdRow> & { readonly held: number }): OwnerMail {
  const since = `${latchedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const [changes, wait] = held === 1 ? ["1 removal", "waits"] : [`${held} removals`, "wait"];
  return {
    kind: "removalsHeld",
    subject: mailTemplate`Removals are still on hold: ${changes} in ${organization}`,
    body: mailTemplate`Hello,\n\nthe identity provider of ${organization} asked to remove access or roles from unusually many people. Mass-removal protection holds removals since ${since}: ${changes} ${wait} for a decision, and nothing that is on hold is removed until then.\n\n${whatToDo}`,
  };
}

/** Across organizations, as no organization asks. A row that a write holds at the moment is left for the next round. */
const take = {
  name: "guard_reminder_take",
  text: `select p.organization_id as "organizationId", o.name as organization, p.guard_latched_at as "latchedAt"
    from provisioning p join organization o on o.id = p.organization_id
    where p.guard_latched_at is not null and p.guard_holds_until is null and p.guard_mailed_at <= $1
      and p.is_guard_on and p.is_enabled and exists (select 1 ${waitingHolds("p.organization_id")})
    order by p.guard_mailed_at limit 1 for no key update of p skip locked`,
};
const noted = {
  name: "guard_reminder_noted",
  text: "update provisioning set guard_mailed_at = $2 where organization_id = $1",
};
