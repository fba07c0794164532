import type { Queryable } from "../store/queryable.ts";

/**
 * Whether one of these ids is a built-in role (Account Owners, or Deploy Owners, which allows everything), or a member
 * with one. Ids must be UUIDs of roles or members.
 */
export async function concernsOwnerRole(
  { db }: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<boolean> {
  const found = await db
    .selectFrom("role as r")
    .where("r.organizationId", "=", organizationId)
    .where("r.kind", "in", ["owner", "deploy_owner"])
    .where((eb) => {
      const isConcerned = eb.fn.any(eb.val(ids));
      const held = eb
        .selectFrom("role_grant as g")
        .whereRef("g.organizationId", "=", "r.organizationId")
        .whereRef("g.roleId", "=", "r.id")
        .where("g.memberId", "=", isConcerned);
      return eb.or([eb("r.id", "=", isConcerned), eb.exists(held.select("g.roleId"))]);
    })
    .select("r.id")
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
