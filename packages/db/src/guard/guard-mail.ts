import { guardReminderMs } from "@rollcall/domain";
import { z } from "zod";
import type { Database } from "../database.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import type { Queryable } from "../statement.ts";
import { countWaiting, waitingHolds } from "./held-change.ts";

type Hold = {
  readonly organizationId: string;
  readonly organization: string;
  /** Changes that wait for a decision. */
  readonly held: number;
  readonly latchedAt: Date;
};

/** Mails the owners that the guard has begun to hold, in the transaction in which it begins. */
export function mailHold(tx: Queryable, hold: Hold, now: Date): Promise<void> {
  return mailOwners(tx, hold.organizationId, holdMail(hold, "Rollcall has put removals on hold"), now);
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
    const hold = { ...found, held: await countWaiting(tx, found.organizationId) };
    await mailOwners(tx, hold.organizationId, holdMail(hold, "Removals are still on hold"), now);
    return true;
  });
}

const holdRow = z.object({ organizationId: z.string(), organization: z.string(), latchedAt: z.date() });

function holdMail({ organization, held, latchedAt }: Hold, title: string): OwnerMail {
  const since = `${latchedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const [changes, wait] = held === 1 ? ["1 removal", "waits"] : [`${held} removals`, "wait"];
  return {
    kind: "removalsHeld",
    subject: mailTemplate`${title}: ${changes} in ${organization}`,
    body: mailTemplate`Hello,\n\nthe identity provider of ${organization} asked to remove access or roles from unusually many people. Mass-removal protection holds these removals since ${since}: ${changes} ${wait} for a decision so far, and the people keep their access until then.\n\nIf this was not intended, first correct the assignment in your identity provider. Then sign in to Rollcall and decide under Settings > Provisioning > Mass-removal protection. You can approve the removals, reject them, or allow all removals for an hour.\n\nNew people and other changes are not affected.\n`,
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
