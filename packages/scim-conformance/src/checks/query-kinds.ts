import { expectError, expectMember, expectSame, expectSameSet, idsOf, integerAt, resourcesOf } from "../assertion.ts";
import type { Cast } from "../cast.ts";
import type { GroupNumber, PersonNumber } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";

export type Query = Readonly<Record<string, string | number>>;

/** People of a list by their numbers in the cast, in the order of the response; 0 stands for somebody else. */
export type Found = { readonly response: ScimResponse; readonly numbers: readonly (PersonNumber | 0)[] };

/** A filter, or one that names people or groups of the cast. */
type Filter = string | ((cast: Cast) => string);

/** Expects that a filter finds these people of the cast, and no others of them. */
export function finds(filter: Filter, people: readonly PersonNumber[]): Check["run"] {
  return async (target) => expectPeople(await castFound(target, { filter: textOf(filter, target) }), people);
}

/** The same for a filter that by itself selects people of the cast only: it is sent as it is. */
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
    const expected = groups.map((number) => target.cast.group(number).id);
    expectSameSet(response, "the groups", idsOf(response), expected);
    expectMember(response, "totalResults", expected.length);
  };
}

/** Expects that a filter is 400 invalidFilter. */
export function invalidFilter(filter: string, endpoint: "/Users" | "/Groups" = "/Users"): Check["run"] {
  return async (target) => expectError(await target.get(endpoint, { filter }), 400, "invalidFilter");
}

/** Expects that a query lists the people of the cast in this order. */
export function sorts(query: Query, order: readonly PersonNumber[]): Check["run"] {
  return async (target) => {
    const { response, numbers } = await castFound(target, query);
    expectSame(response, "the people in the order", numbers, order);
  };
}

/** Expects that a query over the five people of the cast has a page of so many, beginning at `startIndex`. */
export function pages(query: Query, size: number, startIndex: number): Check["run"] {
  return async (target) => expectPage(await castFound(target, query), size, startIndex);
}

export function expectPage({ response, numbers }: Found, size: number, startIndex: number): void {
  expectSame(response, "on the page so many people", numbers.length, size);
  expectMember(response, "totalResults", 5);
  if (size > 0) expectMember(response, "startIndex", startIndex);
}

/** A text as a filter writes it. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The filter for the people of the cast alone, with another one inside where it is given. */
export function ofTheCast(cast: Cast, filter?: string): string {
  const everybody = `userName sw ${quoted(`${cast.label}-`)}`;
  return filter === undefined ? everybody : `${everybody} and (${filter})`;
}

/** The filter for the groups of the cast alone. */
export function groupsOfTheCast(cast: Cast): string {
  return `displayName sw ${quoted(`${cast.label}-`)}`;
}

/** Queries the people of the cast, and nobody else; `query` may say more, its filter is joined with ours. */
export async function castFound(target: Target, query: Query = {}): Promise<Found> {
  const { filter, ...rest } = query;
  const joined = ofTheCast(target.cast, filter === undefined ? undefined : String(filter));
  return foundIn(target, await target.get("/Users", { filter: joined, ...rest }));
}

export function foundIn(target: Target, response: ScimResponse): Found {
  const people = target.cast.people();
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

function textOf(filter: Filter, { cast }: Target): string {
  return typeof filter === "string" ? filter : filter(cast);
}
