import { grantSources } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

export const memberStatuses = ["active", "inactive", "awaiting"] as const;
export type MemberStatus = (typeof memberStatuses)[number];

export const memberSorts = ["name", "status", "changed"] as const;
type MemberSort = (typeof memberSorts)[number];

/** Undefined: do not ask for it. `search` looks into name and userName without regard to case, as plain text. */
export type MemberFilter = {
  readonly search?: string | undefined;
  readonly status?: MemberStatus | undefined;
  readonly isManaged?: boolean | undefined;
  readonly roleId?: string | undefined;
  /** By name where it is left out; `desc`: from the end. */
  readonly sort?: MemberSort | undefined;
  readonly desc?: boolean | undefined;
};
/** `page` counts from 1. */
export type MemberQuery = MemberFilter & { readonly page: number; readonly pageSize: number };

const listedRow = z.object({
  id: z.string(),
  name: z.string(),
  userName: z.string(),
  email: z.string(),
  status: z.enum(memberStatuses),
  isManaged: z.boolean(),
  externalId: z.string().nullable(),
  roles: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      sources: z.array(z.enum(grantSources)),
      mappedBy: z.string().nullable(),
    }),
  ),
  createdAt: z.date(),
  updatedAt: z.date(),
});
export type ListedMember = z.infer<typeof listedRow>;

/** How many members match, and one page of them in their order. Deleted people are never among them. */
export async function listMembers(
  sql: Queryable,
  organizationId: string,
  query: MemberQuery,
): Promise<{ readonly total: number; readonly members: readonly ListedMember[] }> {
  const { page, pageSize } = query;
  const wishes = wishesOf(organizationId, query);
  const [[counted], rows] = await Promise.all([
    sql.query(count, wishes),
    sql.query(pageOf(query), [...wishes, pageSize, (page - 1) * pageSize]),
  ]);
  const { total } = z.object({ total: z.number() }).parse(counted);
  return { total, members: rows.map((row) => listedRow.parse(row)) };
}

/**
 * The ids of all who match in their order, 16 bytes each: a million of them are 16 MB. What is decided at one moment can be
 * read part by part afterwards, with everybody once, although names, states and dates change meanwhile. At most `limit`.
 */
export async function listMemberIds(
  sql: Queryable,
  organizationId: string,
  query: MemberFilter,
  limit: number,
): Promise<Buffer> {
  const [row] = await sql.query(idsOf(query), [...wishesOf(organizationId, query), limit]);
  return z.object({ ids: z.instanceof(Buffer) }).parse(row).ids;
}

/** Those of `ids` who are still there, in that order. They must be UUIDs. */
export async function readMembersById(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly ListedMember[]> {
  const rows = await sql.query(byIds, [organizationId, ids]);
  return rows.map((row) => listedRow.parse(row));
}

function wishesOf(organizationId: string, query: MemberFilter): readonly unknown[] {
  const { status, isManaged, roleId } = query;
  const search = query.search === undefined || query.search === "" ? null : foldText(query.search);
  return [organizationId, search, status ?? null, isManaged ?? null, roleId ?? null];
}

/** One of them, or undefined. `memberId` must be a UUID. */
export async function readListedMember(
  sql: Queryable,
  organizationId: string,
  memberId: string,
): Promise<ListedMember | undefined> {
  const [row] = await sql.query(one, [organizationId, memberId]);
  return row === undefined ? undefined : listedRow.parse(row);
}

/** The state of a member that is called `m`, for the screen. */
export const statusColumn = `case when not m.active then 'inactive' when m.awaits_acceptance then 'awaiting'
  else 'active' end`;

/**
 * The name of the group whose mapping gives a role, where grants `g` of the member `m` are grouped by role; else null. It
 * is the first in the owners' order that the person is in, as nobody has a mapped role by another.
 */
export const mappedByColumn = `case when bool_or(g.source = 'mapping') then (select grp.name from group_mapping gm
  join role_grant gg on gg.organization_id = gm.organization_id and gg.role_id = gm.group_id and gg.source = 'group'
    and gg.member_id = m.id
  join role grp on grp.organization_id = gm.organization_id and grp.id = gm.group_id
  where gm.organization_id = m.organization_id order by gm.position limit 1) end`;

/** `position` and not LIKE, so that "%" and "_" mean themselves. */
const where = `m.organization_id = $1 and not m.is_deleted
  and ($2::text is null or position($2 in m.name_key) > 0 or position($2 in m.user_name_key) > 0)
  and ($3::text is null or ${statusColumn} = $3)
  and ($4::boolean is null or m.is_managed = $4)
  and ($5::uuid is null or exists (select 1 from role_grant g
    where g.organization_id = $1 and g.role_id = $5 and g.member_id = m.id))`;

const count = { name: "console_members_count", text: `select count(*)::int as total from member m where ${where}` };

/** Of a person who has not accepted, or whose account has lost its address, only what the provider says is known. */
const listed = (source: string, order: string): string => `select m.id, m.name, m.user_name as "userName",
      coalesce(a.email, m.user_name) as email, ${statusColumn} as status,
      m.is_managed as "isManaged", m.external_id as "externalId", coalesce(held.roles, '[]') as roles,
      m.created_at as "createdAt", m.updated_at as "updatedAt"
    from (${source}) m
    left join account a on a.id = m.account_id
    cross join lateral (select json_agg(json_build_object('id', r.id, 'name', r.name, 'sources', r.sources, 'mappedBy', r.mapped_by)
        order by r.name_key) as roles
      from (select r.id, r.name, r.name_key, array_agg(g.source order by g.source) as sources,
          ${mappedByColumn} as mapped_by
        from role_grant g join role r on r.organization_id = g.organization_id and r.id = g.role_id
        where g.organization_id = m.organization_id and g.member_id = m.id and r.deleted_at is null
        group by r.id, r.name, r.name_key) r) held
    order by ${order}`;

/** Each ends with the id, so that equals keep their places from page to page. */
const orders = {
  name: (way: string) => `m.name_key ${way}, m.id ${way}`,
  status: (way: string) => `${statusColumn} ${way}, m.name_key, m.id`,
  changed: (way: string) => `m.updated_at ${way}, m.id ${way}`,
} as const satisfies Record<MemberSort, (way: string) => string>;
const orderOf = ({ sort = "name", desc = false }: MemberFilter): string => orders[sort](desc ? "desc" : "asc");

const pageOf = (query: MemberFilter) => ({
  name: "console_members_page",
  text: listed(`select * from member m where ${where} order by ${orderOf(query)} limit $6 offset $7`, orderOf(query)),
});
const idsOf = (query: MemberFilter) => ({
  name: "console_member_ids",
  text: `select coalesce(string_agg(uuid_send(m.id), ''::bytea order by ${orderOf(query)}), ''::bytea) as ids
    from (select m.id, m.name_key, m.active, m.awaits_acceptance, m.updated_at from member m where ${where}
      order by ${orderOf(query)} limit $6) m`,
});
const byIds = {
  name: "console_members_by_id",
  text: listed(
    `select m.*, asked.position from unnest($2::uuid[]) with ordinality asked (id, position)
    join member m on m.organization_id = $1 and m.id = asked.id and not m.is_deleted`,
    "m.position",
  ),
};
const one = {
  name: "console_member",
  text: listed("select * from member where organization_id = $1 and id = $2 and not is_deleted", "m.id"),
};
