import type { Filter } from "@rollcall/scim-protocol";
import { z } from "zod";
import { roleColumns, roleOf, type RoleRow } from "../role-row.ts";
import type { Queryable } from "../statement.ts";
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
import { groupColumns, groupMembers } from "./user-columns.ts";

export type ShownMember = { readonly id: string; readonly userName: string };
/** `members` undefined: not asked for. Inactive people are shown too; only deleted ones are not. */
export type RoleWithMembers = RoleRow & { readonly members: readonly ShownMember[] | undefined };

const membersRow = z.object({ members: z.array(z.object({ id: z.string(), userName: z.string() })).nullable() });

/** Deleted members and other sources are left out as `groupMembers` says; a person with two grants is shown once. */
const membersColumn = `(select coalesce(json_agg(shown order by shown.id), '[]') from
  (select distinct gm.id, gm.user_name as "userName" ${groupMembers}) shown) as members`;

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
    text: `with ${callerCte} select caller.*, ${roleColumns}, ${withMembers ? membersColumn : "null as members"}
      from caller left join lateral (select * from role r where r.organization_id = "callerOrganizationId" and r.id = $2
        and r.deleted_at is null limit 1) r on true`,
  };
}

const roleIsThere = `r.organization_id = (select "callerOrganizationId" from caller) and r.deleted_at is null`;

/** The roles of the caller's that match, as a source of `pageStatement`. */
export function roleSource(
  query: { filter: Filter | undefined; order: Order; baseUrl: string },
  firstPlace: number = firstValuePlace,
): PageSource {
  const { text, values } = filterToSql(query.filter, groupColumns(query.baseUrl), firstPlace);
  return { alias: "r", from: "role r", condition: { text: `${roleIsThere} and ${text}`, values }, order: query.order };
}

/** A page of the roles that match, in the order of creation unless `order` says otherwise. */
export async function listRoles(
  sql: Queryable,
  credential: Credential,
  query: { filter: Filter | undefined; order: Order; window: PageWindow; withMembers: boolean; baseUrl: string },
  now: Date,
): Answer<Page<RoleWithMembers>> {
  const columns = `${roleColumns}, ${query.withMembers ? membersColumn : "null as members"}`;
  const { text, values } = pageStatement(roleSource(query), query.window, columns);
  const rows = await sql.query({ name: "scim_role_page", text }, [credential.keyId, ...values]);
  return { caller: judgeCaller(rows[0], credential, now), found: pageOf(rows, query.window.limit, withMembersOf) };
}

/** The roles of these ids that are not deleted, in any order. */
export async function readRolesByIds(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
  withMembers: boolean,
): Promise<readonly RoleWithMembers[]> {
  if (ids.length === 0) return [];
  const text = `select ${roleColumns}, ${withMembers ? membersColumn : "null as members"} from role r
    where r.organization_id = $1 and r.id = any($2::uuid[]) and r.deleted_at is null`;
  const rows = await sql.query({ name: "scim_roles_by_ids", text }, [organizationId, ids]);
  return rows.map(withMembersOf).filter((role) => role !== null);
}

function withMembersOf(row: Record<string, unknown> | undefined): RoleWithMembers | null {
  const role = roleOf(row);
  return role === null ? null : { ...role, members: membersRow.parse(row).members ?? undefined };
}
