import "@rollcall/local-postgres/vitest-global-setup";
import { groupResourceType, parseFilter, parseSort, userResourceType, type Filter } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { columnOf, isLookUp } from "./filter-sql.ts";
import { pageQuery, type Order, type PageSource, type PageWindow, type Place } from "./list-page.ts";
import { memberPage, memberSource } from "./member-read.ts";
import { bothTypes, resourcePage } from "./resource-read.ts";
import { rolePage, roleSource } from "./role-read.ts";
import { baseUrl, openScimDatabase } from "../testing/scim-database.ts";
import { groupColumns, userColumns } from "./user-columns.ts";

const people = 6000;
const groups = 400;
const limit = 50;
const late = 5000;

const idOf = (kind: "8" | "9", n: string): string =>
  `('01900000-0000-7000-${kind}000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

const home = await openScimDatabase();
const tenant = await home.newTenant("Large");
const { organizationId } = tenant;
await home.rows(`insert into account (id, email, email_key, name, created_at, updated_at)
   select ${idOf("8", "n")}, 'p' || n, 'p' || n, 'P', now(), now() from generate_series(1, ${people}) n`);
await home.rows(
  `insert into member (organization_id, id, account_id, user_name, user_name_key, external_id, name, name_key, active,
     is_managed, awaits_acceptance, version, created_at, updated_at)
   select $1, ${idOf("8", "n")}, ${idOf("8", "n")}, 'p' || n, 'p' || n, 'e' || n, 'P', 'p', true, true, false, 1, now(), now()
   from generate_series(1, ${people}) n`,
  [organizationId],
);
await home.rows(
  `insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked, external_id, permissions,
     created_at, updated_at)
   select $1, ${idOf("9", "n")}, 'g' || n, 'g' || n, 'custom', true, false, 'x' || n, '{}', now(), now()
   from generate_series(1, ${groups}) n`,
  [organizationId],
);
await home.rows(
  `insert into role_grant (organization_id, member_id, role_id, source, created_at)
   select $1, ${idOf("8", "n")}, ${idOf("9", `1 + n % ${groups}`)}, 'group', now() from generate_series(1, ${people}) n`,
  [organizationId],
);
await home.rows("vacuum (analyze)");

type Node = { [key: string]: unknown; Plans?: Node[] | undefined };
const node: z.ZodType<Node> = z.lazy(() => z.looseObject({ Plans: z.array(node).optional() }));
const explained = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: node })]) })]);

const rolesAlone = rolePage({ withMembers: false });

function compiled(source: PageSource, window: PageWindow): { sql: string; parameters: readonly unknown[] } {
  const { keyId } = tenant.credential;
  if (source.alias === "m") return pageQuery(memberPage, keyId, source, window);
  if (source.alias === "r") return pageQuery(rolesAlone, keyId, source, window);
  return pageQuery(resourcePage, keyId, source, window);
}

async function planOf(source: PageSource, window: PageWindow): Promise<Node> {
  const { sql, parameters } = compiled(source, window);
  const plan = await home.rows(`explain (analyze, format json) ${sql}`, parameters);
  return explained.parse(plan)[0]["QUERY PLAN"][0].Plan;
}

/** The number of rows that a plan reads from tables, discarded ones included. */
function rowsRead(plan: Node): number {
  const count = (name: string): number => z.number().default(0).parse(plan[name]);
  const isScan = plan["Relation Name"] !== undefined || plan["Node Type"] === "Bitmap Index Scan";
  const own = isScan ? (count("Actual Rows") + count("Rows Removed by Filter")) * count("Actual Loops") : 0;
  return own + (plan.Plans ?? []).reduce((sum, part) => sum + rowsRead(part), 0);
}

/** The same for the page alone, without the count of all matches. */
function rowsReadForPage(plan: Node): number {
  if (plan["Node Type"] === "Limit") return rowsRead(plan);
  return (plan.Plans ?? []).reduce((sum, part) => sum + rowsReadForPage(part), 0);
}

function sorted(sortBy: string, sortOrder: string): Order {
  const sort = parseSort({ sortBy, sortOrder }, userResourceType);
  if (!sort.ok || sort.value === undefined) throw new Error(`Not sortable: ${sortBy}`);
  return { column: columnOf(sort.value.path, userColumns(baseUrl)), isDescending: sort.value.descending };
}

async function placeOf(source: PageSource, offset: number): Promise<Place> {
  const { sql, parameters } = compiled(source, { offset, limit: 1 });
  const [row] = await home.rows(sql, parameters);
  const place = z.object({ sortKey: z.string().nullable(), id: z.string() }).parse(row);
  return { key: place.sortKey, id: place.id };
}

// The cost of a page must depend on its size, not on its offset (docs/decisions/0010).
test.each([
  ["of everybody", undefined],
  ["by userName", sorted("userName", "ascending")],
  ["by userName, descending", sorted("userName", "descending")],
  ["by id, descending", sorted("id", "descending")],
])("a late page %s reads as many rows as the first", async (_, order) => {
  const source = memberSource({ filter: undefined, order, baseUrl });
  const first = rowsReadForPage(await planOf(source, { offset: 0, limit }));
  expect(first).toBeLessThanOrEqual(3 * limit);
  const after = await placeOf(source, late);
  expect(rowsReadForPage(await planOf(source, { offset: 0, limit, after }))).toBeLessThanOrEqual(3 * limit);
  // Shows that the measure detects the difference.
  expect(rowsReadForPage(await planOf(source, { offset: late, limit }))).toBeGreaterThan(late);
});

test("a late page of both types reads little more", async () => {
  const all = { filter: undefined, sortColumn: undefined };
  const source = bothTypes({ users: all, groups: all, isDescending: false, baseUrl });
  const after = await placeOf(source, late);
  expect(rowsReadForPage(await planOf(source, { offset: 0, limit, after }))).toBeLessThanOrEqual(6 * limit);
});

function filterOf(text: string, type: typeof userResourceType): Filter {
  const filter = parseFilter(text, type);
  if (!filter.ok) throw new Error(filter.error.detail);
  return filter.value;
}

const somebody = "01900000-0000-7000-8000-000000000007";
const role = "01900000-0000-7000-9000-000000000007";

// Frequent lookups of providers must use an index for total and page, whatever else `and` adds.
describe("uses an index", () => {
  test.each([
    'userName eq "P7"',
    'externalId eq "e7"',
    `id eq "${somebody}"`,
    'emails.value eq "p7"',
    'emails eq "p7"',
    'emails[type eq "work"].value eq "p7"',
    'emails[type eq "work" and value eq "p7"]',
    'externalId eq "e7" and active eq true',
    'name.familyName ne "x" and (userName eq "p7" and not (displayName pr))',
    'externalId eq "e7" or externalId eq "e8" or userName eq "p9"',
    `id eq "${somebody}" and userName co "p"`,
    'id eq "no-uuid"',
  ])("/Users %s", async (text) => {
    const filter = filterOf(text, userResourceType);
    expect(isLookUp(filter, userColumns(baseUrl))).toBe(true);
    const plan = await planOf(memberSource({ filter, order: undefined, baseUrl }), { offset: 0, limit });
    expect(rowsRead(plan)).toBeLessThan(40);
  });

  test.each([
    'displayName eq "G7"',
    'externalId eq "x7"',
    `id eq "${role}"`,
    'displayName eq "g7" and externalId pr',
    `members.value eq "${somebody}"`,
    `members eq "${somebody}"`,
    `members[value eq "${somebody}"]`,
    `members[value eq "${somebody}" and display sw "p"]`,
  ])("/Groups %s", async (text) => {
    const filter = filterOf(text, groupResourceType);
    expect(isLookUp(filter, groupColumns(baseUrl))).toBe(true);
    const plan = await planOf(roleSource({ filter, order: undefined, baseUrl }), { offset: 0, limit });
    expect(rowsRead(plan)).toBeLessThan(40);
  });
});

test.each([
  'userName co "p7"',
  'userName ne "p7"',
  "userName pr",
  'not (userName eq "p7")',
  'userName eq "p7" or active eq true',
])("%s is not a lookup, so its time is bounded", (text) =>
  expect(isLookUp(filterOf(text, userResourceType), userColumns(baseUrl))).toBe(false),
);
