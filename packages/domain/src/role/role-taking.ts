import { err, ok, type Result } from "@rollcall/scim-protocol";
import { keepAnOwner } from "../member/last-owner.ts";
import { grantByOwner } from "./role-rules.ts";
import type { Role } from "./role.ts";
import type { Refusal } from "../rule-error.ts";

/** For so long can an owner undo that they gave or took a role. */
export const roleUndoMs = 10 * 60_000;

/** What is known of a person, under the organization's lock, before a role is taken from them by hand. */
export type TakingFacts = {
  readonly name: string;
  readonly isManaged: boolean;
  /** The living roles that they hold, by whatever source. */
  readonly heldRoleIds: readonly string[];
  /** Those of them that a mapping of the directory's groups gives, whatever else gives them too. */
  readonly mappedRoleIds: readonly string[];
  readonly otherActiveOwners: number;
};

/**
 * May an owner take this role from somebody by hand? Not what belongs to the directory on both sides (AR-61), not what
 * a mapping would give again, not the only role (AR-62), not the last owner's (AR-72).
 */
export function takeByOwner(
  person: TakingFacts,
  role: Role,
): Result<void, Refusal<"roleManagedByScim" | "roleMapped" | "onlyRole" | "lastOwner">> {
  const free = grantByOwner(person.isManaged, role);
  if (!free.ok) return free;
  if (person.mappedRoleIds.includes(role.id)) return err({ kind: "roleMapped", name: role.name });
  const kept = keepAnOwner(role.kind === "owner", person.otherActiveOwners, person.name);
  if (!kept.ok) return kept;
  return isOnlyRole(person, role.id) ? err({ kind: "onlyRole", name: role.name }) : ok(undefined);
}

/** Would taking this role leave the person with none? */
export function isOnlyRole(person: Pick<TakingFacts, "heldRoleIds">, roleId: string): boolean {
  return person.heldRoleIds.every((id) => id === roleId);
}
