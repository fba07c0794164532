import type { Filter } from "@rollcall/scim-protocol";
import { sql as fragment, type RawBuilder } from "kysely";
import type { MemberRow } from "../member/member-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";
import { callerFields, judgeCaller, type Credential } from "./caller.ts";
import type { SqlColumn } from "./filter-sql.ts";
import { foundIn } from "./found-row.ts";
import {
  pageOf,
  pageQuery,
  withTotal,
  type Answer,
  type Order,
  type Page,
  type PageParts,
  type PageSource,
  type PageWindow,
  type Sorted,
} from "./list-page.ts";
import { memberSource, readMembersByIds } from "./member-read.ts";
import { readRolesByIds, roleSource, type RoleWithMembers } from "./role-read.ts";

type Fragment = RawBuilder<unknown>;

export type ResourceRow =
  | { readonly kind: "User"; readonly member: MemberRow }
  | { readonly kind: "Group"; readonly role: RoleWithMembers };

/** The query for one type; `sortColumn` undefined: the type does not have the attribute. */
type TypeQuery = { readonly filter: Filter | undefined; readonly sortColumn: SqlColumn | undefined };

/** A query over both types; without any `sortColumn` the order is that of creation. */
type ResourcesQuery = {
  readonly users: TypeQuery;
  readonly groups: TypeQuery;
  readonly isDescending: boolean;
  readonly window: PageWindow;
  readonly withMembers: boolean;
  readonly baseUrl: string;
};

type Hit = { readonly id: string; readonly kind: ResourceRow["kind"] };
const hitIn = foundIn<Hit>(["h.id", "h.kind"]);

export const resourcePage = statement<PageParts>()((db, p) =>
  withTotal(db, p)
    .with("page", () => fragment<Sorted<Hit>>`(${p("page")})`)
    .selectFrom("caller")
    .crossJoin("total")
    .leftJoin("page as h", (on) => on.onTrue())
    .select(callerFields)
    .select(["total.total", "h.sortKey", "h.id", "h.kind"])
    .orderBy(p("order")),
);

/**
 * A page of people and roles in one order, with the total of both. A resource that is deleted while the page is read is
 * omitted.
 */
export async function listResources(
  sql: Queryable,
  credential: Credential,
  query: ResourcesQuery,
  now: Date,
): Answer<Page<ResourceRow>> {
  const rows = await sql.send(pageQuery(resourcePage, credential.keyId, bothTypes(query), query.window));
  const caller = judgeCaller(rows[0], credential, now);
  if (!caller.ok) return { caller, found: { total: 0, rows: [], hasMore: false } };
  const page = await pageOf(rows, query.window.limit, hitIn);
  const idsOf = (kind: ResourceRow["kind"]): string[] =>
    page.rows.filter((hit) => hit.kind === kind).map(({ id }) => id);
  const { organizationId } = caller.value;
  const members = await readMembersByIds(sql, organizationId, idsOf("User"));
  const roles = await readRolesByIds(sql, organizationId, idsOf("Group"), query);
  const resourcesById = new Map<string, ResourceRow>([
    ...members.map((member) => [member.id, { kind: "User", member }] as const),
    ...roles.map((role) => [role.id, { kind: "Group", role }] as const),
  ]);
  return { caller, found: { ...page, rows: page.rows.flatMap(({ id }) => resourcesById.get(id) ?? []) } };
}

/** Both types as one source `h` with one order and one total; each half still uses its own indexes. */
export function bothTypes(query: Omit<ResourcesQuery, "window" | "withMembers">): PageSource {
  const { baseUrl, isDescending } = query;
  const sorted = query.users.sortColumn ?? query.groups.sortColumn;
  const orderOf = ({ sortColumn }: TypeQuery): Order =>
    sorted && { column: sortColumn ?? { ...sorted, sql: absent[sorted.kind], isNullable: true }, isDescending };
  const users = memberSource({ ...query.users, order: orderOf(query.users), baseUrl });
  const groups = roleSource({ ...query.groups, order: orderOf(query.groups), baseUrl });
  const both = (endOf: (half: PageSource) => Fragment): Fragment =>
    fragment`((${halfOf(users, "User")} ${endOf(users)}) union all (${halfOf(groups, "Group")} ${endOf(groups)})) h`;
  return {
    alias: "h",
    from: both(() => fragment``),
    narrowFrom: both,
    condition: fragment`true`,
    order: sorted && { column: columnOfBoth(sorted), isDescending },
  };
}

function halfOf({ alias, from, condition, order }: PageSource, kind: ResourceRow["kind"]): Fragment {
  const key = order === undefined ? "" : `, ${order.column.sql} as sorted_by`;
  return fragment`select ${fragment.raw(`'${kind}' as kind, ${alias}.id${key}`)} from ${from} where ${condition}`;
}

const absent = {
  id: "null::uuid",
  text: `(null::text collate "C")`,
  boolean: "null::boolean",
  instant: "null::timestamptz",
} as const;

function columnOfBoth(column: SqlColumn): SqlColumn {
  return column.kind === "id" ? { kind: "id", sql: "h.id" } : { ...column, sql: "h.sorted_by", isNullable: true };
}
