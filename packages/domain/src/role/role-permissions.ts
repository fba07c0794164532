import { err, ok, type Result } from "@rollcall/scim-protocol";
import { permissions, type PermissionId, type Role } from "./role.ts";
import type { Refusal } from "../rule-error.ts";

/** A role's name, in characters. */
export const roleNameLengthMax = 100;

/** Checks ids of permissions; returns each once, in the order of the screen. */
export function choosePermissions(
  wanted: readonly string[],
): Result<readonly PermissionId[], Refusal<"permissionUnknown">> {
  const unknown = wanted.find((id) => !permissions.some((known) => known.id === id));
  if (unknown !== undefined) return err({ kind: "permissionUnknown", permission: unknown });
  return ok(permissions.map(({ id }) => id).filter((id) => wanted.includes(id)));
}

/** Owners decide what any custom role allows, the directory's included (AR-60). */
export function checkPermissionsEdit(role: Role): Result<void, Refusal<"roleBuiltIn">> {
  return role.kind === "custom" ? ok(undefined) : err({ kind: "roleBuiltIn", name: role.name });
}
