import { roleKinds, type Role } from "@rollcall/domain";
import { z } from "zod";

/** A role as the statements read it. */
export type RoleRow = Role & { readonly version: number; readonly createdAt: Date; readonly updatedAt: Date };

/** The columns of `RoleRow`, of a table or expression that is called `r`. */
export const roleColumns = `r.id, r.name, r.kind, r.is_scim_created as "isScimCreated", r.is_linked as "isLinked",
  r.external_id as "externalId", r.version, r.created_at as "createdAt", r.updated_at as "updatedAt"`;

const shape = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(roleKinds),
  isScimCreated: z.boolean(),
  isLinked: z.boolean(),
  externalId: z.string().nullable(),
  version: z.number(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** The role of a row, or null where an outer join found none. */
export function roleOf(row: Record<string, unknown> | undefined): RoleRow | null {
  return row === undefined || row["id"] === null || row["id"] === undefined ? null : shape.parse(row);
}
