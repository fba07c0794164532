import { checkProvisioningStart, type Refusal } from "@rollcall/domain";
import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { applyGuard } from "../guard/guard-settings.ts";
import { findSsoConnection } from "../sso/sso-connection.ts";
import type { Database } from "../store/database.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { refuseDuringJob } from "./people-job.ts";
import { findRoleByName, loadProvisioning } from "./provisioning-row.ts";
import { applyDefaultRole, provisioningSubject, type DefaultRoleRefusal } from "./provisioning-settings.ts";

export type EnableInput = {
  /** Undefined: the current default role. */
  readonly defaultRole?: { readonly name: string } | undefined;
  readonly acknowledgeSso: boolean;
  readonly isGuardOn?: boolean | undefined;
  readonly confirmOwnerRole?: boolean | undefined;
};

export type EnableRefusal =
  | DefaultRoleRefusal
  | Refusal<"provisioningAlreadyOn" | "peopleJobRunning" | "ssoUnacknowledged">;

/**
 * Turns provisioning on and saves the given settings in the same transaction. If it is on already, given settings are
 * saved and the result is ok; without settings the refusal is `provisioningAlreadyOn`. The `roleId` of `roleNotFound`
 * is the given name.
 */
export function enableProvisioning(
  database: Database,
  context: WriteContext,
  input: EnableInput,
): Promise<Result<void, EnableRefusal>> {
  const attempt = { kind: "provisioning.enabled", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, EnableRefusal>> => {
    const applied = await applySettings(uow, input);
    if (!applied.ok) return applied;
    const settings = await loadProvisioning(uow);
    const hasSso = (await findSsoConnection(uow, uow.organizationId)) !== undefined;
    const decided = checkProvisioningStart(settings, hasSso, input.acknowledgeSso);
    if (!decided.ok) {
      const hasSettings = input.defaultRole !== undefined || input.isGuardOn !== undefined;
      return decided.error.kind === "provisioningAlreadyOn" && hasSettings ? ok(undefined) : decided;
    }
    const free = await refuseDuringJob(uow, "turnedOff");
    if (!free.ok) return free;
    const { now, actor } = uow;
    const ssoAcknowledgedBy = hasSso ? null : actor.name;
    const ssoAcknowledgedAt = hasSso ? null : now;
    const on = { isEnabled: true, enabledAt: now, ssoAcknowledgedBy, ssoAcknowledgedAt, updatedAt: now };
    // The locks of provisioning replace the kept ones.
    uow.em.assign(settings, { ...on, keepsLocks: false });
    const after = { isEnabled: true, defaultRoleId: settings.defaultRoleId, hasSso, ssoAcknowledgedBy };
    uow.log({ ...attempt, before: { isEnabled: false }, after });
    return ok(undefined);
  });
}

async function applySettings(uow: UnitOfWork, input: EnableInput): Promise<Result<void, DefaultRoleRefusal>> {
  if (input.isGuardOn !== undefined) await applyGuard(uow, input.isGuardOn);
  if (input.defaultRole === undefined) return ok(undefined);
  const { name } = input.defaultRole;
  const role = await findRoleByName(uow, uow.organizationId, foldText(name));
  if (role === null) return err({ kind: "roleNotFound", roleId: name });
  return applyDefaultRole(uow, role, input.confirmOwnerRole ?? false);
}
