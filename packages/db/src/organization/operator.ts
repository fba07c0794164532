import { z } from "zod";
import type { Database } from "../store/database.ts";
import { isUuid } from "../store/id.ts";
import type { WriteContext } from "../store/write-context.ts";

/** The operator as the author of a write; undefined where there is no such organization. */
export async function operatorContext(
  database: Database,
  organizationId: string,
  now: Date,
): Promise<WriteContext | undefined> {
  if (!isUuid(organizationId)) return undefined;
  const [row] = await database.sql.query(settings, [organizationId]);
  if (row === undefined) return undefined;
  const { defaultRoleId } = z.object({ defaultRoleId: z.string().nullable() }).parse(row);
  const actor = { kind: "operator", id: null, name: "operator" } as const;
  return { organizationId, defaultRoleId, actor, now, requestId: null };
}

const settings = {
  name: "operator_context",
  text: `select default_role_id as "defaultRoleId" from provisioning where organization_id = $1`,
};
