import { guardReminderMs, guardWindowMs } from "@rollcall/domain";
import type { NotNull } from "kysely";
import type { Database } from "../store/database.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import type { Queryable } from "../store/queryable.ts";
import { countWaiting, waitingHolds } from "./held-change.ts";

type Organization = { readonly organizationId: string; readonly organization: string };

/**
 * Mails the owners that the guard begins to hold, in the same transaction, when the number of held removals is not
 * known yet. `limit`: the number of people who may lose something within the window.
 */
export function mailHold(tx: Queryable, hold: Organization & { readonly limit: number }, now: Date): Promise<void> {
  const { organizationId, organization, limit } = hold;
  const mail: OwnerMail = {
    kind: "removalsHeld",
    subject: mailTemplate`Rollcall has put removals in ${organization} on hold`,
    body: mailTemplate`Hello,\n\nthe identity provider of ${organization} asked to remove access or roles from more than ${limit} people within ${guardWindowMs / 60_000} minutes. From now on, mass-removal protection holds every further removal until an owner decides; nothing that is on hold is removed until then. More removals may arrive in the next minutes. Rollcall lists all of them.\n\n${whatToDo}`,
  };
  return mailOwners(tx, organizationId, mail, now);
}

type RejectedAgain = Organization & { readonly names: readonly string[] };

/** Mails the owners that the identity provider has repeated removals that they rejected. */
export function mailRejected(
  tx: Queryable,
  { organizationId, organization, names }: RejectedAgain,
  now: Date,
): Promise<void> {
  const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
  const who = `${names.slice(0, namesMax).join(", ")}${more}`;
  const mail: OwnerMail = {
    kind: "rejectedRemoval",
    subject: mailTemplate`A removal that was rejected in ${organization} was tried again`,
    body: mailTemplate`Hello,\n\nthe identity provider of ${organization} again asked to remove access or a role from ${who}. An owner had decided to reject this, so it was refused and nothing has changed.\n\nIf the removal is right, end the decision in Rollcall under Provisioning > Mass-removal protection and run it again in your identity provider. If not, correct the assignment there: until then this email comes once a day for each removal that is tried.\n`,
  };
  return mailOwners(tx, organizationId, mail, now);
}

/**
 * Mails the owners of the next organization whose held changes have waited for a day since the last mail. The mail and
 * its record share a transaction, so that several processes may do this. False: none is due.
 */
export function remindNextHold(database: Database, now: Date): Promise<boolean> {
  return database.transaction(async (tx) => {
    const found = await takeNext(tx, now);
    if (found === undefined) return false;
    const { organizationId } = found;
    await tx.db
      .updateTable("provisioning")
      .set({ guardMailedAt: now })
      .where("organizationId", "=", organizationId)
      .execute();
    await mailOwners(tx, organizationId, reminder({ ...found, held: await countWaiting(tx, organizationId) }), now);
    return true;
  });
}

/** The next due organization, skipping rows locked by another transaction. */
function takeNext({ db }: Queryable, now: Date) {
  return db
    .selectFrom("provisioning as p")
    .innerJoin("organization as o", "o.id", "p.organizationId")
    .where("p.guardLatchedAt", "is not", null)
    .where("p.guardHoldsUntil", "is", null)
    .where("p.guardMailedAt", "<=", new Date(now.getTime() - guardReminderMs))
    .where("p.isGuardOn", "=", true)
    .where("p.isEnabled", "=", true)
    .where((eb) => eb.exists(waitingHolds.select("h.id")))
    .orderBy("p.guardMailedAt")
    .limit(1)
    .select(["p.organizationId", "o.name as organization", "p.guardLatchedAt as latchedAt"])
    .$narrowType<{ latchedAt: NotNull }>()
    .forNoKeyUpdate(["p"])
    .skipLocked()
    .executeTakeFirst();
}

type DueHold = NonNullable<Awaited<ReturnType<typeof takeNext>>> & { readonly held: number };

const namesMax = 10;
const whatToDo = verbatim(
  "If this was not intended, first correct the assignment in your identity provider. Then sign in to Rollcall and decide under Provisioning > Mass-removal protection. You can approve the removals, reject them, or allow all removals for an hour.\n\nNew people and other changes are not affected.\n",
);

/** `held`: the number of undecided changes. */
function reminder({ organization, held, latchedAt }: DueHold): OwnerMail {
  const since = `${latchedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const [changes, wait] = held === 1 ? ["1 removal", "waits"] : [`${held} removals`, "wait"];
  return {
    kind: "removalsHeld",
    subject: mailTemplate`Removals are still on hold: ${changes} in ${organization}`,
    body: mailTemplate`Hello,\n\nthe identity provider of ${organization} asked to remove access or roles from unusually many people. Mass-removal protection holds removals since ${since}: ${changes} ${wait} for a decision, and nothing that is on hold is removed until then.\n\n${whatToDo}`,
  };
}
