import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";
import { isDirectoryManaged, type Role } from "./role.ts";

/** May the provider change who is in this role? Only in a role that it made or that an owner has linked. */
export function pushMembers(role: Role): Result<void, Refusal<"roleNotLinked">> {
  return isDirectoryManaged(role) ? ok(undefined) : err({ kind: "roleNotLinked", name: role.name });
}

/** May the provider rename this role? Built-in and hand-made roles keep their names; the same name is no rename. */
export function renameByScim(
  role: Role,
  name: string,
): Result<{ readonly name: string } | undefined, Refusal<"roleBuiltIn" | "roleNotLinked">> {
  if (name === role.name) return ok(undefined);
  if (role.kind !== "custom") return err({ kind: "roleBuiltIn", name: role.name });
  return isDirectoryManaged(role) ? ok({ name }) : err({ kind: "roleNotLinked", name: role.name });
}

/** May the provider delete this role? Only one that it made, linked or not; the people stay in the organization. */
export function deleteByScim(
  role: Role,
  defaultRoleId: string | null,
): Result<void, Refusal<"roleBuiltIn" | "roleMadeByHand" | "roleIsDefault">> {
  if (role.kind !== "custom") return err({ kind: "roleBuiltIn", name: role.name });
  if (!role.isScimCreated) return err({ kind: "roleMadeByHand", name: role.name });
  return role.id === defaultRoleId ? err({ kind: "roleIsDefault", name: role.name }) : ok(undefined);
}

/** May an owner rename or delete this role in the console? Source: rules AR-09, AR-59 and AR-60. */
export function editByOwner(role: Role): Result<void, Refusal<"roleBuiltIn" | "roleManagedByScim">> {
  if (role.kind !== "custom") return err({ kind: "roleBuiltIn", name: role.name });
  return role.isScimCreated ? err({ kind: "roleManagedByScim", name: role.name }) : ok(undefined);
}

/** May an owner delete this role in the console? */
export function deleteByOwner(
  role: Role,
  defaultRoleId: string | null,
): Result<void, Refusal<"roleBuiltIn" | "roleManagedByScim" | "roleIsDefault">> {
  const editable = editByOwner(role);
  if (!editable.ok) return editable;
  return role.id === defaultRoleId ? err({ kind: "roleIsDefault", name: role.name }) : ok(undefined);
}

/** May an owner give or take this role by hand? Not where both the person and the role belong to the directory (AR-61). */
export function grantByOwner(isMemberManaged: boolean, role: Role): Result<void, Refusal<"roleManagedByScim">> {
  return isMemberManaged && role.isScimCreated ? err({ kind: "roleManagedByScim", name: role.name }) : ok(undefined);
}
