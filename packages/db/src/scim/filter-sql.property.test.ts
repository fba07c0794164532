import { fromUser, toGroup, toUser } from "@rollcall/domain";
import {
  compareText,
  groupResourceType,
  matchesFilter,
  parseFilter,
  userResourceType,
  type Filter,
  type ResourceTypeDefinition,
  type ScimResource,
} from "@rollcall/scim-protocol";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Place } from "./list-page.ts";
import { listMembers } from "./member-read.ts";
import { listResources } from "./resource-read.ts";
import { listRoles } from "./role-read.ts";
import { addRole } from "./role-write.ts";
import { anyText, filterText, oddTexts } from "../testing/filter-text.ts";
import { baseUrl, now, openScimDatabase, request, type ScimDatabase, type Tenant } from "../testing/scim-database.ts";

const people = 40;
const groups = 15;
/** Fixed, so that fast-check's seed and path reproduce a failure. */
const populationSeed = 7642;

const home = await openScimDatabase();
const tenant = await home.newTenant("Odd");
beforeAll(async () => {
  // People of another organization must never be found.
  const other = await home.newTenant("Other");
  await other.add(fromUser({ userName: "stranger@odd.example", displayName: "a" }));
  await populate(home, tenant);
});

const localParts = [
  "o'brien",
  "İ",
  "ß",
  "100%",
  "a_b",
  "😀",
  "é",
  "e\u0301",
  "A.B+c",
  "x*y?",
  "{|}",
  "~",
  "$1",
  "^",
  "#",
];
const maybe = (text: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(text, { freq: 3 });
const anybody = fc.record({
  localPart: fc.constantFrom(...localParts),
  domain: fc.constantFrom("odd.example", "ODD.example", "ünï.example", "x.co"),
  givenName: maybe(anyText),
  familyName: maybe(anyText),
  displayName: maybe(anyText),
  externalId: maybe(anyText),
  active: fc.boolean(),
});

async function populate({ database }: ScimDatabase, into: Tenant): Promise<void> {
  const members: string[] = [];
  for (const [index, one] of fc.sample(anybody, { seed: populationSeed, numRuns: people }).entries()) {
    const { givenName, familyName, displayName, active } = one;
    const userName = `${one.localPart}${index}@${one.domain}`;
    const externalId = one.externalId === null ? null : `${one.externalId}${index}`;
    const input = fromUser({ userName, externalId, displayName, active, name: { givenName, familyName } });
    const at = { ...request, now: new Date(now.getTime() + index * 1000) };
    members.push((await into.add(input, at)).id);
  }
  for (let index = 0; index < groups; index++) {
    const name = `${oddTexts[index * 2] ?? ""}${index}`;
    const memberIds = members.filter((_, place) => place % (index + 1) === 1).slice(0, 6);
    const externalId = index % 2 === 0 ? null : `${oddTexts[index] ?? ""}g`;
    const at = { ...request, now: new Date(now.getTime() + index * 1000), credential: into.credential };
    expect(await addRole(database, at, { name, externalId, memberIds })).toMatchObject({ kind: "saved" });
  }
  for (const id of members.slice(0, 3)) await into.grant(id, "Deploy Owners");
  await into.grant(members[1] ?? "", "Account Owners");
  await into.write(members.at(-1) ?? "", "delete");
}

const everything = { order: undefined, window: { offset: 0, limit: 1000 }, baseUrl };

async function findUsers(filter: Filter | undefined): Promise<ScimResource[]> {
  const { found } = await listMembers(home.database.sql, tenant.credential, { ...everything, filter }, now);
  expect(found.total).toBe(found.rows.length);
  return found.rows.map((member) => toUser(member, baseUrl));
}

async function findGroups(filter: Filter | undefined): Promise<ScimResource[]> {
  const query = { ...everything, filter, withMembers: true };
  const { found } = await listRoles(home.database.sql, tenant.credential, query, now);
  expect(found.total).toBe(found.rows.length);
  return found.rows.map((role) => toGroup(role, baseUrl));
}

const idOf = (resource: ScimResource): unknown => resource["id"];

// SQL must match the protocol's filter semantics exactly: a difference in case, escapes, nulls or order would make a
// provider create a person twice.
test.each([
  ["Users", userResourceType, people, findUsers],
  ["Groups", groupResourceType, groups + 3, findGroups],
] as const)("AR-22 AR-26 AR-27 SQL finds the %s that match, and no others", async (_, type, count, find) => {
  const all = await find(undefined);
  expect(all).toHaveLength(count);
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(filterText(type, all), async (text) => {
      const filter = parsed(text, type);
      const expected = all.filter((resource) => matchesFilter(filter, resource)).map(idOf);
      expect((await find(filter)).map(idOf)).toEqual(expected);
      if (expected.length > 0 && expected.length < count) hits++;
    }),
    { numRuns: 400, interruptAfterTimeLimit: 12_000, markInterruptAsFailure: false },
  );
  // Filters that match nobody or everybody would prove nothing.
  expect(hits).toBeGreaterThan(40);
});

