import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { ChangeKind } from "../change/change.ts";
import { checkOwnerRemains } from "./last-owner.ts";
import type { Refusal } from "../rule-error.ts";

/** The most people that can be reactivated at a time. */
export const reactivatedMax = 500;

type ReactivatedMember = { readonly name: string; readonly isManaged: boolean };

/** Owners cannot reactivate a person whom the directory manages, as it would decide again. */
export function checkReactivation(
  member: ReactivatedMember,
  isProvisioningOn: boolean,
): Result<void, Refusal<"onlyDirectoryReactivates">> {
  const isLeftToDirectory = member.isManaged && isProvisioningOn;
  return isLeftToDirectory ? err({ kind: "onlyDirectoryReactivates", name: member.name }) : ok(undefined);
}

/**
 * The kinds after which an owner's reactivation can no longer be undone, as another decision about the access was made.
 */
export const accessKinds = [
  "member.reactivated",
  "member.deactivated",
  "member.linked",
  "member.handed_over",
  "member.accepted",
] as const satisfies readonly ChangeKind[];

/** The facts before a reactivation is undone, read under the organization's lock. */
export type UndoFacts = {
  readonly isProvisioningOn: boolean;
  readonly otherActiveOwners: number;
  /** Is an owner's reactivation the newest entry of `accessKinds` in the person's log? */
  readonly isLastReactivation: boolean;
};

/** Checks whether owners can undo a reactivation of theirs. */
export function checkReactivationUndo(
  member: ReactivatedMember & { readonly isOwner: boolean },
  facts: UndoFacts,
): Result<void, Refusal<"onlyDirectoryReactivates" | "reactivationOver" | "lastOwner">> {
  const theirs = checkReactivation(member, facts.isProvisioningOn);
  if (!theirs.ok) return theirs;
  if (!facts.isLastReactivation) return err({ kind: "reactivationOver", name: member.name });
  return checkOwnerRemains(member.isOwner, facts.otherActiveOwners, member.name);
}
