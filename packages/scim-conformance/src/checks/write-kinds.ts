import {
  expectError,
  expectMembers,
  expectSame,
  expectSameSet,
  expectStatus,
  idsOf,
  memberIdsOf,
  pathOf,
} from "../assertion.ts";
import type { Check } from "../check.ts";
import type { GroupNumber, PersonNumber } from "../fixture-resources.ts";
import type { ScimResponse } from "../http-client.ts";
import type { JsonObject } from "../json.ts";
import { patchOf, replace } from "../request-body.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";

/** A value, or one that depends on the fixtures. */
type Of<T extends object> = T | ((target: Target) => T);

/** One of the fixtures, such as "person 1". */
export type FixtureName = `person ${PersonNumber}` | `group ${GroupNumber}`;

/** Expected values of a resource by path; undefined: no value. Members are people of the fixtures. */
export type Shown = Readonly<Record<string, unknown>> & { readonly members?: readonly PersonNumber[] };

/** The status of an error, or the allowed ones, and the scimType where the clause demands one. */
type Refusal = readonly [status: number | readonly number[], scimType?: string];

/** 4xx that a service may choose for a reference to a resource that does not exist. */
export const unknownReference: Refusal = [[400, 404, 409]];
/** For a method that an address does not have. */
export const noSuchMethod: Refusal = [[404, 405, 501]];

/** A change that most checks of writes make. */
export const another = { displayName: "Another" };
export const rename = replace("displayName", "Another");

/** The faults that a check of a refused PATCH must see where the clause demands a scimType. */
export const patchRefusalFaults: readonly FaultName[] = [
  "a PATCH that is never refused",
  "a refused PATCH without a scimType",
  "a scimType that is invalidValue whatever is wrong",
];

/** Expects that each of the requests is refused. */
export function refuses(
  [status, scimType]: Refusal,
  ...requests: readonly ((target: Target) => Promise<ScimResponse>)[]
): Check["run"] {
  return async (target) => {
    for (const request of requests) expectError(await request(target), status, scimType);
  };
}

/** Expects that a request is refused for each of the resources and does not change it, lastModified included. */
export function refusesUnchanged(
  names: FixtureName | readonly FixtureName[],
  [status, scimType]: Refusal,
  request: (target: Target, path: string) => Promise<ScimResponse>,
): Check["run"] {
  const runs = [names]
    .flat()
    .map((name) =>
      leavesUnchanged(name, async (target, path) => expectError(await request(target, path), status, scimType)),
    );
  return async (target) => {
    for (const run of runs) await run(target);
  };
}

/** Expects what a GET shows. */
export function shows(name: FixtureName, shown: Of<Shown>): Check["run"] {
  return (target) => expectRead(target, pathOfFixture(target, name), shown);
}

/** Sends a PATCH; expects what a GET then shows. */
export function patches(name: FixtureName, operations: Of<readonly object[]>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const path = pathOfFixture(target, name);
    await target.change(path, ...valueOf(operations, target));
    await expectRead(target, path, shown);
  };
}

/** Expects that each PATCH succeeds and changes nothing, lastModified included. */
export function patchChangesNothing(name: FixtureName, ...requests: readonly Of<readonly object[]>[]): Check["run"] {
  return leavesUnchanged(name, async (target, path) => {
    for (const operations of requests) await target.change(path, ...valueOf(operations, target));
  });
}

/** Expects that each PATCH is refused, and that all of them change nothing. */
export function refusesPatch(
  name: FixtureName,
  refusal: Refusal,
  ...requests: readonly Of<readonly object[]>[]
): Check["run"] {
  const bodies = requests.map((operations) => (target: Target) => patchOf(...valueOf(operations, target)));
  return refusesPatchBody(name, refusal, ...bodies);
}

/** The same by the whole body, which may be invalid JSON. */
export function refusesPatchBody(
  name: FixtureName,
  [status, scimType]: Refusal,
  ...bodies: readonly (string | Of<object>)[]
): Check["run"] {
  return leavesUnchanged(name, async (target, path) => {
    for (const body of bodies) expectError(await target.patch(path, bodyOf(body, target)), status, scimType);
  });
}

