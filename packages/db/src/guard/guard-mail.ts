import { guardWindowMs } from "@rollcall/domain";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { mailOwners, type OwnerMail } from "../mail/owner-mail.ts";
import type { Queryable } from "../store/queryable.ts";

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

/** Mails the owners that removals still wait for a decision. */
export function mailReminder(
  tx: Queryable,
  { organizationId, organization, ...waiting }: Organization & Waiting,
  now: Date,
): Promise<void> {
  return mailOwners(tx, organizationId, reminder(organization, waiting), now);
}

/** `held`: the number of undecided changes. */
type Waiting = { readonly latchedAt: Date; readonly held: number };

const namesMax = 10;
const whatToDo = verbatim(
  "If this was not intended, first correct the assignment in your identity provider. Then sign in to Rollcall and decide under Provisioning > Mass-removal protection. You can approve the removals, reject them, or allow all removals for an hour.\n\nNew people and other changes are not affected.\n",
);

function reminder(organization: string, { held, latchedAt }: Waiting): OwnerMail {
  const since = `${latchedAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const [changes, wait] = held === 1 ? ["1 removal", "waits"] : [`${held} removals`, "wait"];
  return {
    kind: "removalsHeld",
    subject: mailTemplate`Removals are still on hold: ${changes} in ${organization}`,
    body: mailTemplate`Hello,\n\nthe identity provider of ${organization} asked to remove access or roles from unusually many people. Mass-removal protection holds removals since ${since}: ${changes} ${wait} for a decision, and nothing that is on hold is removed until then.\n\n${whatToDo}`,
  };
}
