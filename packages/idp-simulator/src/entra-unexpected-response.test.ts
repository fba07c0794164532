import { expect, test } from "vitest";
import type { EntraGroup, EntraPerson } from "./entra-directory.ts";
import { readSchemas } from "./entra-schema.ts";
import { createEntraSimulator, type EntraSimulator } from "./entra-simulator.ts";
import { UnexpectedResponse } from "./connection.ts";
import { errorSchema, groupSchema, userSchema } from "./scim-wire.ts";
import { listOf, type Received, type Scripted, scriptedService, userOf } from "./testing/scripted-service.ts";

const login = "Pam.Beesly@dm.example";
const pam = {
  userPrincipalName: login,
  mailNickname: "pam",
  givenName: "Pam",
  surname: "Beesly",
  displayName: "Pam Beesly",
};
const user = (overrides: object = {}): object =>
  userOf({
    externalId: "pam",
    userName: login,
    emails: [{ value: login, type: "work", primary: true }],
    ...overrides,
  });
const userLocation = "https://scim.example/scim_v2/Users/u1";
const groupLocation = "https://scim.example/scim_v2/Groups/g1";
const error = (status: number): object => ({ schemas: [errorSchema], status: String(status), detail: "No." });

/** A correct service with one person and one group: its response to each kind of request. */
function correctResponses(groupExternalId: string): Record<string, Scripted> {
  const group = {
    schemas: [groupSchema],
    id: "g1",
    displayName: "Sales",
    externalId: groupExternalId,
    meta: { resourceType: "Group", location: groupLocation },
  };
  return {
    "GET /Users?": { status: 200, body: listOf([user()]) },
    "GET /Users/u1": { status: 200, body: user() },
    "POST /Users": { status: 201, body: user(), headers: { Location: userLocation } },
    "PATCH /Users/u1": { status: 204 },
    "DELETE /Users/u1": { status: 204 },
    "GET /Groups?": { status: 200, body: listOf([group]) },
    "GET /Groups/g1": { status: 200, body: { ...group, members: [] } },
    "GET /Groups/g1?": { status: 200, body: group },
    "POST /Groups": { status: 201, body: group, headers: { Location: groupLocation } },
    "PATCH /Groups/g1": { status: 204 },
    "DELETE /Groups/g1": { status: 204 },
  };
}

/** `GET /Users?` for a look-up, `GET /Groups/g1?` for a read without members, else method and path. */
function kindOf({ method, path }: Received): string {
  const [place = "", query] = path.replace("/scim_v2", "").split("?");
  return `${method} ${place}${query === undefined ? "" : "?"}`;
}

/** What the faulty service returns instead of the correct response. */
type Edit = (correct: Scripted) => Scripted;
type Action = (entra: EntraSimulator, person: EntraPerson, group: EntraGroup) => Promise<unknown>;

