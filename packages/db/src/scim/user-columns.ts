import { sql } from "kysely";
import type { Condition, SqlColumn, SqlColumns } from "./filter-sql.ts";
import { isShownIn } from "./shown-members.ts";

const folded = (sql: string): SqlColumn => ({ kind: "text", sql, isCaseExact: false });
const address = (sql: string): SqlColumn => ({ kind: "text", sql, isCaseExact: false, isAddress: true });
const exact = (sql: string): SqlColumn => ({ kind: "text", sql, isCaseExact: true });
const idOf = (alias: string): SqlColumn => ({ kind: "id", sql: `${alias}.id`, isIndexed: true });
const indexed = (column: SqlColumn): SqlColumn => ({ ...column, isIndexed: true });
const nullable = (column: SqlColumn): SqlColumn => ({ ...column, isNullable: true });

/** The columns of a User's attributes in `member m`. */
export const userColumns = madeOnce((baseUrl) => ({
  columns: new Map<string, SqlColumn>([
    ["id", idOf("m")],
    ["externalid", indexed(nullable(exact("m.external_id")))],
    ["username", indexed(address("m.user_name_key"))],
    ["displayname", nullable(folded("m.display_name_key"))],
    ["name.givenname", nullable(folded("m.given_name_key"))],
    ["name.familyname", nullable(folded("m.family_name_key"))],
    ["name.formatted", folded("m.name_key")],
    ["active", { kind: "boolean", sql: "m.active" }],
    ["emails", indexed(address("m.user_name_key"))],
    ["emails.value", indexed(address("m.user_name_key"))],
    ["emails.type", folded(`('work'::text collate "C")`)],
    // An expression, because PostgreSQL does not sort by a bare constant.
    ["emails.primary", { kind: "boolean", sql: "(m.user_name_key is not null)" }],
    ...metaColumns("m", "User", baseUrl),
  ]),
  each: new Map(),
}));

/** The columns of a Group's attributes in `role r`, in a statement with the `caller`. */
export const groupColumns = madeOnce((baseUrl) => ({
  columns: new Map<string, SqlColumn>([
    ["id", idOf("r")],
    ["externalid", indexed(nullable(exact("r.external_id")))],
    ["displayname", indexed(folded("r.name_key"))],
    ["members", idOf("gm")],
    ["members.value", idOf("gm")],
    ["members.display", address("gm.user_name_key")],
    ["members.type", folded(`('user'::text collate "C")`)],
    ["members.$ref", exact(`(${literal(`${baseUrl}/Users/`)} || gm.id::text collate "C")`)],
    ...metaColumns("r", "Group", baseUrl),
  ]),
  each: new Map([["members", inMembers]]),
}));

/** Keeps the columns of the last base URL, because each request needs them and a process has only one. */
function madeOnce(make: (baseUrl: string) => SqlColumns): (baseUrl: string) => SqlColumns {
  let made: { readonly baseUrl: string; readonly columns: SqlColumns } | undefined;
  return (baseUrl) => {
    if (made?.baseUrl !== baseUrl) made = { baseUrl, columns: make(baseUrl) };
    return made.columns;
  };
}

/**
 * The roles with a member who meets the condition, found once for all roles by a join from the people, which is cheap
 * with an index on people. A subquery for each role would read everybody's grants.
 */
function inMembers(condition: Condition): Condition {
  return sql`(r.id = any (array(select distinct g.role_id from role_grant g
    join role gr on gr.organization_id = g.organization_id and gr.id = g.role_id
    join member gm on gm.organization_id = g.organization_id and gm.id = g.member_id and not gm.is_deleted
    where g.organization_id = (select caller_organization_id from caller) and ${isShownIn("gr")} and ${condition})))`;
}

function metaColumns(alias: string, type: "User" | "Group", baseUrl: string): [string, SqlColumn][] {
  return [
    ["meta.resourcetype", exact(`('${type}'::text collate "C")`)],
    ["meta.created", { kind: "instant", sql: `${alias}.created_at` }],
    ["meta.lastmodified", { kind: "instant", sql: `${alias}.updated_at` }],
    ["meta.location", exact(`(${literal(`${baseUrl}/${type}s/`)} || ${alias}.id::text collate "C")`)],
  ];
}

/** A text of our own configuration as an SQL literal. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
