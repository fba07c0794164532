import type { Answer } from "./http-client.ts";
import { at, isObject, isSame, shown, type JsonObject } from "./json.ts";

/** The service did not do what the clause asks for. The message names the call, what was expected and what came. */
export class Violation extends Error {
  override readonly name = "Violation";
}

export const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";
export const listSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** The scimTypes of RFC 7644 section 3.12 (table 9) and of RFC 9865 section 2.1. */
export const scimTypes = [
  "invalidFilter",
  "tooMany",
  "uniqueness",
  "mutability",
  "invalidSyntax",
  "invalidPath",
  "noTarget",
  "invalidValue",
  "invalidVers",
  "sensitive",
  "invalidCursor",
  "expiredCursor",
  "invalidCount",
];

/** The error to throw; `sentence` goes on after the call: "should hold …, but holds …". */
export function violation(answer: Answer, sentence: string): Violation {
  const said = at(answer.body, "detail");
  const detail = answer.status >= 400 && typeof said === "string" ? ` It says: ${shown(said)}` : "";
  return new Violation(`${answer.call.method} ${answer.url} (answered ${answer.status}) ${sentence}.${detail}`);
}

/** Throws a `Violation` unless the condition holds. */
export function expectThat(answer: Answer, holds: boolean, sentence: string): asserts holds {
  if (!holds) throw violation(answer, sentence);
}

export function expectStatus(answer: Answer, ...statuses: readonly number[]): void {
  expectThat(answer, statuses.includes(answer.status), `should answer ${statuses.join(" or ")}`);
}

/** Expects a refusal in SCIM's form (RFC 7644 section 3.12); `scimType` where the clause demands one. */
export function expectError(answer: Answer, status: number | readonly number[], scimType?: string): void {
  expectStatus(answer, ...(typeof status === "number" ? [status] : status));
  const schemas = at(answer.body, "schemas");
  expectThat(
    answer,
    Array.isArray(schemas) && schemas.includes(errorSchema),
    `should have a body with the schema ${errorSchema}, but has ${shown(answer.text)}`,
  );
  if (scimType !== undefined) expectMember(answer, "scimType", scimType);
}

/** Is this the refusal with that status, in SCIM's form? */
export function isErrorOf(answer: Answer, status: number): boolean {
  const schemas = at(answer.body, "schemas");
  return answer.status === status && Array.isArray(schemas) && schemas.includes(errorSchema);
}

/** Expects a member of the body, such as `name.givenName`, to be this; undefined: to be absent. */
export function expectMember(answer: Answer, path: string, expected: unknown): void {
  const actual = at(answer.body, path);
  expectThat(answer, isSame(actual, expected), `should hold ${path} ${shown(expected)}, but holds ${shown(actual)}`);
}

/** Expects a header; a text is compared whole, a pattern must match. */
export function expectHeader(answer: Answer, name: string, expected: string | RegExp): void {
  const actual = answer.headers.get(name);
  const holds = actual !== null && (typeof expected === "string" ? actual === expected : expected.test(actual));
  expectThat(answer, holds, `should have the header ${name} like ${String(expected)}, but has ${shown(actual)}`);
}

/** Expects two values that came out of an answer to be the same; `what` names them. */
export function expectSame(answer: Answer, what: string, actual: unknown, expected: unknown): void {
  expectThat(answer, isSame(actual, expected), `should have ${what} ${shown(expected)}, but has ${shown(actual)}`);
}

/** The same, in any order. */
export function expectSameSet(
  answer: Answer,
  what: string,
  actual: readonly string[],
  expected: readonly string[],
): void {
  expectSame(answer, what, inOrder(actual), inOrder(expected));
}

export function objectOf(answer: Answer): JsonObject {
  expectThat(answer, isObject(answer.body), `should have a JSON object as its body, but has ${shown(answer.text)}`);
  return answer.body;
}

export function stringAt(answer: Answer, path: string): string {
  const value = at(answer.body, path);
  expectThat(answer, typeof value === "string" && value !== "", `should hold a text at ${path}, not ${shown(value)}`);
  return value;
}

export function integerAt(answer: Answer, path: string): number {
  const value = at(answer.body, path);
  const isInteger = typeof value === "number" && Number.isSafeInteger(value);
  expectThat(answer, isInteger, `should hold an integer at ${path}, not ${shown(value)}`);
  return value;
}

export function arrayAt(answer: Answer, path: string): readonly unknown[] {
  const value = at(answer.body, path);
  expectThat(answer, Array.isArray(value), `should hold an array at ${path}, not ${shown(value)}`);
  return value;
}

/** The resources of a list that was answered with 200; none where `Resources` is left out, as RFC 7644 allows. */
export function resourcesOf(answer: Answer): readonly JsonObject[] {
  expectStatus(answer, 200);
  const found = at(answer.body, "Resources") ?? [];
  const isList = Array.isArray(found) && found.every(isObject);
  expectThat(answer, isList, `should hold an array of resources, but holds ${shown(found)}`);
  return found;
}

/** The ids of a list's resources, in its order. */
export function idsOf(answer: Answer): readonly string[] {
  return resourcesOf(answer).map(({ id }) => {
    expectThat(answer, typeof id === "string" && id !== "", `should give each resource an id, not ${shown(id)}`);
    return id;
  });
}

function inOrder(texts: readonly string[]): readonly string[] {
  return [...texts].sort((left, right) => (left < right ? -1 : 1));
}
