import { expectError, expectMember, expectSame, expectSameSet, idsOf, integerAt, resourcesOf } from "../assertion.ts";
import type { Chapter, Check } from "../check.ts";
import type { GroupNumber, PersonNumber } from "../fixture-resources.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Query, Target } from "../target.ts";

/** People of a list by their numbers, in the order of the response; 0 stands for a person outside the fixtures. */
export type Found = { readonly response: ScimResponse; readonly numbers: readonly (PersonNumber | 0)[] };

/** A filter, or one with ids or names of the fixtures. */
type Filter = string | ((target: Target) => string);

export const filterChapter: Chapter = {
  clause: "RFC 7644 section 3.4.2.2",
  needs: ["filter"],
  faults: ["a filter that is ignored"],
};

/** Expects that a filter, restricted to the five people, finds these. */
export function finds(filter: Filter, people: readonly PersonNumber[]): Check["run"] {
  return async (target) => expectPeople(await queryPeople(target, { filter: textOf(filter, target) }), people);
}

/** The same for a filter that is sent as it is, because it selects none but the five people. */
export function findsAlone(filter: Filter, people: readonly PersonNumber[]): Check["run"] {
  return async (target) => {
    const response = await target.get("/Users", { filter: textOf(filter, target) });
    expectPeople(foundIn(target, response), people);
  };
}

/** Expects that a filter finds exactly these groups. */
export function findsGroups(filter: Filter, groups: readonly GroupNumber[]): Check["run"] {
  return async (target) => {
    const response = await target.get("/Groups", { filter: textOf(filter, target) });
    const expected = groups.map((number) => target.group(number).id);
    expectSameSet(response, "the groups", idsOf(response), expected);
    expectMember(response, "totalResults", expected.length);
  };
}

/** Expects that a filter is 400 invalidFilter. */
export function invalidFilter(filter: string, endpoint: "/Users" | "/Groups" = "/Users"): Check["run"] {
  return async (target) => expectError(await target.get(endpoint, { filter }), 400, "invalidFilter");
}

/** Expects that a query lists the people in this order. */
export function sorts(query: Query, order: readonly PersonNumber[]): Check["run"] {
  return async (target) => {
    const { response, numbers } = await queryPeople(target, query);
    expectSame(response, "the people in this order", numbers, order);
  };
}

/** Expects that a query over the five people has a page of `size` people, beginning at `startIndex`. */
export function pages(query: Query, size: number, startIndex: number): Check["run"] {
  return async (target) => expectPage(await queryPeople(target, query), size, startIndex);
}

/** `startIndex` is left out for a page by cursor. */
export function expectPage({ response, numbers }: Found, size: number, startIndex?: number): void {
  expectSame(response, "a page size of", numbers.length, size);
  expectMember(response, "totalResults", 5);
  if (size > 0) expectMember(response, "startIndex", startIndex);
}

/** A text as a filter writes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The filter that selects the five people, joined with another one if given. */
export function peopleFilter(target: Target, filter?: string): string {
  const everybody = `userName sw ${quoted(`${target.label}-`)}`;
  return filter === undefined ? everybody : `${everybody} and (${filter})`;
}

/** The filter that selects the two groups. */
export function groupsFilter(target: Target): string {
  return `displayName sw ${quoted(`${target.label}-`)}`;
}

/** Queries the five people; a filter in `query` is joined with theirs. */
export async function queryPeople(target: Target, query: Query = {}): Promise<Found> {
  const { filter, ...rest } = query;
  const joined = peopleFilter(target, filter === undefined ? undefined : String(filter));
  return foundIn(target, await target.get("/Users", { filter: joined, ...rest }));
}

export function foundIn(target: Target, response: ScimResponse): Found {
  const people = target.people();
  const numbers = resourcesOf(response).map(({ id }) => people.find((person) => person.id === id)?.number ?? 0);
  return { response, numbers };
}

/** Expects exactly these people, in any order, and a `totalResults` that counts them. */
export function expectPeople({ response, numbers }: Found, expected: readonly number[]): void {
  expectSame(response, "the people", ascending(numbers), ascending(expected));
  expectSame(response, "totalResults", integerAt(response, "totalResults"), expected.length);
}

/** Expects that the pages together hold each of the five people once. */
export function expectEverybodyOnce(response: ScimResponse, what: string, numbers: readonly number[]): void {
  expectSame(response, what, ascending(numbers), [1, 2, 3, 4, 5]);
}

function ascending(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((left, right) => left - right);
}

function textOf(filter: Filter, target: Target): string {
  return typeof filter === "string" ? filter : filter(target);
}
