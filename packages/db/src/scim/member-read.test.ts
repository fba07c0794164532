import { compareText, foldText, userResourceType, parseSort } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { columnOf } from "./filter-sql.ts";
import type { Order, Place } from "./list-page.ts";
import { findMember, listMembers, readMember } from "./member-read.ts";
import { baseUrl, now, openScimDatabase, person, request } from "../testing/scim-database.ts";
import { userColumns } from "./user-columns.ts";

const home = await openScimDatabase();
const tenant = await home.newTenant("Paged");
const other = await home.newTenant("Elsewhere");
for (const [index, letter] of Array.from("kQb7ZaéÉz_😀\uFD3Em").entries()) {
  const displayName = index % 3 === 0 ? null : `Same ${index % 2}`;
  const at = { ...request, now: new Date(now.getTime() + Math.floor(index / 2) * 1000) };
  await tenant.add(person(`${letter}${index}@paged.example`, { displayName, active: index % 2 === 0 }), at);
  await other.add(person(`${letter}${index}@elsewhere.example`));
}

const total = 14;

function page(order: Order, offset: number, limit: number): ReturnType<typeof listMembers> {
  const query = { filter: undefined, order, window: { offset, limit }, baseUrl };
  return listMembers(home.database.sql, tenant.credential, query, now);
}

/** The ids of all pages, each read from the end of the one before. */
async function walkByPlace(order: Order, limit: number): Promise<string[]> {
  const walked: string[] = [];
  let after: Place | undefined;
  for (let pages = 0; pages <= total; pages++) {
    const query = { filter: undefined, order, window: { offset: 0, limit, after }, baseUrl };
    const { found } = await listMembers(home.database.sql, tenant.credential, query, now);
    walked.push(...found.rows.map(({ id }) => id));
    after = found.end;
    if (!found.hasMore) return walked;
  }
  throw new Error("There is always a next page.");
}

function orderBy(sortBy: string, sortOrder: string): Order {
  const sort = parseSort({ sortBy, sortOrder }, userResourceType);
  if (!sort.ok || sort.value === undefined) throw new Error(`Not sortable: ${sortBy}`);
  return { column: columnOf(sort.value.path, userColumns(baseUrl)), isDescending: sort.value.descending };
}

// All paths that parseSort accepts must be sortable.
const sortable = (
  "id externalId userName displayName active name.givenName name.familyName name.formatted emails emails.value " +
  "emails.type emails.primary meta.resourceType meta.created meta.lastModified meta.location"
).split(" ");

// An import over all pages must read each person once, with ties, nulls and any page size.
describe("AR-23 pages", () => {
  test.each([
    undefined,
    ...sortable.flatMap(
      (name) =>
        [
          [name, "ascending"],
          [name, "descending"],
        ] as const,
    ),
  ])("AR-24 in the order %j contain everybody once", async (sort) => {
    const order = sort === undefined ? undefined : orderBy(sort[0], sort[1]);
    const whole = (await page(order, 0, 1000)).found;
    const ids = whole.rows.map(({ id }) => id);
    expect(whole.total).toBe(total);
    expect(new Set(ids).size).toBe(total);
    for (const size of [1, 2, 3, 5, 13, 14, 15]) {
      const walked: string[] = [];
      for (let offset = 0; offset < total; offset += size) {
        const { found } = await page(order, offset, size);
        expect(found.total).toBe(total);
        walked.push(...found.rows.map(({ id }) => id));
      }
      expect(walked, `${size} a page`).toEqual(ids);
      expect(await walkByPlace(order, size), `${size} a page, by place`).toEqual(ids);
    }
  });

  // Without a fixed order of ties a person could be on two pages, or on none.
  test.each(["active", "emails.type", "meta.created"])(
    "AR-24 people of the same %s are in the order of their ids",
    async (name) => {
      for (const sortOrder of ["ascending", "descending"]) {
        const { rows } = (await page(orderBy(name, sortOrder), 0, 100)).found;
        const value = (place: number): unknown => {
          const member = rows[place];
          return name === "active" ? member?.active : name === "meta.created" ? member?.createdAt.getTime() : "";
        };
        const pairs = rows
          .slice(1)
          .flatMap(({ id }, place) => (value(place) === value(place + 1) ? [[rows[place]?.id ?? "", id]] : []));
        expect(pairs.length).toBeGreaterThan(5);
        for (const [left = "", right = ""] of pairs) expect(left < right).toBe(sortOrder === "ascending");
      }
    },
  );

  test("beyond the end, and without matches, are empty and have the total", async () => {
    for (const [offset, limit] of [
      [total, 10],
      [Number.MAX_SAFE_INTEGER, 1000],
      [0, 0],
    ] as const) {
      expect((await page(undefined, offset, limit)).found).toEqual({ total, rows: [], hasMore: false });
    }
  });
});

test("AR-24 userName sorts case-insensitively, by code points, in both directions", async () => {
  const names = async (sortOrder: string): Promise<string[]> =>
    (await page(orderBy("userName", sortOrder), 0, 100)).found.rows.map(({ userName }) => userName);
  const ascending = await names("ascending");
  expect(ascending).toEqual([...ascending].sort((left, right) => compareText(foldText(left), foldText(right))));
  expect(await names("descending")).toEqual([...ascending].reverse());
});

// No read may return people of another organization or deleted people (AR-19, AR-51).
describe("AR-19 AR-51 a person", () => {
  test("is found only in their own organization, in any spelling", async () => {
    const pam = await other.add(person("Pam.B@elsewhere.example"));
    const { sql } = home.database;
    expect((await readMember(sql, other.credential, pam.id, now)).found).toEqual(pam);
    expect((await findMember(sql, other.credential, "PAM.b@ELSEWHERE.example", now)).found).toEqual(pam);
    expect((await readMember(sql, tenant.credential, pam.id, now)).found).toBeNull();
    expect((await findMember(sql, tenant.credential, "pam.b@elsewhere.example", now)).found).toBeNull();
    expect(await tenant.write(pam.id, "delete")).toMatchObject({ refusal: { kind: "memberNotFound" } });
    expect(await tenant.write(pam.id, () => ({ givenName: "X" }))).toMatchObject({
      refusal: { kind: "memberNotFound" },
    });
  });

  test("is found after a deactivation and not after a deletion", async () => {
    const { sql } = home.database;
    const jim = await other.add(person("jim@elsewhere.example"));
    await other.write(jim.id, () => ({ active: false }));
    expect((await readMember(sql, other.credential, jim.id, now)).found).toMatchObject({ active: false });
    expect((await findMember(sql, other.credential, jim.userName, now)).found).toMatchObject({ active: false });
    await other.write(jim.id, "delete");
    expect((await readMember(sql, other.credential, jim.id, now)).found).toBeNull();
    expect((await findMember(sql, other.credential, jim.userName, now)).found).toBeNull();
  });
});
