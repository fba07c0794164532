import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";
import type { Role } from "../role/role.ts";

export type ProvisioningSettings = {
  readonly isEnabled: boolean;
  readonly defaultRoleId: string | null;
};

/** Chooses the role of people created from now on; existing roles do not change. Rules AR-04 to AR-08. */
export function chooseDefaultRole(
  role: Role | null,
  isOwnerConfirmed: boolean,
): Result<{ readonly defaultRoleId: string }, Refusal<"defaultRoleRequired" | "ownerRoleUnconfirmed">> {
  if (role === null) return err({ kind: "defaultRoleRequired" });
  if (role.kind !== "custom" && !isOwnerConfirmed) return err({ kind: "ownerRoleUnconfirmed", name: role.name });
  return ok({ defaultRoleId: role.id });
}

/**
 * Provisioning is turned on with a default role, and with single sign-on or the owner's confirmation that it follows.
 */
export function checkProvisioningStart(
  settings: ProvisioningSettings,
  hasSso: boolean,
  isSsoAcknowledged: boolean,
): Result<void, Refusal<"provisioningAlreadyOn" | "defaultRoleRequired" | "ssoUnacknowledged">> {
  if (settings.isEnabled) return err({ kind: "provisioningAlreadyOn" });
  if (settings.defaultRoleId === null) return err({ kind: "defaultRoleRequired" });
  return hasSso || isSsoAcknowledged ? ok(undefined) : err({ kind: "ssoUnacknowledged" });
}

/** Members who were kept locked can be unlocked only while provisioning is off. */
export function checkKeptRelease(settings: ProvisioningSettings): Result<void, Refusal<"provisioningAlreadyOn">> {
  return settings.isEnabled ? err({ kind: "provisioningAlreadyOn" }) : ok(undefined);
}
