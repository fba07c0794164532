import type { ScimResponse } from "./http-client.ts";
import { at, isObject, isSame, shown, type JsonObject } from "./json.ts";

/** The service breaks the clause. The message has the request, the expectation and what the response has instead. */
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

/** The error to throw; `sentence` follows the request: "should hold …, but holds …". */
export function violation(response: ScimResponse, sentence: string): Violation {
  const said = at(response.body, "detail");
  const detail = response.status >= 400 && typeof said === "string" ? ` It says: ${shown(said)}` : "";
  return new Violation(
    `${response.request.method} ${response.url} (answered ${response.status}) ${sentence}.${detail}`,
  );
}

/** Throws a `Violation` unless the condition holds. */
export function expectThat(response: ScimResponse, holds: boolean, sentence: string): asserts holds {
  if (!holds) throw violation(response, sentence);
}

export function expectStatus(response: ScimResponse, ...statuses: readonly number[]): void {
  expectThat(response, statuses.includes(response.status), `should answer ${statuses.join(" or ")}`);
}

/** Expects a SCIM error (RFC 7644 section 3.12); `scimType` where the clause demands one. */
export function expectError(response: ScimResponse, status: number | readonly number[], scimType?: string): void {
  expectStatus(response, ...(typeof status === "number" ? [status] : status));
  const schemas = at(response.body, "schemas");
  expectThat(
    response,
    Array.isArray(schemas) && schemas.includes(errorSchema),
    `should have a body with the schema ${errorSchema}, but has ${shown(response.text)}`,
  );
  if (scimType !== undefined) expectMember(response, "scimType", scimType);
}

/** Is this a SCIM error with that status? */
export function isErrorOf(response: ScimResponse, status: number): boolean {
  const schemas = at(response.body, "schemas");
  return response.status === status && Array.isArray(schemas) && schemas.includes(errorSchema);
}

/** Expects a member of the body, such as `name.givenName`, to be this; undefined: to be absent. */
export function expectMember(response: ScimResponse, path: string, expected: unknown): void {
  const actual = at(response.body, path);
  expectThat(response, isSame(actual, expected), `should hold ${path} ${shown(expected)}, but holds ${shown(actual)}`);
}

/** Expects a header to be this text or to match this pattern. */
export function expectHeader(response: ScimResponse, name: string, expected: string | RegExp): void {
  const actual = response.headers.get(name);
  const holds = actual !== null && (typeof expected === "string" ? actual === expected : expected.test(actual));
  expectThat(response, holds, `should have the header ${name} like ${String(expected)}, but has ${shown(actual)}`);
}

/** Expects the members of the body at these paths; undefined: absent. */
export function expectMembers(response: ScimResponse, expected: JsonObject): void {
  for (const [path, value] of Object.entries(expected)) expectMember(response, path, value);
}

/** The media type of every response with a body; it has no parameters (RFC 7644 section 8.1). */
export function expectScimJson(response: ScimResponse): void {
  expectHeader(response, "content-type", /^application\/scim\+json$/i);
}

/** Expects two values of a response to be the same; `what` names them. */
export function expectSame(response: ScimResponse, what: string, actual: unknown, expected: unknown): void {
  expectThat(response, isSame(actual, expected), `should have ${what} ${shown(expected)}, but has ${shown(actual)}`);
}

/** The same, in any order. */
export function expectSameSet(
  response: ScimResponse,
  what: string,
  actual: readonly string[],
  expected: readonly string[],
): void {
  expectSame(response, what, inOrder(actual), inOrder(expected));
}

export function objectOf(response: ScimResponse): JsonObject {
  expectThat(
    response,
    isObject(response.body),
    `should have a JSON object as its body, but has ${shown(response.text)}`,
  );
  return response.body;
}

export function stringAt(response: ScimResponse, path: string): string {
  const value = at(response.body, path);
  expectThat(response, typeof value === "string" && value !== "", `should hold a text at ${path}, not ${shown(value)}`);
  return value;
}

export function integerAt(response: ScimResponse, path: string): number {
  const value = at(response.body, path);
  const isInteger = typeof value === "number" && Number.isSafeInteger(value);
  expectThat(response, isInteger, `should hold an integer at ${path}, not ${shown(value)}`);
  return value;
}

export function arrayAt(response: ScimResponse, path: string): readonly unknown[] {
  const value = at(response.body, path);
  expectThat(response, Array.isArray(value), `should hold an array at ${path}, not ${shown(value)}`);
  return value;
}

/** The path of the resource that a POST has created. */
export function pathOf(response: ScimResponse): string {
  return `${response.request.path.replace(/\?.*/, "")}/${stringAt(response, "id")}`;
}

/** The ids of a group's members; none if `members` is absent. */
export function memberIdsOf(response: ScimResponse): readonly string[] {
  if (at(response.body, "members") === undefined) return [];
  return arrayAt(response, "members").map((_member, index) => stringAt(response, `members.${index}.value`));
}

/** The resources of a list with status 200; none if `Resources` is absent, as RFC 7644 allows. */
export function resourcesOf(response: ScimResponse): readonly JsonObject[] {
  expectStatus(response, 200);
  const found = at(response.body, "Resources") ?? [];
  const isList = Array.isArray(found) && found.every(isObject);
  expectThat(response, isList, `should hold an array of resources, but holds ${shown(found)}`);
  return found;
}

/** The ids of a list's resources, in its order. */
export function idsOf(response: ScimResponse): readonly string[] {
  return resourcesOf(response).map(({ id }) => {
    expectThat(response, typeof id === "string" && id !== "", `should give each resource an id, not ${shown(id)}`);
    return id;
  });
}

function inOrder(texts: readonly string[]): readonly string[] {
  return [...texts].sort((left, right) => (left < right ? -1 : 1));
}
