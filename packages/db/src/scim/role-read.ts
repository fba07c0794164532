import type { Filter } from "@rollcall/scim-protocol";
import { sql, type Selectable } from "kysely";
import { roleFields, type RoleRow } from "../role/role-columns.ts";
import { mapInSlices } from "../store/slices.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { callerFields, judgeCaller, withCaller, type Credential } from "./caller.ts";
import { filterToSql } from "./filter-sql.ts";
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
import { shownColumns, shownOf, type ShownMembers } from "./shown-members.ts";
import { groupColumns } from "./user-columns.ts";

export type RoleWithMembers = RoleRow & ShownMembers;

type Show = { readonly withMembers: boolean };

/** One statement with members and one without. */
const byShown = <T>(make: (withMembers: boolean) => T): ((show: Show) => T) => {
  const [full, bare] = [make(true), make(false)];
  return ({ withMembers }) => (withMembers ? full : bare);
};

const byId = byShown((withMembers) =>
  statement<{ keyId: string; id: string }>()((db, p) =>
    withCaller(db, p)
      .selectFrom("caller")
      .leftJoinLateral(
        (from) =>
          from
            .selectFrom("role")
            .whereRef("role.organizationId", "=", "caller.callerOrganizationId")
            .where("role.id", "=", p("id"))
            .where("role.deletedAt", "is", null)
            .selectAll("role")
            .limit(sql.lit(1))
            .as("r"),
        (on) => on.onTrue(),
      )
      .select(callerFields)
      .select([...roleFields, ...shownColumns(withMembers)]),
  ),
);

/** The role with the first members that its group shows, and the authentication result. `id` must be a UUID. */
export async function readRole(
  sql: Queryable,
  credential: Credential,
  query: { id: string; withMembers: boolean },
  now: Date,
): Answer<RoleWithMembers | null> {
  const [row] = await sql.run(byId(query), { keyId: credential.keyId, id: query.id });
  return { caller: judgeCaller(row, credential, now), found: row === undefined ? null : withMembersIn(row) };
}

export type RoleQuery = Show & {
  readonly filter: Filter | undefined;
  readonly order: Order;
  readonly window: PageWindow;
  readonly baseUrl: string;
};

/** The caller's matching roles, as a source for `pageQuery`. */
export function roleSource(query: { filter: Filter | undefined; order: Order; baseUrl: string }): PageSource {
  const matches = filterToSql(query.filter, groupColumns(query.baseUrl));
  return {
    alias: "r",
    from: sql`role r`,
    condition: sql`r.organization_id = (select caller_organization_id from caller) and r.deleted_at is null and ${matches}`,
    order: query.order,
  };
}

export const rolePage = byShown((withMembers) =>
  statement<PageParts>()((db, p) =>
    withTotal(db, p)
      .with("page", () => sql<Sorted<Selectable<Tables["role"]>>>`(${p("page")})`)
      .selectFrom("caller")
      .crossJoin("total")
      .leftJoin("page as r", (on) => on.onTrue())
      .select(callerFields)
      .select(["total.total", "r.sortKey", ...roleFields, ...shownColumns(withMembers)])
      .orderBy(p("order")),
  ),
);

/** A page of matching roles, in the order of creation unless `order` is given. */
export async function listRoles(
  queryable: Queryable,
  credential: Credential,
  query: RoleQuery,
  now: Date,
): Answer<Page<RoleWithMembers>> {
  const rows = await queryable.send(pageQuery(rolePage(query), credential.keyId, roleSource(query), query.window));
  return {
    caller: judgeCaller(rows[0], credential, now),
    found: await pageOf(rows, query.window.limit, withMembersIn),
  };
}

const byIds = byShown((withMembers) =>
  statement<{ organizationId: string; ids: readonly string[] }>()((db, p) =>
    db
      .selectFrom("role as r")
      .where("r.organizationId", "=", p("organizationId"))
      .where(sql<boolean>`r.id = any(${p("ids")}::uuid[])`)
      .where("r.deletedAt", "is", null)
      .select([...roleFields, ...shownColumns(withMembers)]),
  ),
);

/** The existing roles of these ids, unordered. */
export async function readRolesByIds(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
  show: Show,
): Promise<readonly RoleWithMembers[]> {
  if (ids.length === 0) return [];
  const rows = await sql.run(byIds(show), { organizationId, ids });
  return (await mapInSlices(rows, withMembersIn)).filter((role) => role !== null);
}

const roleIn = foundIn<RoleRow>(roleFields);

function withMembersIn(row: Parameters<typeof roleIn>[0] & Parameters<typeof shownOf>[0]): RoleWithMembers | null {
  const role = roleIn(row);
  const shown = role && shownOf(row);
  return role === null || shown === null ? null : { ...role, ...shown };
}