/** Pam and the group are provisioned; then one kind of request is answered differently. Returns what the action throws. */
async function thrownBy(kind: string, edit: Edit, actionName: string): Promise<unknown> {
  const action = actions[actionName];
  if (action === undefined) throw new Error(`There is no action ${actionName}.`);
  let responses: Record<string, Scripted> = {};
  await using service = await scriptedService((request) => {
    const kindOfRequest = kindOf(request);
    // Entra's connection test looks for random names; every other request is about Pam or the group.
    const isRandom = /(userName|displayName)%20eq%20%22[0-9a-f-]{36}%22/.test(request.path);
    if (isRandom && kindOfRequest !== kind) return { status: 200, body: listOf([]) };
    return responses[kindOfRequest] ?? { status: 404, body: error(404) };
  });
  const entra = createEntraSimulator({ baseUrl: service.baseUrl, token: "t", dialect: "default", timeoutMs: 5000 });
  const person = entra.people.add(pam);
  const group = entra.groups.add("Sales");
  responses = correctResponses(group.externalId);
  await entra.people.create(person, "whole");
  await entra.groups.create(group);
  responses = { ...responses, [kind]: edit(responses[kind] ?? { status: 404 }) };
  return await action(entra, person, group).then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

const actions: Readonly<Record<string, Action>> = {
  find: (entra) => entra.people.find("userName", login),
  findByExternalId: (entra) => entra.people.find("externalId", "pam"),
  test: (entra) => entra.testConnection(),
  provision: (entra, person) => entra.people.create(person, "whole"),
  provisionAgain: (entra, person) => entra.people.createAgain(person),
  update: (entra, person) => entra.people.update(person, { givenName: "Pam" }),
  rename: (entra, person) => entra.people.changeUserName(person, "pam@other.example"),
  softDelete: (entra, person) => entra.people.softDelete(person),
  setManager: (entra, person) => entra.people.setManager(person, person, "text"),
  hardDelete: (entra, person) => entra.people.hardDelete(person),
  findGroup: (entra) => entra.groups.find("displayName", "Sales"),
  findGroupByExternalId: (entra, _, group) => entra.groups.find("externalId", group.externalId),
  provisionGroup: (entra, _, group) => entra.groups.create(group),
  provisionGroupAgain: (entra, _, group) => entra.groups.createAgain(group),
  addMember: (entra, person, group) => entra.groups.addMembers(group, [person], [person]),
  keepMembers: (entra, _, group) => entra.groups.expectMembers(group, []),
  renameGroup: (entra, _, group) => entra.groups.rename(group, "Selling"),
  changeExternalId: (entra, _, group) => entra.groups.changeExternalId(group, "other"),
  deleteGroup: (entra, _, group) => entra.groups.delete(group),
};

const replace = (response: Scripted) => (): Scripted => response;
const unchanged: Edit = (correct) => correct;
const status = (code: number) => replace({ status: code, body: error(code) });
const people = (...all: readonly object[]) => replace({ status: 200, body: listOf(all) });
/** The correct response with other members in its body, or in each resource of its list. */
const holding =
  (overrides: object) =>
  (correct: Scripted): Scripted => {
    const body: object = typeof correct.body === "object" && correct.body !== null ? correct.body : {};
    const resources: unknown = "Resources" in body ? body.Resources : undefined;
    if (!Array.isArray(resources)) return { ...correct, body: { ...body, ...overrides } };
    return { ...correct, body: listOf(resources.map((one: object) => ({ ...one, ...overrides }))) };
  };
const withHeaders =
  (headers: Readonly<Record<string, string>>) =>
  (correct: Scripted): Scripted => ({ ...correct, headers });

/** By action and request: what is wrong with the response, and the message (docs/idp-wire.md section 4). */
const faults: Readonly<Record<string, readonly (readonly [string, Edit, RegExp])[]>> = {
  "find GET /Users?": [
    ["404", status(404), /should answer 200, but answered 404/],
    ["plain JSON", withHeaders({ "Content-Type": "application/json" }), /scim\+json/],
    ["no Resources", replace({ status: 200, body: { ...listOf([]), Resources: undefined } }), /Resources is wrong/],
    ["a number as text", replace({ status: 200, body: { ...listOf([]), totalResults: "0" } }), /totalResults/],
    ["a total that the page does not hold", replace({ status: 200, body: listOf([], 1) }), /should hold 1 of 1/],
    ["two people", people(user(), user()), /at most one person, but finds 2/],
    ["another person", people(user({ userName: "jim@dm.example" })), /should hold userName/],
    ["active as text", holding({ active: "True" }), /active is wrong/],
  ],
  "findByExternalId GET /Users?": [["another person", holding({ externalId: "PAM" }), /externalId/]],
  "test GET /Users?": [["a person for a random text", people(user()), /should hold userName/]],
  "test GET /Groups?": [["404", status(404), /Groups.*should answer 200, but answered 404/]],
  "provision POST /Users": [
    ["200", replace({ status: 200, body: user() }), /should answer 201/],
    ["no body", replace({ status: 201, headers: { Location: userLocation } }), /a User/],
    ["no Location", withHeaders({}), /Location/],
    ["a changed userName", holding({ userName: login.toLowerCase() }), /userName/],
    ["inactive", holding({ active: false }), /should hold active true/],
  ],
  "provision GET /Users/u1": [
    ["no externalId kept", holding({ externalId: undefined }), /externalId/],
    ["no display name kept", holding({ displayName: "Pam" }), /displayName/],
    ["no given name kept", holding({ name: { familyName: "Beesly" } }), /givenName/],
    ["no family name kept", holding({ name: { givenName: "Pam" } }), /familyName/],
    ["no work email kept", holding({ emails: [] }), /emails\[type eq/],
    ["not readable afterwards", status(404), /should answer 200, but answered 404/],
  ],
  "provisionAgain POST /Users": [
    ["accepted", unchanged, /should answer 409, but answered 201/],
    ["no SCIM error in the body", replace({ status: 409, body: {} }), /SCIM Error/],
    ["another status in the body", replace({ status: 409, body: error(400) }), /"400"/],
  ],
  "update PATCH /Users/u1": [
    ["400", status(400), /should answer 200 or 204, but answered 400. It says: No\./],
    ["200 with old values", replace({ status: 200, body: user({ active: false }) }), /active/],
  ],
  "update GET /Users/u1": [
    [
      "another id",
      holding({ id: "u2", meta: { resourceType: "User", location: userLocation.replace("u1", "u2") } }),
      /should hold id "u1"/,
    ],
  ],
  "rename PATCH /Users/u1": [["no effect", unchanged, /should hold userName "pam@other.example"/]],
  "softDelete PATCH /Users/u1": [["no effect", unchanged, /should hold active false/]],
  "softDelete GET /Users/u1": [["not readable afterwards", status(404), /should answer 200/]],
  "setManager GET /Users?": [["400", status(400), /manager.*should answer 200, but answered 400/]],
  "setManager PATCH /Users/u1": [["400", status(400), /answered 400/]],
  "hardDelete DELETE /Users/u1": [["200", replace({ status: 200, body: {} }), /should answer 204/]],
  "hardDelete GET /Users/u1": [
    ["still readable", unchanged, /should answer 404, but answered 200/],
    ["twice", status(404), /DELETE.*should answer 404, but answered 204/],
  ],
  "findGroup GET /Groups?": [
    ["with members", holding({ members: [] }), /should leave the members out/],
    ["another group", holding({ displayName: "Others" }), /should hold displayName/],
  ],
  "findGroupByExternalId GET /Groups?": [["another group", holding({ externalId: "x" }), /should hold externalId/]],
  "provisionGroup POST /Groups": [
    ["200", (it) => ({ ...it, status: 200 }), /should answer 201/],
    ["no Location", withHeaders({}), /Location/],
    ["no externalId", holding({ externalId: undefined }), /externalId/],
  ],
  "provisionGroup GET /Groups/g1": [
    ["members that were not sent", holding({ members: [{ value: "u9" }] }), /should hold members ""/],
  ],
  "provisionGroup GET /Groups/g1?": [["members although excluded", holding({ members: [] }), /leave the members out/]],
  "provisionGroupAgain POST /Groups": [["accepted", unchanged, /should answer 409/]],
  "addMember PATCH /Groups/g1": [
    ["400", status(400), /should answer 204 or 200, but answered 400/],
    ["no effect", unchanged, /should hold members "u1", but holds ""/],
  ],
  "keepMembers GET /Groups/g1": [["too many", holding({ members: [{ value: "u1" }] }), /should hold members ""/]],
  "renameGroup PATCH /Groups/g1": [["no effect", unchanged, /should hold displayName "Selling"/]],
  "changeExternalId PATCH /Groups/g1": [["no effect", unchanged, /should hold externalId "other"/]],
  "deleteGroup GET /Groups/g1?": [
    ["still readable", unchanged, /should answer 404/],
    ["twice", status(404), /DELETE.*should answer 404, but answered 204/],
  ],
};
const rows = Object.entries(faults).flatMap(([key, faulty]) => faulty.map((fault) => [key, ...fault] as const));

test.each(rows)("%s: throws after %s", async (key, _fault, edit, sentence) => {
  const [action = "", method, path] = key.split(" ");
  const cause = await thrownBy(`${method} ${path}`, edit, action);
  expect(cause).toBeInstanceOf(UnexpectedResponse);
  expect(cause).toHaveProperty("message", expect.stringMatching(sentence));
});

const passing = ["find", "test", "findByExternalId", "provision", "update", "setManager", "findGroup", "keepMembers"];

test.each(passing)("%s: accepts the correct responses", async (action) =>
  expect(await thrownBy("none", unchanged, action)).toBeUndefined(),
);

const attribute = { name: "userName", mutability: "readWrite", multiValued: false };
const schemas = [
  { id: userSchema, attributes: [attribute] },
  { id: groupSchema, attributes: [] },
];

// A list of both schemas, camelCase, no nulls (E-DOC).
test.each<[string, object, RegExp | undefined]>([
  ["both schemas", listOf(schemas), undefined],
  ["no list", { schemas: [], attributes: [] }, /ListResponse/],
  ["no schema of people", listOf(schemas.slice(1)), /should hold urn.*User/],
  ["no schema of groups", listOf(schemas.slice(0, 1)), /should hold urn.*Group/],
  ["nulls", listOf([...schemas, { id: "x", attributes: [], description: null }]), /should hold no null/],
  [
    "other letters",
    listOf([{ id: userSchema, attributes: [{ ...attribute, mutability: "ReadWrite" }] }, schemas[1]]),
    /mutability of userName.*"ReadWrite"/,
  ],
  ["no attributes", listOf([{ id: userSchema }, schemas[1]]), /attributes is wrong/],
])("schema discovery with %s", (_name, body, sentence) => {
  const exchange = { method: "GET", url: "/Schemas", status: 200, durationMs: 1 } as const;
  const response = { exchange, contentType: "application/scim+json", location: null, retryAfter: null, body };
  if (sentence === undefined) expect([...readSchemas(response)]).toEqual(["externalId", "userName"]);
  else expect(() => readSchemas(response)).toThrow(sentence);
});
