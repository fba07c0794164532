import { grantSources, roleKinds } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../statement.ts";
import { mappedByColumn, memberStatuses, statusColumn } from "./member-list.ts";

const roleRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(roleKinds),
  isScimCreated: z.boolean(),
  isLinked: z.boolean(),
  isDefault: z.boolean(),
  memberCount: z.number(),
  inactiveCount: z.number(),
  permissions: z.array(z.string()),
});
/** A role as owners see it. `memberCount` counts who holds it by any source; the inactive are counted apart. */
export type ListedRole = z.infer<typeof roleRow>;

const holderRow = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  status: z.enum(memberStatuses),
  sources: z.array(z.enum(grantSources)),
  mappedBy: z.string().nullable(),
});
/** Who holds a role, and by which sources; `mappedBy` is the group whose mapping gives it. */
export type RoleHolder = z.infer<typeof holderRow>;

/** The organization's roles, the built-in ones first, then by name; at most 1,000. */
export async function listRoles(sql: Queryable, organizationId: string): Promise<readonly ListedRole[]> {
  return (await sql.query(all, [organizationId])).map((row) => roleRow.parse(row));
}

/** A role with one page (from 1) of its holders by name, or undefined. `roleId` must be a UUID. */
export async function readRoleWithHolders(
  sql: Queryable,
  organizationId: string,
  query: { readonly roleId: string; readonly page: number; readonly pageSize: number },
): Promise<{ readonly role: ListedRole; readonly holders: readonly RoleHolder[] } | undefined> {
  const { roleId, page, pageSize } = query;
  const [[found], rows] = await Promise.all([
    sql.query(one, [organizationId, roleId]),
    sql.query(holders, [organizationId, roleId, pageSize, (page - 1) * pageSize]),
  ]);
  if (found === undefined) return undefined;
  return { role: roleRow.parse(found), holders: rows.map((row) => holderRow.parse(row)) };
}

const columns = `r.id, r.name, r.kind, r.is_scim_created as "isScimCreated", r.is_linked as "isLinked",
  r.permissions, coalesce(r.id = p.default_role_id, false) as "isDefault",
  held."memberCount", held."inactiveCount"`;
const source = `from role r join provisioning p on p.organization_id = r.organization_id
  cross join lateral (select count(distinct g.member_id) filter (where m.active)::int as "memberCount",
      count(distinct g.member_id) filter (where not m.active)::int as "inactiveCount" from role_grant g
    join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where g.organization_id = r.organization_id and g.role_id = r.id and not m.is_deleted) held
  where r.organization_id = $1 and r.deleted_at is null`;

const all = {
  name: "console_roles",
  text: `select ${columns} ${source}
    order by array_position(array['owner', 'deploy_owner', 'custom'], r.kind), r.name_key limit 1000`,
};
const one = { name: "console_role", text: `select ${columns} ${source} and r.id = $2` };
const holders = {
  name: "console_role_holders",
  text: `select m.id, m.name, m.user_name as "userName", ${statusColumn} as status,
      array_agg(g.source order by g.source) as sources, ${mappedByColumn} as "mappedBy"
    from role_grant g join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where g.organization_id = $1 and g.role_id = $2 and not m.is_deleted
    group by m.organization_id, m.id order by m.name_key, m.id limit $3 offset $4`,
};
