import type { Role } from "@rollcall/domain";

/** A role as read by the statements. */
export type RoleRow = Role & { readonly version: number; readonly createdAt: Date; readonly updatedAt: Date };

/** The columns of the role `r` for the SCIM Group and the rules. */
export const roleFields = [
  "r.id",
  "r.name",
  "r.kind",
  "r.isScimCreated",
  "r.isLinked",
  "r.externalId",
  "r.version",
  "r.createdAt",
  "r.updatedAt",
] as const;
