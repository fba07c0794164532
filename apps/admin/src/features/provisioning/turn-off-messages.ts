import { type AfterProvisioning, formatCount, formatPeople, peopleChunk } from "@rollcall/domain";
import { formatNames } from "../../ui/people-messages.ts";
import type { OffPlan, TurningOff } from "./provisioning-queries.ts";

/** The label of a choice. */
export function titleOf(choice: AfterProvisioning, plan: OffPlan): string {
  switch (choice) {
    case "release":
      return `Keep ${formatPeople(plan.released)} and unlock their accounts (recommended)`;
    case "keepLocked":
      return `Keep ${formatPeople(plan.locked)} locked`;
    case "remove":
      return `Remove ${formatPeople(plan.removed)} from the organization`;
  }
}

/** The consequences of a choice, one sentence each. */
export function consequencesOf(choice: AfterProvisioning, foreseen: TurningOff): readonly string[] {
  const { people, plans } = foreseen;
  const plan = plans[choice];
  switch (choice) {
    case "release":
      return [
        ...whom(people, plan.released, "keep their membership and their roles"),
        "Nobody loses access.",
        "They can leave again, and change their email address and password.",
        ...inactiveSentence(plan, [
          " is unlocked too, and stays without access",
          " are unlocked too, and stay without access",
        ]),
        ...rolesSentence(foreseen),
        ...backgroundSentence(plan, "Unlocking them is finished in the background"),
        "To end someone’s access, deactivate them in the identity provider first, or remove them here.",
      ];
    case "keepLocked":
      return [
        ...whom(people, plan.locked, "keep their membership and their roles"),
        "Nobody loses access.",
        "They still cannot leave, and cannot change their email address or password.",
        ...inactiveSentence(plan, [" stays without access", " stay without access"]),
        ...backgroundSentence(plan, "Their external ids are cleared in the background"),
        "You can unlock them later, on this screen. Until then roles of the directory stay locked too.",
      ];
    case "remove":
      return [
        ...whom(
          people.filter(({ id }) => !plan.staying.some((one) => one.id === id)),
          plan.removed,
          "lose access and all roles here at once, in every browser",
        ),
        ...plan.staying.map(({ name, why }) =>
          why === "self" ? `${name} stays: that is you.` : `${name} stays, as the last owner.`,
        ),
        "Their accounts, their other organizations and the history here stay. No email is sent.",
        ...backgroundSentence(plan, "Removing them is finished in the background"),
        ...inactiveSentence(plan, [
          ", already without access, is removed too",
          ", already without access, are removed too",
        ]),
        ...rolesSentence(foreseen),
      ];
  }
}

/** Several chunks of people take longer than one request. */
function backgroundSentence({ released, locked, removed, inactive }: OffPlan, what: string): readonly string[] {
  if (released + locked + removed + inactive <= peopleChunk) return [];
  return [`${what}. Provisioning can be turned on again afterwards.`];
}

/** Inactive people have no access to lose and are counted separately. `verbs`: singular and plural. */
function inactiveSentence({ inactive }: OffPlan, verbs: readonly [string, string]): readonly string[] {
  if (inactive === 0) return [];
  return [`${formatCount(inactive, "inactive person", "inactive people")}${verbs[inactive === 1 ? 0 : 1]}.`];
}

function whom(people: TurningOff["people"], total: number, what: string): readonly string[] {
  return total === 0 ? [] : [`${formatNames(people, total)} ${total === 1 ? singular(what) : what}.`];
}

function singular(what: string): string {
  return what.replace(/^keep/, "keeps").replace(/^lose/, "loses");
}

/** Pushed groups become roles of the owners. */
export function rolesSentence({ roles, roleCount }: TurningOff): readonly string[] {
  if (roleCount === 0) return [];
  const become = roleCount === 1 ? "becomes an ordinary role" : "become ordinary roles";
  return [`${formatNames(roles, roleCount)} ${become}, which you can edit.`];
}
