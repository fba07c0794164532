import type { Role } from "@rollcall/domain";

/** A role as the statements read it. */
export type RoleRow = Role & { readonly version: number; readonly createdAt: Date; readonly updatedAt: Date };

/** What a SCIM Group and the rules know of the role `r`. */
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
