import type { Queryable } from "../store/queryable.ts";

/**
 * Is one of these ids a built-in role (Account Owners, or Deploy Owners, which allows everything), or a member who has one?
 * Ids must be UUIDs, of whatever kind.
 */
export async function concernsOwnerRole(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<boolean> {
  return (await sql.query(concerns, [organizationId, ids])).length > 0;
}

const concerns = {
  name: "owner_role_concerned",
  text: `select 1 from role r where r.organization_id = $1 and r.kind in ('owner', 'deploy_owner') and (r.id = any($2::uuid[])
    or exists (select 1 from role_grant g where g.organization_id = r.organization_id and g.role_id = r.id
      and g.member_id = any($2::uuid[]))) limit 1`,
};
