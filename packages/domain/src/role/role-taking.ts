import { err, ok, type Result } from "@rollcall/scim-protocol";
import { checkOwnerRemains } from "../member/last-owner.ts";
import { checkOwnerGrant } from "./role-rules.ts";
import type { Role } from "./role.ts";
import type { Refusal } from "../rule-error.ts";

/** How long an owner can undo giving or taking a role. */
export const roleUndoMs = 10 * 60_000;

/** The facts before an owner takes a role, read under the organization's lock. */
export type TakingFacts = {
  readonly name: string;
  readonly isManaged: boolean;
  /** The roles that they have, by any source, without deleted ones. */
  readonly heldRoleIds: readonly string[];
  /** Those of them that a mapping of the directory's groups gives, among other sources. */
  readonly mappedRoleIds: readonly string[];
  readonly otherActiveOwners: number;
};

/**
 * Checks whether an owner may take this role from a person. Not a grant that the directory manages (AR-61), one that a
 * mapping would give again, the person's only role (AR-62), nor the last owner's (AR-72).
 */
export function checkOwnerRevocation(
  person: TakingFacts,
  role: Role,
): Result<void, Refusal<"roleManagedByScim" | "roleMapped" | "onlyRole" | "lastOwner">> {
  const free = checkOwnerGrant(person.isManaged, role);
  if (!free.ok) return free;
  if (person.mappedRoleIds.includes(role.id)) return err({ kind: "roleMapped", name: role.name });
  const kept = checkOwnerRemains(role.kind === "owner", person.otherActiveOwners, person.name);
  if (!kept.ok) return kept;
  return isOnlyRole(person, role.id) ? err({ kind: "onlyRole", name: role.name }) : ok(undefined);
}

/** Would taking this role leave the person without any? */
export function isOnlyRole(person: Pick<TakingFacts, "heldRoleIds">, roleId: string): boolean {
  return person.heldRoleIds.every((id) => id === roleId);
}
