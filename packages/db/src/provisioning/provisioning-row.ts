import { roleFields } from "../role/role-columns.ts";
import type { RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";

/** The settings of an organization that exists; there is always one row. */
export function readProvisioning({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("provisioning")
    .where("organizationId", "=", organizationId)
    .select(["isEnabled", "enabledAt", "defaultRoleId", "keepsLocks", "onlyDirectoryRemoves"])
    .select(["isGuardOn", "guardReleasedUntil", "guardLatchedAt", "guardHoldsUntil"])
    .select(["ssoAcknowledgedAt", "ssoAcknowledgedBy"])
    .executeTakeFirstOrThrow();
}

/** A living role of the organization by its id, or null. `roleId` must be a UUID. */
export async function findRole(sql: Queryable, organizationId: string, roleId: string): Promise<RoleRow | null> {
  return (await livingRoles(sql, organizationId).where("r.id", "=", roleId).executeTakeFirst()) ?? null;
}

/** A living role of the organization by its folded name, or null. */
export async function findRoleByName(sql: Queryable, organizationId: string, nameKey: string): Promise<RoleRow | null> {
  return (await livingRoles(sql, organizationId).where("r.nameKey", "=", nameKey).executeTakeFirst()) ?? null;
}

/** Shared, so that a role is not deleted before the caller's transaction ends. */
function livingRoles({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("role as r")
    .where("r.organizationId", "=", organizationId)
    .where("r.deletedAt", "is", null)
    .select(roleFields)
    .forShare();
}
