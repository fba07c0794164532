import { grantSources, roleKinds } from "@rollcall/domain";
import { z } from "zod";
import { foldText } from "@rollcall/scim-protocol";
import type { Queryable } from "../store/queryable.ts";
import { readRoleAsk, type RoleAsk } from "./role-ask.ts";
import { mappedByColumn, memberStatuses, statusColumn } from "../member/member-list.ts";

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

export const holderSorts = ["name", "status"] as const;
/** `page` counts from 1; `search` looks into name and userName without regard to case; by name where `sort` is left out. */
export type HolderQuery = {
  readonly roleId: string;
  readonly search?: string | undefined;
  readonly sort?: (typeof holderSorts)[number] | undefined;
  readonly desc?: boolean | undefined;
  readonly page: number;
  readonly pageSize: number;
};
type RoleWithHolders = {
  readonly role: ListedRole;
  /** How many match. */
  readonly total: number;
  readonly holders: readonly RoleHolder[];
  readonly ask: RoleAsk | null;
};

/** A role with one page of its holders and what the provider asks of it, or undefined. `roleId` must be a UUID. */
export async function readRoleWithHolders(
  sql: Queryable,
  organizationId: string,
  query: HolderQuery,
): Promise<RoleWithHolders | undefined> {
  const { roleId, page, pageSize } = query;
  const search = query.search === undefined || query.search === "" ? null : foldText(query.search);
  const [[found], [counted], rows, ask] = await Promise.all([
    sql.query(one, [organizationId, roleId]),
    sql.query(count, [organizationId, roleId, search]),
    sql.query(holdersBy(query), [organizationId, roleId, search, pageSize, (page - 1) * pageSize]),
    readRoleAsk(sql, organizationId, roleId),
  ]);
  if (found === undefined) return undefined;
  const { total } = z.object({ total: z.number() }).parse(counted);
  return { role: roleRow.parse(found), total, holders: rows.map((row) => holderRow.parse(row)), ask };
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

const held = `from role_grant g join member m on m.organization_id = g.organization_id and m.id = g.member_id
    where g.organization_id = $1 and g.role_id = $2 and not m.is_deleted
      and ($3::text is null or position($3 in m.name_key) > 0 or position($3 in m.user_name_key) > 0)`;
const count = { name: "console_role_holder_count", text: `select count(distinct m.id)::int as total ${held}` };
const orders = {
  name: (way: string) => `m.name_key ${way}, m.id ${way}`,
  status: (way: string) => `${statusColumn} ${way}, m.name_key, m.id`,
} as const satisfies Record<(typeof holderSorts)[number], (way: string) => string>;
const holdersBy = ({ sort = "name", desc = false }: HolderQuery) => ({
  name: "console_role_holders",
  text: `select m.id, m.name, m.user_name as "userName", ${statusColumn} as status,
      array_agg(g.source order by g.source) as sources, ${mappedByColumn} as "mappedBy"
    ${held} group by m.organization_id, m.id order by ${orders[sort](desc ? "desc" : "asc")} limit $4 offset $5`,
});
