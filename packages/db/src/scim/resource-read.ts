import type { Filter } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { MemberRow } from "../member/member-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { judgeCaller, type Credential } from "./caller.ts";
import type { SqlColumn } from "./filter-sql.ts";
import {
  firstValuePlace,
  pageOf,
  pageStatement,
  type Answer,
  type Order,
  type Page,
  type PageSource,
  type PageWindow,
} from "./list-page.ts";
import { memberSource, readMembersByIds } from "./member-read.ts";
import { readRolesByIds, roleSource, type RoleWithMembers } from "./role-read.ts";

/** A resource of either type. */
export type ResourceRow =
  | { readonly kind: "User"; readonly member: MemberRow }
  | { readonly kind: "Group"; readonly role: RoleWithMembers };

/** What is wanted of one type; `sortColumn` undefined: the type has no such attribute, so all its resources lack it. */
type TypeQuery = { readonly filter: Filter | undefined; readonly sortColumn: SqlColumn | undefined };

/** A query over both types; where neither has a `sortColumn` the order is that of creation. */
type ResourcesQuery = {
  readonly users: TypeQuery;
  readonly groups: TypeQuery;
  readonly isDescending: boolean;
  readonly window: PageWindow;
  readonly withMembers: boolean;
  /** False where no version of a group is shown; the default is true. */
  readonly withVersion?: boolean;
  readonly baseUrl: string;
};

const hitRow = z.object({ id: z.string(), kind: z.enum(["User", "Group"]) });

/**
 * A page of people and roles in one order, with the total of both. Who is deleted between the finding of a page and the
 * reading of its resources is not on it.
 */
export async function listResources(
  sql: Queryable,
  credential: Credential,
  query: ResourcesQuery,
  now: Date,
): Answer<Page<ResourceRow>> {
  const { text, values } = pageStatement(bothTypes(query), query.window, "h.id, h.kind");
  const rows = await sql.query({ name: "scim_resource_page", text }, [credential.keyId, ...values]);
  const caller = judgeCaller(rows[0], credential, now);
  if (!caller.ok) return { caller, found: { total: 0, rows: [], hasMore: false } };
  const page = await pageOf(rows, query.window.limit, (row) => (row["id"] === null ? null : hitRow.parse(row)));
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

/** Both as one source `h`, so that one order and one total run over them; each half is still found by its own indexes. */
export function bothTypes(query: Omit<ResourcesQuery, "window" | "withMembers" | "withVersion">): PageSource {
  const { baseUrl, isDescending } = query;
  const sorted = query.users.sortColumn ?? query.groups.sortColumn;
  const orderOf = ({ sortColumn }: TypeQuery): Order =>
    sorted && { column: sortColumn ?? { ...sorted, sql: absent[sorted.kind], isNullable: true }, isDescending };
  const users = memberSource({ ...query.users, order: orderOf(query.users), baseUrl });
  const groupsPlace = firstValuePlace + users.condition.values.length;
  const groups = roleSource({ ...query.groups, order: orderOf(query.groups), baseUrl }, groupsPlace);
  const both = (endOf: (half: PageSource) => string): string =>
    `((${halfText(users, "User")} ${endOf(users)}) union all (${halfText(groups, "Group")} ${endOf(groups)})) h`;
  return {
    alias: "h",
    from: both(() => ""),
    narrowFrom: both,
    condition: { text: "true", values: [...users.condition.values, ...groups.condition.values] },
    order: sorted && { column: columnOfBoth(sorted), isDescending },
  };
}

function halfText({ alias, from, condition, order }: PageSource, kind: ResourceRow["kind"]): string {
  const key = order === undefined ? "" : `, ${order.column.sql} as "sortedBy"`;
  return `select '${kind}' as kind, ${alias}.id${key} from ${from} where ${condition.text}`;
}

const absent = {
  id: "null::uuid",
  text: `(null::text collate "C")`,
  boolean: "null::boolean",
  instant: "null::timestamptz",
} as const;

function columnOfBoth(column: SqlColumn): SqlColumn {
  return column.kind === "id" ? { kind: "id", sql: "h.id" } : { ...column, sql: `h."sortedBy"`, isNullable: true };
}
