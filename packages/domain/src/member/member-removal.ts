import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isTyped } from "../confirmation.ts";
import { checkOwnerRemains } from "./last-owner.ts";
import type { Refusal } from "../rule-error.ts";

/** The facts before an owner removes a person, read under the organization's lock. */
export type RemovalFacts = {
  readonly isSelf: boolean;
  readonly otherActiveOwners: number;
  /** The owners' setting "identity provider only". */
  readonly onlyDirectoryRemoves: boolean;
};

type RemovedMember = { readonly name: string; readonly isManaged: boolean; readonly isOwner: boolean };
type RemovalRefusal = Refusal<"selfRemoval" | "lastOwner" | "onlyDirectoryRemoves">;

/** Source: design section 3, rule 3; rules AR-71 and AR-72. */
export function checkRemoval(member: RemovedMember, facts: RemovalFacts): Result<void, RemovalRefusal> {
  if (facts.isSelf) return err({ kind: "selfRemoval" });
  const kept = checkOwnerRemains(member.isOwner, facts.otherActiveOwners, member.name);
  if (!kept.ok) return kept;
  const isLeftToDirectory = member.isManaged && facts.onlyDirectoryRemoves;
  return isLeftToDirectory ? err({ kind: "onlyDirectoryRemoves", name: member.name }) : ok(undefined);
}

/** As `checkRemoval`; a managed person's name must also be typed, as the identity provider may add them again. */
export function checkConfirmedRemoval(
  member: RemovedMember,
  facts: RemovalFacts,
  typed: string | undefined,
): Result<void, RemovalRefusal | Refusal<"confirmationWrong">> {
  const possible = checkRemoval(member, facts);
  if (!possible.ok || !member.isManaged) return possible;
  return isTyped(typed, member.name) ? ok(undefined) : err({ kind: "confirmationWrong", expected: member.name });
}
