import type { GrantSource } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { expressionBuilder, sql, type Expression, type SqlBool } from "kysely";
import { keptCount } from "./member-columns.ts";
import { anyId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";

export const memberStatuses = ["active", "inactive", "awaiting"] as const;
export type MemberStatus = (typeof memberStatuses)[number];

export const memberSorts = ["name", "status", "changed"] as const;
type MemberSort = (typeof memberSorts)[number];

/** Undefined: no condition. `search` matches name and userName as plain text, ignoring case. */
export type MemberFilter = {
  readonly search?: string | undefined;
  readonly status?: MemberStatus | undefined;
  readonly isManaged?: boolean | undefined;
  readonly roleId?: string | undefined;
  /** By name by default; `desc`: in reverse. */
  readonly sort?: MemberSort | undefined;
  readonly desc?: boolean | undefined;
};
export type MemberQuery = MemberFilter & { readonly page: number; readonly pageSize: number };

/** The number of matching members and one page of them. Without deleted people. */
export async function listMembers({ db }: Queryable, organizationId: string, query: MemberQuery) {
  const matching = membersThat(db, organizationId, query);
  const kept = await keptTotal(db, organizationId, query)?.executeTakeFirstOrThrow();
  // Ids alone, so that the rows before a late page are skipped in the index.
  const ids = pageOf(matching.select("m.id"), query, kept?.total);
  const shown = membersThat(db, organizationId, {}).where("m.id", "in", ids);
  const counted = matching.select((eb) => eb.fn.countAll<number>().as("total"));
  const [{ total }, members] = await Promise.all([
    kept ?? counted.executeTakeFirstOrThrow(),
    inOrder(listed(db, shown), query).execute(),
  ]);
  return { total, members };
}

type Pageable<Q> = Orderable<Q> & { limit(limit: number): Q; offset(offset: number): Q };

/**
 * The rows of a page in any order, read from the nearer end of the list, so that the last page costs no more than the
 * first. `total`: undefined if it is not known or not exact.
 */
export function pageOf<Q extends Pageable<Q>>(
  rows: Q,
  { page, pageSize, ...order }: Pick<MemberQuery, "page" | "pageSize" | "sort" | "desc">,
  total: number | undefined,
): Q {
  const offset = (page - 1) * pageSize;
  // By status, names are ascending in both directions.
  if (total === undefined || offset <= total / 2 || order.sort === "status")
    return inOrder(rows, order).limit(pageSize).offset(offset);
  const left = Math.max(0, total - offset);
  return inOrder(rows, { ...order, desc: order.desc !== true })
    .limit(Math.min(left, pageSize))
    .offset(Math.max(0, left - pageSize));
}

/**
 * The ids of all matching members in order, 16 bytes each: 16 MB for a million. With this snapshot a list can be read
 * in parts, each member once, although names, states and dates change. At most `limit`.
 */
export async function listMemberIds(
  { db }: Queryable,
  organizationId: string,
  query: MemberFilter,
  limit: number,
): Promise<Buffer> {
  const matching = inOrder(membersThat(db, organizationId, query), query).limit(limit);
  const bytes = inOrder(member.fn.agg<Buffer | null>("string_agg", [sql`uuid_send(m.id)`, sql`''::bytea`]), query);
  const { ids } = await db
    .selectFrom(matching.select(sortColumns).as("m"))
    .select(bytes.as("ids"))
    .executeTakeFirstOrThrow();
  return ids ?? Buffer.alloc(0);
}

export type ListedMember = Awaited<ReturnType<typeof readMembersById>>[number];

/** The existing members of these ids, in that order. The ids must be UUIDs. */
export async function readMembersById({ db }: Queryable, organizationId: string, ids: readonly string[]) {
  const found = membersThat(db, organizationId, {}).where("m.id", "=", anyId(ids));
  const place = sql`array_position(${ids}::uuid[], m.id)`;
  return listed(db, found).orderBy(place).execute();
}

/** `memberId` must be a UUID. */
export async function readListedMember({ db }: Queryable, organizationId: string, memberId: string) {
  return listed(db, membersThat(db, organizationId, {}).where("m.id", "=", memberId)).executeTakeFirst();
}

type Named = Tables & { m: Tables["member"]; g: Tables["role_grant"] };
const member = expressionBuilder<Named, "m">();

/** The status of the member `m`, for display. */
export const memberStatus = sql<MemberStatus>`case when not m.active then 'inactive' when m.awaits_acceptance then 'awaiting'
  else 'active' end`;

/** The same as conditions, for which there are indexes: one of the managed inactive people, and one of all who are not managed. */
const hasStatus: Readonly<Record<MemberStatus, Expression<SqlBool>>> = {
  active: sql`(m.active and not m.awaits_acceptance)`,
  awaiting: sql`(m.active and m.awaits_acceptance)`,
  inactive: sql`((m.is_managed and not m.active) or (not m.is_managed and not m.active))`,
};

/**
 * Whether the name or userName of the member `m` contains the text. `position` instead of LIKE, so that "%" and "_" are
 * literal.
 */
export function hasText(search: string): Expression<SqlBool> {
  const text = foldText(search);
  return sql`(position(${text} in m.name_key) > 0 or position(${text} in m.user_name_key) > 0)`;
}

function membersThat(db: Queryable["db"], organizationId: string, filter: MemberFilter) {
  const { search = "", status, isManaged, roleId } = filter;
  let members = db.selectFrom("member as m").where("m.organizationId", "=", organizationId);
  members = members.where("m.isDeleted", "=", false);
  if (search !== "") members = members.where(hasText(search));
  if (status !== undefined) members = members.where(hasStatus[status]);
  if (isManaged !== undefined) members = members.where("m.isManaged", "=", isManaged);
  if (roleId === undefined) return members;
  const grants = member.selectFrom("role_grant as g").whereRef("g.memberId", "=", "m.id").select("g.roleId");
  const ofRole = grants.where("g.organizationId", "=", organizationId).where("g.roleId", "=", roleId);
  return members.where(member.exists(ofRole));
}

/** The total without counting all of them, except the few who are not active; undefined if the filter needs more. */
function keptTotal(
  db: Queryable["db"],
  organizationId: string,
  { search = "", status, roleId, isManaged }: MemberFilter,
) {
  if (search !== "" || roleId !== undefined || (status !== undefined && status !== "active")) return undefined;
  const matching = isManaged === undefined ? sql`visible` : isManaged ? sql`managed` : sql`visible - managed`;
  const counts = db.selectFrom("member_count").where("organizationId", "=", organizationId);
  if (status === undefined) return counts.select(keptCount(matching).as("total"));
  const others = membersThat(db, organizationId, { isManaged })
    .where((eb) => eb.or([hasStatus.inactive, hasStatus.awaiting]))
    .select((eb) => eb.fn.countAll<number>().as("others"));
  return counts.select((eb) => eb(keptCount(matching), "-", others).as("total"));
}

/** The columns for sorting. */
const sortColumns = ["m.id", "m.nameKey", "m.active", "m.awaitsAcceptance", "m.updatedAt"] as const;
type Way = "asc" | "desc";
type Orderable<Q> = { orderBy(by: Expression<unknown>, way?: Way): Q };

/** Orders the members `m`. Each order ends with the id, so that equal rows stay in place across pages. */
export function inOrder<Q extends Orderable<Q>>(
  members: Q,
  { sort = "name", desc = false }: Pick<MemberFilter, "sort" | "desc">,
): Q {
  const way = desc ? "desc" : "asc";
  const [name, id] = [member.ref("m.nameKey"), member.ref("m.id")];
  if (sort === "status") return members.orderBy(memberStatus, way).orderBy(name).orderBy(id);
  return members.orderBy(sort === "name" ? name : member.ref("m.updatedAt"), way).orderBy(id, way);
}

/** Without an account or an account address, the email is the userName. */
function listed(db: Queryable["db"], members: ReturnType<typeof membersThat>) {
  return db
    .selectFrom(members.selectAll("m").as("m"))
    .leftJoin("account as a", "a.id", "m.accountId")
    .select(["m.id", "m.name", "m.userName", "m.isManaged", "m.externalId", "m.createdAt", "m.updatedAt"])
    .select((eb) => eb.fn.coalesce("a.email", "m.userName").as("email"))
    .select([memberStatus.as("status"), heldRoles.as("roles")]);
}

const grant = expressionBuilder<Named, "m" | "g">();

const mappings = grant
  .selectFrom("group_mapping as gm")
  .innerJoin("role_grant as gg", "gg.roleId", "gm.groupId")
  .innerJoin("role as grp", "grp.id", "gm.groupId")
  .whereRef("gm.organizationId", "=", "m.organizationId")
  .whereRef("gg.organizationId", "=", "m.organizationId")
  .whereRef("gg.memberId", "=", "m.id")
  .where("gg.source", "=", "group")
  .whereRef("grp.organizationId", "=", "m.organizationId")
  .orderBy("gm.position");

/**
 * The name of the group whose mapping gives a role, for grants `g` of the member `m` grouped by role; else null. Only
 * the member's first group in the owners' order applies.
 */
export const mappedBy = sql<string | null>`case when bool_or(g.source = 'mapping')
  then ${mappings.select("grp.name").limit(sql.lit(1))} end`;

/** The sources of grouped grants `g`. */
export const grantedBy = grant.fn.agg<GrantSource[]>("array_agg", ["g.source"]).orderBy("g.source");

const held = member
  .selectFrom("role_grant as g")
  .innerJoin("role as r", "r.id", "g.roleId")
  .whereRef("r.organizationId", "=", "g.organizationId")
  .whereRef("g.organizationId", "=", "m.organizationId")
  .whereRef("g.memberId", "=", "m.id")
  .where("r.deletedAt", "is", null)
  .groupBy(["r.id", "r.name", "r.nameKey"])
  .select(["r.id", "r.name", "r.nameKey", grantedBy.as("sources"), mappedBy.as("mappedBy")]);

type HeldRole = { id: string; name: string; sources: GrantSource[]; mappedBy: string | null };
/** The roles of the member `m` by name. */
const heldRoles = sql<HeldRole[]>`coalesce((select json_agg(json_build_object('id', r.id, 'name', r.name,
  'sources', r.sources, 'mappedBy', r.mapped_by) order by r.name_key) from ${held.as("r")}), '[]')`;