/** Replaces a person by PUT, with other attributes than the initial ones; expects what a GET then shows. */
export function puts(number: PersonNumber, more: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    await target.replacePerson(number, valueOf(more, target));
    await expectRead(target, target.person(number).path, shown);
  };
}

/** Replaces person 1; expects what the response to the PUT shows. `query` follows the path. */
export function putShows(more: Of<JsonObject>, shown: Of<Shown>, query = ""): Check["run"] {
  return async (target) => {
    const body = target.personBody(1, valueOf(more, target));
    const response = await target.put(`${target.person(1).path}${query}`, body);
    expectStatus(response, 200);
    expectShown(target, response, shown);
  };
}

/** Replaces group 1 by PUT; expects what a GET then shows. */
export function putsGroup(body: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => {
    const { path } = target.group(1);
    expectStatus(await target.put(path, valueOf(body, target)), 200);
    await expectRead(target, path, shown);
  };
}

/** Expects that a PUT is refused and changes nothing. */
export function refusesPut(name: FixtureName, refusal: Refusal, body: Of<object>): Check["run"] {
  return refusesUnchanged(name, refusal, (target, path) => target.put(path, valueOf(body, target)));
}

/** Creates a third group; expects what a GET then shows. */
export function createsGroup(more: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) => expectRead(target, pathOf(await target.createGroup(valueOf(more, target))), shown);
}

/** Deletes a person and creates it again; expects what a GET then shows. */
export function createsPerson(number: PersonNumber, more: Of<JsonObject>, shown: Of<Shown>): Check["run"] {
  return async (target) =>
    expectRead(target, pathOf(await target.recreatePerson(number, valueOf(more, target))), shown);
}

/** Expects that each POST is refused. */
export function refusesPost(
  endpoint: "/Users" | "/Groups",
  refusal: Refusal,
  ...bodies: readonly (string | Of<object>)[]
): Check["run"] {
  return refuses(refusal, ...bodies.map((body) => (target: Target) => target.post(endpoint, bodyOf(body, target))));
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

/** Expects what a GET of this path shows. */
export async function expectRead(target: Target, path: string, shown: Of<Shown>): Promise<void> {
  expectShown(target, await target.read(path), shown);
}

export function expectShown(target: Target, response: ScimResponse, shown: Of<Shown>): void {
  const { members, ...values } = valueOf(shown, target);
  expectMembers(response, values);
  if (members === undefined) return;
  const ids = members.map((number) => target.person(number).id);
  expectSameSet(response, "the members", memberIdsOf(response), ids);
}

/** Compares what a GET shows after a change with what it showed before. */
export function comparesAfter(
  name: FixtureName,
  change: (target: Target, path: string) => Promise<unknown>,
  compare: (after: ScimResponse, before: ScimResponse) => void,
): Check["run"] {
  return async (target) => {
    const path = pathOfFixture(target, name);
    const before = await target.read(path);
    await change(target, path);
    compare(await target.read(path), before);
  };
}

/** Expects that requests leave a resource as it is, lastModified included. */
export function leavesUnchanged(
  name: FixtureName,
  requests: (target: Target, path: string) => Promise<unknown>,
): Check["run"] {
  return comparesAfter(name, requests, (after, before) =>
    expectSame(after, "the resource as it was", after.body, before.body),
  );
}

export function pathOfFixture(target: Target, name: FixtureName): string {
  const person = target.people().find(({ number }) => name === `person ${number}`);
  return (person ?? target.group(name === "group 1" ? 1 : 2)).path;
}

function bodyOf(body: string | Of<object>, target: Target): object | string {
  return typeof body === "string" ? body : valueOf(body, target);
}

function valueOf<T extends object>(value: Of<T>, target: Target): T {
  return typeof value === "function" ? value(target) : value;
}
