import { emailKey } from "@rollcall/domain";
import type { Filter } from "@rollcall/scim-protocol";
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
import { memberColumns, memberOf, type MemberRow } from "../member/member-row.ts";
import { userColumns } from "./user-columns.ts";

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
  const [row] = await sql.query(byUserName, [credential.keyId, emailKey(userName)]);
  return { caller: judgeCaller(row, credential, now), found: memberOf(row) };
}

const memberIsThere = `m.organization_id = (select "callerOrganizationId" from caller) and not m.is_deleted`;

/** The visible members of the caller's that match, as a source of `pageStatement`. */
export function memberSource(query: { filter: Filter | undefined; order: Order; baseUrl: string }): PageSource {
  const { text, values } = filterToSql(query.filter, userColumns(query.baseUrl), firstValuePlace);
  return {
    alias: "m",
    from: "member m",
    condition: { text: `${memberIsThere} and ${text}`, values },
    order: query.order,
  };
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
  const { text, values } = pageStatement(memberSource(query), query.window, memberColumns);
  const rows = await sql.query({ name: "scim_member_page", text }, [credential.keyId, ...values]);
  return { caller: judgeCaller(rows[0], credential, now), found: await pageOf(rows, query.window.limit, memberOf) };
}

const byIds = {
  name: "scim_members_by_ids",
  text: `select ${memberColumns} from member m
    where m.organization_id = $1 and m.id = any($2::uuid[]) and not m.is_deleted`,
};

/** The visible members of these ids, in any order. */
export async function readMembersByIds(
  sql: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<readonly MemberRow[]> {
  if (ids.length === 0) return [];
  return (await sql.query(byIds, [organizationId, ids])).map(memberOf).filter((member) => member !== null);
}
