import { emailKey } from "@rollcall/domain";
import type { Filter } from "@rollcall/scim-protocol";
import { expressionBuilder, sql, type Expression, type Kysely, type Selectable } from "kysely";
import { keptCount, memberFields, type MemberRow } from "../member/member-columns.ts";
import type { Queryable } from "../store/queryable.ts";
import { lookUpStatement, statement, type Parameter } from "../store/statement.ts";
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
import { userColumns } from "./user-columns.ts";

const eb = expressionBuilder<Tables & { caller: { callerOrganizationId: string } }, "caller">();

/**
 * The caller's first row from a key on, which only that key's index returns in order. With `=`, or for the organization
 * alone, PostgreSQL uses any index that begins with the organization while the table is small, and a kept plan would
 * stay so (docs/decisions/0003).
 */
function firstFrom(key: "id" | "userNameKey" | "externalId" | "accountId", value: Expression<string | null>) {
  const first = eb
    .selectFrom("member")
    .where(sql<boolean>`(organization_id, ${sql.ref(key)}) >= (${sql.ref("caller.callerOrganizationId")}, ${value})`)
    .orderBy("organizationId")
    .orderBy(key)
    .limit(sql.lit(1));
  return key === "id" ? first : first.where("isDeleted", "=", sql.lit(false));
}

/** Starts a query with the caller and the caller's visible member `m` whose `key` equals the parameter of that name. */
export function withOwnMember<K extends "id" | "userNameKey", P extends { readonly keyId: string } & Record<K, string>>(
  db: Kysely<Tables>,
  p: Parameter<P>,
  key: K,
) {
  return withCaller(db, p)
    .selectFrom("caller")
    .leftJoinLateral(firstFrom(key, p(key)).selectAll().as("m"), (on) =>
      on
        .onRef("m.organizationId", "=", "caller.callerOrganizationId")
        .on(sql<boolean>`${sql.ref(`m.${key}`)} = ${p(key)}`)
        .on("m.isDeleted", "=", sql.lit(false)),
    );
}

/**
 * Whether the caller has a visible member with this `key`; false if `value` is null. The case keeps PostgreSQL from
 * comparing every key of the organization with null.
 */
export function isVisibleMember(key: "userNameKey" | "externalId" | "accountId", value: Expression<string | null>) {
  const first = firstFrom(key, value).where(key, "is not", null).select(["organizationId", key]);
  const isFirst = sql`(${sql.ref("caller.callerOrganizationId")}, ${value}) = ${first}`;
  return sql<boolean>`case when ${value} is null then false else coalesce(${isFirst}, false) end`;
}

const byId = lookUpStatement<{ keyId: string; id: string }>()("scim_member_by_id", (db, p) =>
  withOwnMember(db, p, "id").select(callerFields).select(memberFields),
);
const byUserName = lookUpStatement<{ keyId: string; userNameKey: string }>()("scim_member_by_user_name", (db, p) =>
  withOwnMember(db, p, "userNameKey").select(callerFields).select(memberFields),
);
const memberIn = foundIn<MemberRow>(memberFields);

/** The visible member and the authentication result. `id` must be a UUID. */
export async function readMember(
  sql: Queryable,
  credential: Credential,
  id: string,
  now: Date,
): Answer<MemberRow | null> {
  const [row] = await sql.run(byId, { keyId: credential.keyId, id });
  return { caller: judgeCaller(row, credential, now), found: memberIn(row) };
}

/** The visible member of that userName in any spelling. */
export async function findMember(
  sql: Queryable,
  credential: Credential,
  userName: string,
  now: Date,
): Answer<MemberRow | null> {
  const [row] = await sql.run(byUserName, { keyId: credential.keyId, userNameKey: emailKey(userName) });
  return { caller: judgeCaller(row, credential, now), found: memberIn(row) };
}

const everybody = sql`select ${keptCount(sql`visible`)} as total from member_count
  where organization_id = (select caller_organization_id from caller)`;

/** The caller's matching visible members, as a source for `pageQuery`. */
export function memberSource(query: { filter: Filter | undefined; order: Order; baseUrl: string }): PageSource {
  const matches = filterToSql(query.filter, userColumns(query.baseUrl));
  return {
    alias: "m",
    from: sql`member m`,
    condition: sql`m.organization_id = (select caller_organization_id from caller) and not m.is_deleted and ${matches}`,
    order: query.order,
    ...(query.filter === undefined ? { total: everybody } : {}),
  };
}

export const memberPage = statement<PageParts>()((db, p) =>
  withTotal(db, p)
    .with("page", () => sql<Sorted<Selectable<Tables["member"]>>>`(${p("page")})`)
    .selectFrom("caller")
    .crossJoin("total")
    .leftJoin("page as m", (on) => on.onTrue())
    .select(callerFields)
    .select(["total.total", "m.sortKey", ...memberFields])
    .orderBy(p("order")),
);

/**
 * A page of matching members, in the order of creation unless `order` is given, with the total of all matches. `filter`
 * undefined: everybody.
 */
export async function listMembers(
  queryable: Queryable,
  credential: Credential,
  query: { filter: Filter | undefined; order: Order; window: PageWindow; baseUrl: string },
  now: Date,
): Answer<Page<MemberRow>> {
  const rows = await queryable.send(pageQuery(memberPage, credential.keyId, memberSource(query), query.window));
  return { caller: judgeCaller(rows[0], credential, now), found: await pageOf(rows, query.window.limit, memberIn) };
}

const byIds = statement<{ organizationId: string; ids: readonly string[] }>()((db, p) =>
  db
    .selectFrom("member as m")
    .where("m.organizationId", "=", p("organizationId"))
    .where(sql<boolean>`m.id = any(${p("ids")}::uuid[])`)
    .where("m.isDeleted", "=", sql.lit(false))
    .select(memberFields),
);

/** The visible members of these ids, unordered. */
export async function readMembersByIds(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly MemberRow[]> {
  return ids.length === 0 ? [] : sql.run(byIds, { organizationId, ids });
}
