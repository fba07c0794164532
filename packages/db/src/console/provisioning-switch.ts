import {
  disableProvisioning as decideDisable,
  enableProvisioning as decideEnable,
  type Refusal,
} from "@rollcall/domain";
import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../change-log.ts";
import type { Database } from "../database.ts";
import { touched } from "../member-row.ts";
import { releaseMappings } from "../role-mapping-end.ts";
import { findSsoConnection } from "../sso/sso-connection.ts";
import type { Queryable } from "../statement.ts";
import { entryOf, type WriteContext } from "../write-context.ts";
import { operate } from "./operation.ts";
import { findRoleByName, readProvisioning } from "./provisioning-row.ts";
import { applyDefaultRole, applyGuard, provisioningSubject, type DefaultRoleRefusal } from "./provisioning-settings.ts";
import { endAllTokens } from "./scim-token-store.ts";

export type EnableWish = {
  /** Undefined: the default role that is chosen already. */
  readonly defaultRole?: { readonly name: string } | undefined;
  readonly acknowledgeSso: boolean;
  readonly isGuardOn?: boolean | undefined;
  readonly confirmOwnerRole?: boolean | undefined;
};

export type EnableRefusal = DefaultRoleRefusal | Refusal<"provisioningAlreadyOn" | "ssoUnacknowledged">;

const enabling = { kind: "provisioning.enabled", subject: provisioningSubject } as const;
const disabling = { kind: "provisioning.disabled", subject: provisioningSubject } as const;

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
  return operate(database, context, enabling, async (tx): Promise<Result<void, EnableRefusal>> => {
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

/**
 * Turns provisioning off and releases the people: everybody and their roles stay, the directory's markers go, so that
 * owners can edit them, and the mappings of groups end, whose roles people keep as if given by hand; every token that still works is revoked at once. The provider's writes that are under way end
 * first, so that nobody is marked as managed afterwards.
 */
export function disableProvisioning(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"provisioningOff">>> {
  return operate(database, context, { ...disabling, locksOut: true }, async (tx) => {
    const { organizationId, now } = context;
    const decided = decideDisable(await readProvisioning(tx, organizationId));
    if (!decided.ok) return decided;
    await tx.query(saveOff, [organizationId, now]);
    const roles = await countOf(tx, releaseRoles, [organizationId, now]);
    const members = await countOf(tx, releaseMembers, [organizationId, now]);
    const mappings = await releaseMappings(tx, context);
    const tokens = await endAllTokens(tx, context);
    const released = { membersReleased: members, rolesReleased: roles, mappingsEnded: mappings };
    const after = { isEnabled: false, ...released, tokensRevoked: tokens };
    await recordChanges(tx, [{ ...entryOf(context), ...disabling, before: { isEnabled: true }, after }]);
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

async function countOf(
  tx: Queryable,
  statement: { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<number> {
  const [row] = await tx.query(statement, values);
  return z.object({ count: z.number() }).parse(row).count;
}

const saveOn = {
  name: "provisioning_on",
  text: `update provisioning set is_enabled = true, enabled_at = $2, sso_acknowledged_by = $3,
    sso_acknowledged_at = case when $3::text is not null then $2::timestamptz end, updated_at = $2 where organization_id = $1`,
};
/** The word on single sign-on is asked for anew when provisioning is turned on again. */
const saveOff = {
  name: "provisioning_off",
  text: `update provisioning set is_enabled = false, enabled_at = null, guard_released_until = null,
    sso_acknowledged_at = null, sso_acknowledged_by = null, updated_at = $2 where organization_id = $1`,
};
/** The lock order is organization, role, members by id. */
const releaseRoles = {
  name: "provisioning_release_roles",
  text: `with released as (update role set is_scim_created = false, is_linked = false, external_id = null,
      version = version + 1, updated_at = $2
      where organization_id = $1 and deleted_at is null and (is_scim_created or is_linked or external_id is not null)
      returning id)
    select count(*)::int as count from released`,
};
/** The provider's own ids go too: another provider, or the same one later, finds people by their e-mail again. */
const releaseMembers = {
  name: "provisioning_release_members",
  text: `with chosen as materialized (select id from member
      where organization_id = $1 and not is_deleted and is_managed order by id for update),
    released as (update member m set is_managed = false, external_id = null, ${touched(2)}
      from chosen where m.organization_id = $1 and m.id = chosen.id returning m.id)
    select count(*)::int as count from released`,
};
