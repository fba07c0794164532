import { z } from "zod";
import { roleColumns, roleOf, type RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";

const shape = z.object({
  isEnabled: z.boolean(),
  defaultRoleId: z.string().nullable(),
  isGuardOn: z.boolean(),
  guardReleasedUntil: z.date().nullable(),
  guardLatchedAt: z.date().nullable(),
  guardHoldsUntil: z.date().nullable(),
  ssoAcknowledgedAt: z.date().nullable(),
  ssoAcknowledgedBy: z.string().nullable(),
  enabledAt: z.date().nullable(),
  onlyDirectoryRemoves: z.boolean(),
  keepsLocks: z.boolean(),
});
export type ProvisioningRow = z.infer<typeof shape>;

/** The settings of an organization that exists; there is always one row. */
export async function readProvisioning(sql: Queryable, organizationId: string): Promise<ProvisioningRow> {
  const [row] = await sql.query(byOrganization, [organizationId]);
  return shape.parse(row);
}

/** A living role of the organization by its id, or null. `roleId` must be a UUID. */
export async function findRole(sql: Queryable, organizationId: string, roleId: string): Promise<RoleRow | null> {
  const [row] = await sql.query(roleById, [organizationId, roleId]);
  return roleOf(row);
}

/** A living role of the organization by its folded name, or null. */
export async function findRoleByName(sql: Queryable, organizationId: string, nameKey: string): Promise<RoleRow | null> {
  const [row] = await sql.query(roleByName, [organizationId, nameKey]);
  return roleOf(row);
}

const byOrganization = {
  name: "provisioning_row",
  text: `select is_enabled as "isEnabled", default_role_id as "defaultRoleId", is_guard_on as "isGuardOn",
      guard_released_until as "guardReleasedUntil", guard_latched_at as "guardLatchedAt",
      guard_holds_until as "guardHoldsUntil", sso_acknowledged_at as "ssoAcknowledgedAt",
      sso_acknowledged_by as "ssoAcknowledgedBy", enabled_at as "enabledAt",
      only_directory_removes as "onlyDirectoryRemoves", keeps_locks as "keepsLocks"
    from provisioning where organization_id = $1`,
};
/** Shared, so that the role is not deleted before the caller's transaction ends. */
const roleById = {
  name: "console_role_by_id",
  text: `select ${roleColumns} from role r where organization_id = $1 and id = $2 and deleted_at is null for share`,
};
const roleByName = {
  name: "console_role_by_name",
  text: `select ${roleColumns} from role r where organization_id = $1 and name_key = $2 and deleted_at is null for share`,
};
