import { arrayAt, expectHeader, expectSame, expectStatus, stringAt } from "../assertion.ts";
import type { GroupNumber, PersonNumber } from "../cast-roles.ts";
import { personBody } from "../cast-roles.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, type JsonObject } from "../json.ts";
import type { Target } from "../target.ts";

export const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** An extension that no service knows. */
export const strangeSchema = "urn:example:conformance:2.0:Strange";
export const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** An id that no resource has, in the form that most services give theirs. */
export const nobodysId = "00000000-0000-4000-8000-000000000000";

/** The body of a PATCH (RFC 7644 section 3.5.2). */
export function patchOf(...operations: readonly object[]): object {
  return { schemas: [patchSchema], Operations: operations };
}

/** The body of a group beside the cast's two. It is deleted after the check, for its name begins as theirs do. */
export function newGroup(target: Target, more: JsonObject = {}): JsonObject {
  return { schemas: [groupSchema], displayName: `${target.cast.label}-New`, ...more };
}

/** Creates a group beside the cast's two. */
export async function createGroup(target: Target, more: JsonObject = {}): Promise<ScimResponse> {
  const created = await target.post("/Groups", newGroup(target, more));
  expectStatus(created, 201);
  return created;
}

/** Deletes one of the cast and sends the POST that brings the person back, with more members or other ones. */
export async function recreatePerson(
  target: Target,
  number: PersonNumber,
  more: JsonObject = {},
): Promise<ScimResponse> {
  expectStatus(await target.delete(personPath(target, number)), 204);
  return target.post("/Users", bodyOfPerson(target, number, more));
}

/** The body of one of the cast, with more members or other ones. */
export function bodyOfPerson(target: Target, number: PersonNumber, more: JsonObject = {}): JsonObject {
  return { ...personBody(target.cast.person(number)), ...more };
}

/** The body of group 1, with more members or other ones. */
export function bodyOfGroup({ cast }: Target, more: JsonObject = {}): JsonObject {
  const { displayName, memberIds } = cast.group(1);
  return { schemas: [groupSchema], displayName, members: references(...memberIds), ...more };
}

export function personPath(target: Target, number: PersonNumber): string {
  return `/Users/${target.cast.person(number).id}`;
}

export function groupPath(target: Target, number: GroupNumber): string {
  return `/Groups/${target.cast.group(number).id}`;
}

/** The path of a resource in a response. */
export function pathOf(endpoint: "/Users" | "/Groups", response: ScimResponse): string {
  return `${endpoint}/${stringAt(response, "id")}`;
}

/** Reads a resource that must be there. */
export async function read(target: Target, path: string): Promise<ScimResponse> {
  const response = await target.get(path);
  expectStatus(response, 200);
  return response;
}

/** Changes a resource; the response to a PATCH may have a body or not. Returns the resource as it is read afterwards. */
export async function patchAndRead(
  target: Target,
  path: string,
  ...operations: readonly object[]
): Promise<ScimResponse> {
  expectStatus(await target.patch(path, patchOf(...operations)), 200, 204);
  return read(target, path);
}

/** The ids of a group's members; none where `members` is left out. */
export function memberIdsOf(response: ScimResponse): readonly string[] {
  if (at(response.body, "members") === undefined) return [];
  return arrayAt(response, "members").map((_member, index) => stringAt(response, `members.${index}.value`));
}

/** As a multi-valued attribute takes them. */
export function references(...ids: readonly string[]): readonly JsonObject[] {
  return ids.map((value) => ({ value }));
}

/** Expects that a resource is after the requests as it was before, lastModified included. */
export async function staysAsItIs(
  target: Target,
  path: string,
  requests: (path: string) => Promise<void>,
): Promise<void> {
  const before = await read(target, path);
  await requests(path);
  const after = await read(target, path);
  expectSame(after, "the resource as it was", after.body, before.body);
}

/** The media type of every response with a body; it has no parameters (RFC 7644 section 8.1). */
export function expectScimJson(response: ScimResponse): void {
  expectHeader(response, "content-type", /^application\/scim\+json$/i);
}
