import type { HeldChange } from "./guard-queries.ts";
import { namesWords } from "./turn-off-messages.ts";

/** `1 removal`, `15 removals`. */
export function removalsWords(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "removal" : "removals"}`;
}

/** What the identity provider asked for. */
export function changeWords({ kind, role }: Pick<HeldChange, "kind" | "role">): string {
  switch (kind) {
    case "member.deactivated":
      return "Deactivate";
    case "member.deleted":
      return "Remove from the organization";
    case "member.role_revoked":
      return `Remove the role ${role ?? ""}`.trimEnd();
  }
}

const namesMax = 5;

/** The first people whom the changes are about: `Ada, Grace and 6 more`. */
export function namesIn(changes: readonly HeldChange[]): string {
  const people = [...new Map(changes.map((change) => [change.memberId, change])).values()];
  return namesWords(people.slice(0, namesMax), people.length);
}

/** How many people the changes are about. */
export function peopleIn(changes: readonly HeldChange[]): string {
  const count = new Set(changes.map(({ memberId }) => memberId)).size;
  return `${count.toLocaleString("en")} ${count === 1 ? "person" : "people"}`;
}
