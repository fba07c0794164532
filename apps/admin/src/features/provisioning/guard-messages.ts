import { formatCount, formatPeople } from "@rollcall/domain";
import type { HeldChange } from "./provisioning-queries.ts";
import { formatNames } from "../../ui/people-messages.ts";

/** `1 removal`, `15 removals`. */
export function formatRemovals(count: number): string {
  return formatCount(count, "removal");
}

export function changeLabel({ kind, role }: Pick<HeldChange, "kind" | "role">): string {
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

/** `Ada, Grace and 6 more`. */
export function namesIn(changes: readonly HeldChange[]): string {
  const people = [...new Map(changes.map((change) => [change.memberId, change])).values()];
  return formatNames(people.slice(0, namesMax), people.length);
}

/** The number of people in the changes. */
export function peopleIn(changes: readonly HeldChange[]): string {
  return formatPeople(new Set(changes.map(({ memberId }) => memberId)).size);
}
