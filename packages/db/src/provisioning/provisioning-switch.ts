import { enableProvisioning as decideEnable, type Refusal } from "@rollcall/domain";
import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { applyGuard } from "../guard/guard-settings.ts";
import { findSsoConnection } from "../sso/sso-connection.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRoleByName, readProvisioning } from "./provisioning-row.ts";
import { applyDefaultRole, provisioningSubject, type DefaultRoleRefusal } from "./provisioning-settings.ts";

export type EnableWish = {
  /** Undefined: the default role that is chosen already. */
  readonly defaultRole?: { readonly name: string } | undefined;
  readonly acknowledgeSso: boolean;
  readonly isGuardOn?: boolean | undefined;
  readonly confirmOwnerRole?: boolean | undefined;
};

export type EnableRefusal = DefaultRoleRefusal | Refusal<"provisioningAlreadyOn" | "ssoUnacknowledged">;

const enabling = { kind: "provisioning.enabled", subject: provisioningSubject } as const;

/**
 * Turns provisioning on; the settings that are given with it are saved in the same transaction. Where it is on already,
 * given settings are still saved and answered ok; without any the refusal is `provisioningAlreadyOn`. The `roleId` of
 * `roleNotFound` is the name that was asked for.
 */
export function enableProvisioning(
  database: Database,
  context: WriteContext,
  wish: EnableWish,
): Promise<Result<void, EnableRefusal>> {
  return inOrganization(database, context, enabling, async (tx): Promise<Result<void, EnableRefusal>> => {
    const applied = await applySettings(tx, context, wish);
    if (!applied.ok) return applied;
    const settings = await readProvisioning(tx, context.organizationId);
    const hasSso = (await findSsoConnection(tx, context.organizationId)) !== undefined;
    const decided = decideEnable(settings, hasSso, wish.acknowledgeSso);
    if (!decided.ok) {
      const isAccepted = decided.error.kind === "provisioningAlreadyOn" && hasSettings(wish);
      return isAccepted ? ok(undefined) : decided;
    }
    const { organizationId, now, actor } = context;
    const ssoAcknowledgedBy = hasSso ? null : actor.name;
    await tx.query(saveOn, [organizationId, now, ssoAcknowledgedBy]);
    const after = { isEnabled: true, defaultRoleId: settings.defaultRoleId, hasSso, ssoAcknowledgedBy };
    await recordChanges(tx, [{ ...entryOf(context), ...enabling, before: { isEnabled: false }, after }]);
    return ok(undefined);
  });
}

function hasSettings(wish: EnableWish): boolean {
  return wish.defaultRole !== undefined || wish.isGuardOn !== undefined;
}

async function applySettings(
  tx: Queryable,
  context: WriteContext,
  wish: EnableWish,
): Promise<Result<void, DefaultRoleRefusal>> {
  if (wish.isGuardOn !== undefined) await applyGuard(tx, context, wish.isGuardOn);
  if (wish.defaultRole === undefined) return ok(undefined);
  const { name } = wish.defaultRole;
  const role = await findRoleByName(tx, context.organizationId, foldText(name));
  if (role === null) return err({ kind: "roleNotFound", roleId: name });
  return applyDefaultRole(tx, context, role, wish.confirmOwnerRole ?? false);
}

/** The locks are those of provisioning again. */
const saveOn = {
  name: "provisioning_on",
  text: `update provisioning set is_enabled = true, enabled_at = $2, keeps_locks = false, sso_acknowledged_by = $3,
    sso_acknowledged_at = case when $3::text is not null then $2::timestamptz end, updated_at = $2 where organization_id = $1`,
};