const types = [userResourceType, groupResourceType] as const;

/** All pages of both types, each read from the end of the one before. */
async function findBoth(filters: readonly [Filter | undefined, Filter | undefined], limit: number): Promise<unknown[]> {
  const [users, groups] = filters.map((filter) => ({ filter, sortColumn: undefined }));
  if (users === undefined || groups === undefined) throw new Error("There are two types.");
  const found: unknown[] = [];
  let after: Place | undefined;
  for (let pages = 0; pages < 1000; pages++) {
    const query = {
      users,
      groups,
      isDescending: false,
      window: { offset: 0, limit, after },
      withMembers: false,
      baseUrl,
    };
    const page = (await listResources(home.database.sql, tenant.credential, query, now)).found;
    found.push(...page.rows.map((row) => (row.kind === "User" ? row.member.id : row.role.id)));
    if (!page.hasMore) {
      expect(page.total).toBe(found.length);
      return found;
    }
    after = page.end;
  }
  throw new Error("There is always a next page.");
}

// RFC 7644 section 3.4.2.1: an attribute that a type lacks has no value there.
test("SQL finds the Users and Groups that match a query over both, and no others", async () => {
  const all = [await findUsers(undefined), await findGroups(undefined)] as const;
  const text = fc
    .tuple(filterText(userResourceType, all[0]), fc.constantFrom("and", "or"), filterText(groupResourceType, all[1]))
    .map(([left, word, right]) => `(${left}) ${word} (${right})`);
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom(3, 17, 1000), async (given, limit) => {
      const filters = [parsed(given, types[0], [types[1]]), parsed(given, types[1], [types[0]])] as const;
      const expected = filters.flatMap((filter, place) =>
        (all[place] ?? [])
          .filter((resource) => matchesFilter(filter, resource))
          .map((resource) => String(idOf(resource))),
      );
      expect(await findBoth(filters, limit)).toEqual(expected.toSorted(compareText));
    }),
    { numRuns: 150, interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false },
  );
});

// No character of a filter is a pattern, an escape or SQL.
test.each(["displayName", "userName", "externalId"])(
  "AR-22 AR-40 every special text is literal in %s",
  async (path) => {
    const all = await findUsers(undefined);
    for (const text of oddTexts) {
      for (const operator of ["eq", "co", "sw", "ew", "gt", "le"]) {
        const filter = parsed(`${path} ${operator} ${JSON.stringify(text)}`, userResourceType);
        const expected = all.filter((resource) => matchesFilter(filter, resource)).map(idOf);
        expect((await findUsers(filter)).map(idOf), `${operator} ${text}`).toEqual(expected);
      }
    }
  },
);

function parsed(text: string, type: ResourceTypeDefinition, others: readonly ResourceTypeDefinition[] = []): Filter {
  const filter = parseFilter(text, type, new Set(), others);
  if (!filter.ok) throw new Error(`${text}: ${filter.error.detail}`);
  return filter.value;
}
