import { expectError, expectMember, expectSameSet, expectStatus, idsOf } from "../assertion.ts";
import type { GroupNumber, PersonNumber } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { JsonObject } from "../json.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import { bodyOfPerson, createGroup, memberIdsOf, patchOf, pathOf, read, recreatePerson } from "./written-resource.ts";
import { groupPath, personPath, references, staysAsItIs } from "./written-resource.ts";

/** A value, or one that depends on the cast. */
type Of<T extends object> = T | ((target: Target) => T);

/** One of the cast, such as "person 1". */
export type CastName = `person ${PersonNumber}` | `group ${GroupNumber}`;

/** What a resource shows, by attribute or sub-attribute; undefined: no value. Members are people of the cast. */
export type Shown = Readonly<Record<string, unknown>> & { readonly members?: readonly PersonNumber[] };

/** The status of an error, or those of which one is enough, and the scimType where the clause demands one. */
type Refusal = readonly [status: number | readonly number[], scimType?: string];

/** 4xx that a service may choose for a reference to a resource that does not exist. */
export const unknownReference: Refusal = [[400, 404, 409]];
/** For a method that an address does not have. */
export const noSuchMethod: Refusal = [[404, 405, 501]];

/** The faults that a check of a refused PATCH must see where the clause demands a scimType. */
export const patchRefusalFaults: readonly FaultName[] = [
  "a PATCH that says yes to everything",
  "a refused PATCH without a scimType",
  "a scimType that is invalidValue whatever is wrong",
];

/** Expects what a GET of one of the cast shows. */
export function shows(name: CastName, shown: Of<Shown>): Check["run"] {
  return async (target) => expectShown(target, await read(target, pathOfCast(target, name)), shown);
}

/** PATCHes one of the cast; expects what a GET then shows. */
export function patches(name: CastName, operations: Of<readonly object[]>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const path = pathOfCast(target, name);
    expectStatus(await target.patch(path, patchOf(...valueOf(operations, target))), 200, 204);
    expectShown(target, await read(target, path), shown);
  };
}

/** Expects that a PATCH of one of the cast succeeds and changes nothing, lastModified included. */
export function patchesInVain(name: CastName, ...requests: readonly Of<readonly object[]>[]): Check["run"] {
  return (target) =>
    staysAsItIs(target, pathOfCast(target, name), async (path) => {
      for (const operations of requests)
        expectStatus(await target.patch(path, patchOf(...valueOf(operations, target))), 200, 204);
    });
}

/** Expects that PATCHes of one of the cast are refused, each by itself, and change nothing. */
export function refusesPatch(
  name: CastName,
  refusal: Refusal,
  ...requests: readonly Of<readonly object[]>[]
): Check["run"] {
  const bodies = requests.map((operations) => (target: Target) => patchOf(...valueOf(operations, target)));
  return refusesPatchBody(name, refusal, ...bodies);
}

/** The same by the whole body, which may also be no JSON. */
export function refusesPatchBody(
  name: CastName,
  [status, scimType]: Refusal,
  ...bodies: readonly (string | Of<object>)[]
): Check["run"] {
  return (target) =>
    staysAsItIs(target, pathOfCast(target, name), async (path) => {
      for (const body of bodies) expectError(await target.patch(path, bodyOf(body, target)), status, scimType);
    });
}

/** PUTs a person of the cast with more members or other ones; expects what a GET then shows. */
export function puts(number: PersonNumber, more: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const path = personPath(target, number);
    expectStatus(await target.put(path, bodyOfPerson(target, number, valueOf(more, target))), 200);
    expectShown(target, await read(target, path), shown);
  };
}

/** The same, for the response to the PUT itself. `query` follows the address. */
export function putShows(more: Of<JsonObject>, shown: Of<Shown>, query = ""): Check["run"] {
  return async (target) => {
    const body = bodyOfPerson(target, 1, valueOf(more, target));
    const response = await target.put(`${personPath(target, 1)}${query}`, body);
    expectStatus(response, 200);
    expectShown(target, response, shown);
  };
}

/** PUTs group 1; expects what a GET then shows. */
export function putsGroup(body: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const path = groupPath(target, 1);
    expectStatus(await target.put(path, valueOf(body, target)), 200);
    expectShown(target, await read(target, path), shown);
  };
}

/** Expects that a PUT of one of the cast is refused and changes nothing. */
export function refusesPut(name: CastName, [status, scimType]: Refusal, body: string | Of<object>): Check["run"] {
  return (target) =>
    staysAsItIs(target, pathOfCast(target, name), async (path) =>
      expectError(await target.put(path, bodyOf(body, target)), status, scimType),
    );
}

/** Creates a group beside the cast's two; expects what a GET then shows. */
export function createsGroup(more: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const created = await createGroup(target, valueOf(more, target));
    expectShown(target, await read(target, pathOf("/Groups", created)), shown);
  };
}

/** Deletes one of the cast and creates the person again; expects what a GET then shows. */
export function createsPerson(number: PersonNumber, more: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const created = await recreatePerson(target, number, valueOf(more, target));
    expectStatus(created, 201);
    expectShown(target, await read(target, pathOf("/Users", created)), shown);
  };
}

/** Expects that POSTs are refused, each by itself. */
export function refusesPost(
  endpoint: "/Users" | "/Groups",
  [status, scimType]: Refusal,
  ...bodies: readonly (string | Of<object>)[]
): Check["run"] {
  return async (target) => {
    for (const body of bodies) expectError(await target.post(endpoint, bodyOf(body, target)), status, scimType);
  };
}

/** Expects that a query finds exactly these ids. */
export async function expectListed(
  target: Target,
  endpoint: "/Users" | "/Groups",
  filter: string,
  ids: readonly string[],
): Promise<void> {
  const listed = await target.get(endpoint, { filter });
  expectSameSet(listed, endpoint === "/Users" ? "the people found" : "the groups found", idsOf(listed), ids);
}

export function expectShown(target: Target, response: ScimResponse, shown: Of<Shown>): void {
  const { members, ...values } = valueOf(shown, target);
  for (const [path, value] of Object.entries(values)) expectMember(response, path, value);
  if (members === undefined) return;
  const ids = members.map((number) => target.cast.person(number).id);
  expectSameSet(response, "the members", memberIdsOf(response), ids);
}

/** People of the cast as members of a group. */
export function membersOf({ cast }: Target, ...numbers: readonly PersonNumber[]): readonly JsonObject[] {
  return references(...numbers.map((number) => cast.person(number).id));
}

/** The path of a PATCH that selects a member of a group. */
export function memberPath({ cast }: Target, number: PersonNumber): string {
  return `members[value eq "${cast.person(number).id}"]`;
}

export function add(path: string, value: unknown): object {
  return { op: "add", path, value };
}

export function replace(path: string, value: unknown): object {
  return { op: "replace", path, value };
}

export function remove(path: string): object {
  return { op: "remove", path };
}

/** The path of one of the cast. */
export function pathOfCast(target: Target, name: CastName): string {
  for (const { number, id } of target.cast.people()) if (name === `person ${number}`) return `/Users/${id}`;
  return groupPath(target, name === "group 1" ? 1 : 2);
}

function bodyOf(body: string | Of<object>, target: Target): object | string {
  return typeof body === "string" ? body : valueOf(body, target);
}

function valueOf<T extends object>(value: Of<T>, target: Target): T {
  return typeof value === "function" ? value(target) : value;
}
