import { expressionBuilder, sql } from "kysely";
import { keptCount } from "../member/member-columns.ts";
import { ProvisioningSchema } from "../model/provisioning.ts";
import { roleFields, type RoleRow } from "../role/role-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";

/** The settings of the organization as an entity, for writing. */
export function loadProvisioning({ em, organizationId }: UnitOfWork) {
  return em.findOneOrFail(ProvisioningSchema, { organizationId });
}

/** The number of managed people, or of those with access, in the organization of the settings `p`. */
export const keptManaged = (which: "managed" | "active") =>
  expressionBuilder<Tables & { p: Tables["provisioning"] }, "p">()
    .selectFrom("member_count as c")
    .whereRef("c.organizationId", "=", "p.organizationId")
    .select(keptCount(sql.ref(`c.${which}`)).as("people"))
    .$asScalar()
    .$notNull();

/** The settings of an existing organization; there is always one row. */
export function readProvisioning({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("provisioning")
    .where("organizationId", "=", organizationId)
    .select(["isEnabled", "enabledAt", "defaultRoleId", "keepsLocks", "onlyDirectoryRemoves"])
    .select(["isGuardOn", "guardReleasedUntil", "guardLatchedAt", "guardHoldsUntil"])
    .select(["ssoAcknowledgedAt", "ssoAcknowledgedBy"])
    .executeTakeFirstOrThrow();
}

/** An existing role by its id, or null; not deleted before the caller's transaction ends. `roleId` must be a UUID. */
export async function findRole(sql: Queryable, organizationId: string, roleId: string): Promise<RoleRow | null> {
  const roles = existingRoles(sql, organizationId).where("r.id", "=", roleId);
  return (await roles.forShare().executeTakeFirst()) ?? null;
}

/** As `findRole`, by the normalized name. */
export async function findRoleByName(sql: Queryable, organizationId: string, nameKey: string): Promise<RoleRow | null> {
  const roles = existingRoles(sql, organizationId).where("r.nameKey", "=", nameKey);
  return (await roles.forShare().executeTakeFirst()) ?? null;
}

/** The roles `r` that are not deleted, without a lock. */
export function existingRoles({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("role as r")
    .where("r.organizationId", "=", organizationId)
    .where("r.deletedAt", "is", null)
    .select(roleFields);
}
