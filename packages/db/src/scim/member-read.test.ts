import { compareText, foldText, userResourceType, parseSort } from "@rollcall/scim-protocol";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase, type Database } from "../store/database.ts";
import { isUnavailable } from "../store/unavailable.ts";
import { whileLocked } from "../testing/locks.ts";
import { migratedDatabase } from "../testing/migrated-database.ts";
import type { Credential } from "./caller.ts";
import { columnOf } from "./filter-sql.ts";
import type { Order, Place } from "./list-page.ts";
import { findMember, listMembers, readMember } from "./member-read.ts";
import { baseUrl, newTenant, now, openScimDatabase, person, request, rows } from "../testing/scim-database.ts";
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

// A write's first read may be long: of many deleted people of one userName, or of a person in many groups.
test("AR-19 a look-up does not wait for the first read of a write", async () => {
  const { database } = home;
  const tenant = await home.newTenant("Locked");
  const { id, userName } = await tenant.add(person("pam@locked.example"));
  const lock = { text: "lock table role_grant, verified_domain in access exclusive mode" };
  const writes = await whileLocked(database, lock, async (waitFor) => {
    const pending = [tenant.write(id, () => ({ givenName: "Pam" })), tenant.post(person("jim@locked.example"))];
    await waitFor(2, Promise.all(pending));
    expect((await findMember(database.sql, tenant.credential, userName, now)).found?.id).toBe(id);
    return pending;
  });
  await Promise.all(writes);
});

// The look-ups of all organizations share a connection.
test("AR-19 each of many look-ups at once finds its own person or fails with a transient error, whatever ends its connection", async () => {
  const scratch = await migratedDatabase();
  const [database, fresh] = [
    await openDatabase(scratch.url),
    await openDatabase(scratch.url, { waits: { lockMs: 20 } }),
  ];
  onTestFinished(async () => {
    await database.close();
    await fresh.close();
    await scratch.drop();
  });
  const tenants = [await newTenant(database, "One"), await newTenant(database, "Two")] as const;
  const people: { credential: Credential; id: string; userName: string }[] = [];
  for (let n = 0; n < 20; n++) {
    const one = tenants[n % 2 === 0 ? 0 : 1];
    const { id, userName } = await one.add(person(`same${n}@shared.example`));
    people.push({ credential: one.credential, id, userName });
  }
  /** The failures of 200 look-ups. */
  const lookUpAll = async ({ sql }: Database): Promise<readonly unknown[]> => {
    const lookUps = Array.from({ length: 10 }, () => people).flat();
    const outcomes = await Promise.allSettled(
      lookUps.map(async ({ credential, id, userName }, n) => {
        const read = n % 3 === 0 ? readMember(sql, credential, id, now) : findMember(sql, credential, userName, now);
        const { caller, found } = await read;
        expect([caller.ok, found?.id]).toEqual([true, id]);
      }),
    );
    return outcomes.flatMap((outcome): unknown[] => (outcome.status === "rejected" ? [outcome.reason] : []));
  };
  // Of those sent together, the first one prepares the statement, here in vain.
  const lock = { text: "lock table member in access exclusive mode" };
  const unprepared = await whileLocked(database, lock, () => lookUpAll(fresh));
  expect(unprepared).toHaveLength(200);
  expect(unprepared.filter((cause) => !isUnavailable(cause))).toEqual([]);
  expect(await lookUpAll(fresh)).toEqual([]);
  const interrupted = lookUpAll(fresh);
  await rows(home.database, "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    new URL(scratch.url).pathname.slice(1),
  ]);
  expect((await interrupted).filter((cause) => !isUnavailable(cause))).toEqual([]);
  expect(await lookUpAll(fresh)).toEqual([]);
});
