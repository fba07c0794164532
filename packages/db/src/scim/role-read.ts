import type { Filter } from "@rollcall/scim-protocol";
import { roleColumns, roleOf, type RoleRow } from "../role/role-row.ts";
import { mapInSlices } from "../store/slices.ts";
import type { Queryable } from "../store/queryable.ts";
import { callerCte, judgeCaller, type Credential } from "./caller.ts";
import { filterToSql } from "./filter-sql.ts";
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

const roleIsThere = `r.organization_id = (select "callerOrganizationId" from caller) and r.deleted_at is null`;

/** The roles of the caller's that match, as a source of `pageStatement`. */
export function roleSource(
  query: { filter: Filter | undefined; order: Order; baseUrl: string },
  firstPlace: number = firstValuePlace,
): PageSource {
  const { text, values } = filterToSql(query.filter, groupColumns(query.baseUrl), firstPlace);
  return { alias: "r", from: "role r", condition: { text: `${roleIsThere} and ${text}`, values }, order: query.order };
}

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
  const { text, values } = pageStatement(roleSource(query), query.window, shownColumns(query));
  const rows = await sql.query({ name: "scim_role_page", text }, [credential.keyId, ...values]);
  return {
    caller: judgeCaller(rows[0], credential, now),
    found: await pageOf(rows, query.window.limit, withMembersOf),
  };
}

/** The roles of these ids that are not deleted, in any order. */
export async function readRolesByIds(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
  show: Pick<RoleQuery, "withMembers" | "withVersion">,
): Promise<readonly RoleWithMembers[]> {
  if (ids.length === 0) return [];
  const text = `select ${shownColumns(show)} from role r
    where r.organization_id = $1 and r.id = any($2::uuid[]) and r.deleted_at is null`;
  const rows = await sql.query({ name: "scim_roles_by_ids", text }, [organizationId, ids]);
  return (await mapInSlices(rows, withMembersOf)).filter((role) => role !== null);
}

function shownColumns({ withMembers, withVersion }: Pick<RoleQuery, "withMembers" | "withVersion">): string {
  return `${roleColumns}, ${withMembers || withVersion !== false ? shownColumn(withMembers) : nothingShown}`;
}

function withMembersOf(row: Record<string, unknown> | undefined): RoleWithMembers | null {
  const role = roleOf(row);
  return role === null ? null : { ...role, ...shownOf(row) };
}
