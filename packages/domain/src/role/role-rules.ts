import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";
import { isDirectoryManaged, type Role } from "./role.ts";

/** The provider changes members only of roles that it made or that an owner has linked. */
export function checkMembersPush(role: Role): Result<void, Refusal<"roleNotLinked">> {
  return isDirectoryManaged(role) ? ok(undefined) : err({ kind: "roleNotLinked", name: role.name });
}

/** Built-in and manually created roles keep their names; the same name in another spelling is no rename of them. */
export function renameByScim(
  role: Role,
  name: string,
): Result<{ readonly name: string } | undefined, Refusal<"roleBuiltIn" | "roleNotLinked">> {
  if (name === role.name) return ok(undefined);
  const isBuiltIn = role.kind !== "custom";
  if (!isBuiltIn && isDirectoryManaged(role)) return ok({ name });
  if (foldText(name) === foldText(role.name)) return ok(undefined);
  return err({ kind: isBuiltIn ? "roleBuiltIn" : "roleNotLinked", name: role.name });
}

/** The provider deletes only roles that it made, linked or not; the members stay in the organization. */
export function checkScimDeletion(
  role: Role,
  defaultRoleId: string | null,
): Result<void, Refusal<"roleBuiltIn" | "roleMadeByHand" | "roleIsDefault">> {
  if (role.kind !== "custom") return err({ kind: "roleBuiltIn", name: role.name });
  if (!role.isScimCreated) return err({ kind: "roleMadeByHand", name: role.name });
  return role.id === defaultRoleId ? err({ kind: "roleIsDefault", name: role.name }) : ok(undefined);
}

/** Source: rules AR-09, AR-59 and AR-60. */
export function checkOwnerEdit(role: Role): Result<void, Refusal<"roleBuiltIn" | "roleManagedByScim">> {
  if (role.kind !== "custom") return err({ kind: "roleBuiltIn", name: role.name });
  return role.isScimCreated ? err({ kind: "roleManagedByScim", name: role.name }) : ok(undefined);
}

export function checkOwnerDeletion(
  role: Role,
  defaultRoleId: string | null,
): Result<void, Refusal<"roleBuiltIn" | "roleManagedByScim" | "roleIsDefault">> {
  const editable = checkOwnerEdit(role);
  if (!editable.ok) return editable;
  return role.id === defaultRoleId ? err({ kind: "roleIsDefault", name: role.name }) : ok(undefined);
}

/** Owners do not change a grant if both the person and the role are managed by the directory (AR-61). */
export function checkOwnerGrant(isMemberManaged: boolean, role: Role): Result<void, Refusal<"roleManagedByScim">> {
  return isMemberManaged && role.isScimCreated ? err({ kind: "roleManagedByScim", name: role.name }) : ok(undefined);
}
