import { foldText, type Filter, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Queryable } from "../statement.ts";
import { callerCte, judgeCaller, type Caller, type CallerRefusal, type Credential } from "./caller.ts";
import { filterToSql, type SqlCondition } from "./filter-sql.ts";
import { memberColumns, memberOf, type MemberRow } from "../member-row.ts";
import { userColumns } from "./user-columns.ts";

export type Answer<T> = Promise<{ readonly caller: Result<Caller, CallerRefusal>; readonly found: T }>;
export type Page<T> = { readonly total: number; readonly rows: readonly T[] };
export type PageWindow = { readonly offset: number; readonly limit: number };
export type Order = { readonly column: string; readonly isDescending: boolean } | undefined;

/**
 * The first row from a key of the caller's on, which only the index of that very key gives in order. Asked with `=`, or
 * for the organization alone, PostgreSQL takes any index that begins with the organization while the table is small,
 * and a kept plan would go on doing so (docs/decisions/0003).
 */
const firstFrom = (columns: string, key: string, value: string, condition: string): string =>
  `(select ${columns} from member where (organization_id, ${key}) >= ("callerOrganizationId", ${value}) ${condition}
    order by organization_id, ${key} limit 1)`;
const visible = "and not is_deleted";

/** The caller, beside the visible member of the caller's whose `key` is $2, as `m`. */
export const ownMember = (key: "id" | "user_name_key"): string =>
  `caller left join lateral ${firstFrom("*", key, "$2", key === "id" ? "" : visible)} m
    on m.organization_id = "callerOrganizationId" and m.${key} = $2 and not m.is_deleted`;

/** Is there a visible member of the caller's with this `key`? No where `value` is null. */
export const isMember = (key: "user_name_key" | "external_id" | "account_id", value: string): string =>
  `coalesce(("callerOrganizationId", ${value}) =
    ${firstFrom(`organization_id, ${key}`, key, value, `${visible} and ${key} is not null`)}, false)`;

const byId = {
  name: "scim_member_by_id",
  keepsPlan: true,
  text: `with ${callerCte} select caller.*, ${memberColumns} from ${ownMember("id")}`,
};
const byUserName = {
  name: "scim_member_by_user_name",
  keepsPlan: true,
  text: `with ${callerCte} select caller.*, ${memberColumns} from ${ownMember("user_name_key")}`,
};

/** The visible member of that id, and whether the caller may know. `id` must be a UUID. */
export async function readMember(
  sql: Queryable,
  credential: Credential,
  id: string,
  now: Date,
): Answer<MemberRow | null> {
  const [row] = await sql.query(byId, [credential.keyId, id]);
  return { caller: judgeCaller(row, credential, now), found: memberOf(row) };
}

/** The visible member of that userName in any spelling. */
export async function findMember(
  sql: Queryable,
  credential: Credential,
  userName: string,
  now: Date,
): Answer<MemberRow | null> {
  const [row] = await sql.query(byUserName, [credential.keyId, foldText(userName)]);
  return { caller: judgeCaller(row, credential, now), found: memberOf(row) };
}

/**
 * A page of the members that match, in the order of creation unless `order` says otherwise, with the total of all that
 * match. `filter` undefined: everybody.
 */
export async function listMembers(
  sql: Queryable,
  credential: Credential,
  query: { filter: Filter | undefined; order: Order; window: PageWindow; baseUrl: string },
  now: Date,
): Answer<Page<MemberRow>> {
  const { window } = query;
  const condition = filterToSql(query.filter, userColumns(query.baseUrl), 4);
  const rows = await sql.query(listStatement(condition, query.order), [
    credential.keyId,
    window.limit,
    window.offset,
    ...condition.values,
  ]);
  const found = rows.map(memberOf).filter((member) => member !== null);
  return { caller: judgeCaller(rows[0], credential, now), found: { total: totalOf(rows[0]), rows: found } };
}

function listStatement(condition: SqlCondition, order: Order): { name: string; text: string } {
  const direction = order?.isDescending ? "desc" : "asc";
  const sorting = order === undefined ? "m.id" : `${order.column} ${direction}, m.id ${direction}`;
  const where = `m.organization_id = (select "callerOrganizationId" from caller) and not m.is_deleted
    and ${condition.text}`;
  const text = `with ${callerCte},
    total as (select count(*)::int as total from member m where ${where}),
    page as (select m.*, row_number() over (order by ${sorting}) as place from member m where ${where}
      order by ${sorting} limit $2 offset $3)
    select caller.*, total.total, ${memberColumns}
    from caller cross join total left join page m on true order by m.place`;
  return { name: "scim_member_page", text };
}

const totalRow = z.object({ total: z.number() });

export function totalOf(row: Record<string, unknown> | undefined): number {
  return row === undefined ? 0 : totalRow.parse(row).total;
}
