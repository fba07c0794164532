import { expectSame, integerAt, resourcesOf } from "../assertion.ts";
import type { Cast } from "../cast.ts";
import type { PersonNumber } from "../cast-roles.ts";
import type { Answer } from "../http-client.ts";
import type { Target } from "../target.ts";

type Query = Readonly<Record<string, string | number>>;

/** People of a list by their numbers in the cast, in the order of the answer; 0 stands for somebody else. */
export type Found = { readonly answer: Answer; readonly numbers: readonly (PersonNumber | 0)[] };

/** The filter for the cast alone, with another one inside where it is given. */
export function ofTheCast(cast: Cast, filter?: string): string {
  const everybody = `userName sw ${JSON.stringify(`${cast.label}-`)}`;
  return filter === undefined ? everybody : `${everybody} and (${filter})`;
}

/** Queries the people of the cast, and nobody else; `query` may say more, its filter is joined with ours. */
export async function castFound(target: Target, query: Query = {}): Promise<Found> {
  const { filter, ...rest } = query;
  const joined = ofTheCast(target.cast, filter === undefined ? undefined : String(filter));
  return peopleFound(target, { filter: joined, ...rest });
}

export async function peopleFound(target: Target, query: Query): Promise<Found> {
  return foundIn(target, await target.get("/Users", query));
}

export function foundIn(target: Target, answer: Answer): Found {
  const people = target.cast.people();
  const numbers = resourcesOf(answer).map(({ id }) => people.find((person) => person.id === id)?.number ?? 0);
  return { answer, numbers };
}

/** Expects exactly these people, in any order, and a `totalResults` that counts them. */
export function expectPeople({ answer, numbers }: Found, expected: readonly number[]): void {
  const compare = (left: number, right: number): number => left - right;
  expectSame(answer, "the people", numbers.toSorted(compare), expected.toSorted(compare));
  expectSame(answer, "totalResults", integerAt(answer, "totalResults"), expected.length);
}
