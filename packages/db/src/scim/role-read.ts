import type { Filter } from "@rollcall/scim-protocol";
import { roleColumns, roleOf, type RoleRow } from "../role-row.ts";
import type { Queryable } from "../statement.ts";
import { callerCte, judgeCaller, type Credential } from "./caller.ts";
import { filterToSql } from "./filter-sql.ts";
import { totalOf, type Answer, type Order, type Page, type PageWindow } from "./member-read.ts";
import { nothingShown, shownColumn, shownOf, type ShownMembers } from "./shown-members.ts";
import { groupColumns } from "./user-columns.ts";

export type RoleWithMembers = RoleRow & ShownMembers;

/** The role of that id with those whom a group shows, and whether the caller may know. `id` must be a UUID. */
export async function readRole(
  sql: Queryable,
  credential: Credential,
  query: { id: string; withMembers: boolean },
  now: Date,
): Answer<RoleWithMembers | null> {
  const [row] = await sql.query(roleStatement(query.withMembers), [credential.keyId, query.id]);
  return { caller: judgeCaller(row, credential, now), found: withMembersOf(row) };
}

function roleStatement(withMembers: boolean): { name: string; text: string } {
  return {
    name: withMembers ? "scim_role_members" : "scim_role",
    text: `with ${callerCte} select caller.*, ${roleColumns}, ${shownColumn(withMembers)}
      from caller left join lateral (select * from role r where r.organization_id = "callerOrganizationId" and r.id = $2
        and r.deleted_at is null limit 1) r on true`,
  };
}

export type RoleQuery = {
  readonly filter: Filter | undefined;
  readonly order: Order;
  readonly window: PageWindow;
  readonly withMembers: boolean;
  /** False where no version is shown; the default is true. */
  readonly withVersion?: boolean;
  readonly baseUrl: string;
};

/**
 * A page of the roles that match, in the order of creation unless `order` says otherwise. Without members and version
 * nobody looks who is in them.
 */
export async function listRoles(
  sql: Queryable,
  credential: Credential,
  query: RoleQuery,
  now: Date,
): Answer<Page<RoleWithMembers>> {
  const condition = filterToSql(query.filter, groupColumns(query.baseUrl), 4);
  const direction = query.order?.isDescending ? "desc" : "asc";
  const sorting = query.order === undefined ? "r.id" : `${query.order.column} ${direction}, r.id ${direction}`;
  const where = `r.organization_id = (select "callerOrganizationId" from caller) and r.deleted_at is null
    and ${condition.text}`;
  const text = `with ${callerCte}, total as (select count(*)::int as total from role r where ${where}),
    page as (select r.*, row_number() over (order by ${sorting}) as place from role r where ${where}
      order by ${sorting} limit $2 offset $3)
    select caller.*, total.total, ${roleColumns},
      ${query.withMembers || query.withVersion !== false ? shownColumn(query.withMembers) : nothingShown}
    from caller cross join total left join page r on true order by r.place`;
  const { limit, offset } = query.window;
  const rows = await sql.query({ name: "", text }, [credential.keyId, limit, offset, ...condition.values]);
  const found = rows.map(withMembersOf).filter((role) => role !== null);
  return { caller: judgeCaller(rows[0], credential, now), found: { total: totalOf(rows[0]), rows: found } };
}

function withMembersOf(row: Record<string, unknown> | undefined): RoleWithMembers | null {
  const role = roleOf(row);
  return role === null ? null : { ...role, ...shownOf(row) };
}
