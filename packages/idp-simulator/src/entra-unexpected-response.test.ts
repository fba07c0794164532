import { expect, test } from "vitest";
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

type Action = (entra: EntraSimulator, pamId: string, groupId: string) => Promise<unknown>;

/** Pam and the group are provisioned; then one kind of request is answered differently. Returns what `action` throws. */
async function refusedBy(kind: string, edit: (correct: Scripted) => Scripted, action: Action): Promise<unknown> {
  let responses: Record<string, Scripted> = {};
  await using service = await scriptedService((request) => {
    const kindOfRequest = kindOf(request);
    // Whom Entra's connection test looks for, nobody can know; whatever else is asked for is Pam or the group.
    const isRandom = /(userName|displayName)%20eq%20%22[0-9a-f-]{36}%22/.test(request.path);
    if (isRandom && kindOfRequest !== kind) return { status: 200, body: listOf([]) };
    return responses[kindOfRequest] ?? { status: 404, body: error(404) };
  });
  const entra = createEntraSimulator({ baseUrl: service.baseUrl, token: "t", dialect: "default", timeoutMs: 5000 });
  const pamId = entra.createPerson(pam);
  const groupId = entra.createGroup("Sales");
  responses = correctResponses(entra.groupExternalIdOf(groupId));
  await entra.provision(pamId, "whole");
  await entra.provisionGroup(groupId);
  responses = { ...responses, [kind]: edit(responses[kind] ?? { status: 404 }) };
  return await action(entra, pamId, groupId).then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

const actions = {
  find: (entra) => entra.findUser("userName", login),
  findByExternalId: (entra) => entra.findUser("externalId", "pam"),
  test: (entra) => entra.testConnection(),
  provision: (entra, id) => entra.provision(id, "whole"),
  provisionAgain: (entra, id) => entra.provisionAgain(id),
  update: (entra, id) => entra.update(id, { givenName: "Pam" }),
  rename: (entra, id) => entra.changeUserName(id, "pam@other.example"),
  softDelete: (entra, id) => entra.softDelete(id),
  setManager: (entra, id) => entra.setManager(id, id, "text"),
  hardDelete: (entra, id) => entra.hardDelete(id),
  findGroup: (entra) => entra.findGroup("displayName", "Sales"),
  findGroupByExternalId: (entra, _, id) => entra.findGroup("externalId", entra.groupExternalIdOf(id)),
  provisionGroup: (entra, _, id) => entra.provisionGroup(id),
  provisionGroupAgain: (entra, _, id) => entra.provisionGroupAgain(id),
  addMember: (entra, pamId, id) => entra.addMembers(id, [pamId], [pamId]),
  keepMembers: (entra, _, id) => entra.expectMembers(id, []),
  renameGroup: (entra, _, id) => entra.renameGroup(id, "Selling"),
  changeExternalId: (entra, _, id) => entra.changeGroupExternalId(id, "other"),
  deleteGroup: (entra, _, id) => entra.deleteGroup(id),
} satisfies Record<string, Action>;

const replace =
  (response: Scripted): ((correct: Scripted) => Scripted) =>
  () =>
    response;
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

// docs/idp-wire.md section 4.
test.each<[string, keyof typeof actions, string, (correct: Scripted) => Scripted, RegExp]>([
  ["a look-up: 404", "find", "GET /Users?", status(404), /should answer 200, but answered 404/],
  ["a look-up: plain JSON", "find", "GET /Users?", withHeaders({ "Content-Type": "application/json" }), /scim\+json/],
  [
    "a look-up: no Resources",
    "find",
    "GET /Users?",
    replace({ status: 200, body: { ...listOf([]), Resources: undefined } }),
    /Resources is wrong/,
  ],
  [
    "a look-up: a number as text",
    "find",
    "GET /Users?",
    replace({ status: 200, body: { ...listOf([]), totalResults: "0" } }),
    /totalResults/,
  ],
  [
    "a look-up: a total that is more",
    "find",
    "GET /Users?",
    replace({ status: 200, body: listOf([], 1) }),
    /should hold 1 of 1/,
  ],
  ["a look-up: two people", "find", "GET /Users?", people(user(), user()), /at most one person, but finds 2/],
  [
    "a look-up: somebody else",
    "find",
    "GET /Users?",
    people(user({ userName: "jim@dm.example" })),
    /should hold userName/,
  ],
  [
    "a look-up by externalId: somebody else",
    "findByExternalId",
    "GET /Users?",
    holding({ externalId: "PAM" }),
    /externalId/,
  ],
  ["a look-up: active as text", "find", "GET /Users?", holding({ active: "True" }), /active is wrong/],
  ["test connection: somebody for a random text", "test", "GET /Users?", people(user()), /should hold userName/],
  [
    "test connection: 404 for groups",
    "test",
    "GET /Groups?",
    status(404),
    /Groups.*should answer 200, but answered 404/,
  ],
  ["a create: 200", "provision", "POST /Users", replace({ status: 200, body: user() }), /should answer 201/],
  [
    "a create: no body",
    "provision",
    "POST /Users",
    replace({ status: 201, headers: { Location: userLocation } }),
    /a User/,
  ],
  ["a create: no Location", "provision", "POST /Users", withHeaders({}), /Location/],
  ["a create: a changed userName", "provision", "POST /Users", holding({ userName: login.toLowerCase() }), /userName/],
  ["a create: inactive", "provision", "POST /Users", holding({ active: false }), /should hold active true/],
  ["a create: no externalId kept", "provision", "GET /Users/u1", holding({ externalId: undefined }), /externalId/],
  ["a create: no display name kept", "provision", "GET /Users/u1", holding({ displayName: "Pam" }), /displayName/],
  [
    "a create: no given name kept",
    "provision",
    "GET /Users/u1",
    holding({ name: { familyName: "Beesly" } }),
    /givenName/,
  ],
  [
    "a create: no family name kept",
    "provision",
    "GET /Users/u1",
    holding({ name: { givenName: "Pam" } }),
    /familyName/,
  ],
  ["a create: no work email kept", "provision", "GET /Users/u1", holding({ emails: [] }), /emails\[type eq/],
  ["a create that is not there", "provision", "GET /Users/u1", status(404), /should answer 200, but answered 404/],
  ["a second create that is taken", "provisionAgain", "POST /Users", (it) => it, /should answer 409, but answered 201/],
  ["a refusal without SCIM's body", "provisionAgain", "POST /Users", replace({ status: 409, body: {} }), /SCIM Error/],
  [
    "a refusal with another status inside",
    "provisionAgain",
    "POST /Users",
    replace({ status: 409, body: error(400) }),
    /"400"/,
  ],
  [
    "an update: 400",
    "update",
    "PATCH /Users/u1",
    status(400),
    /should answer 200 or 204, but answered 400. It says: No\./,
  ],
  [
    "an update: 200 with old values",
    "update",
    "PATCH /Users/u1",
    replace({ status: 200, body: user({ active: false }) }),
    /active/,
  ],
  [
    "an update: another id",
    "update",
    "GET /Users/u1",
    holding({ id: "u2", meta: { resourceType: "User", location: userLocation.replace("u1", "u2") } }),
    /should hold id "u1"/,
  ],
  ["a rename: no effect", "rename", "PATCH /Users/u1", (it) => it, /should hold userName "pam@other.example"/],
  ["a soft delete: no effect", "softDelete", "PATCH /Users/u1", (it) => it, /should hold active false/],
  ["a soft delete: unreadable afterwards", "softDelete", "GET /Users/u1", status(404), /should answer 200/],
  [
    "a manager's question: 400",
    "setManager",
    "GET /Users?",
    status(400),
    /manager.*should answer 200, but answered 400/,
  ],
  ["a manager: 400", "setManager", "PATCH /Users/u1", status(400), /answered 400/],
  ["a hard delete: 200", "hardDelete", "DELETE /Users/u1", replace({ status: 200, body: {} }), /should answer 204/],
  ["a hard delete: still readable", "hardDelete", "GET /Users/u1", (it) => it, /should answer 404, but answered 200/],
  ["a hard delete: twice", "hardDelete", "GET /Users/u1", status(404), /DELETE.*should answer 404, but answered 204/],
  [
    "a group look-up: with members",
    "findGroup",
    "GET /Groups?",
    holding({ members: [] }),
    /should leave the members out/,
  ],
  [
    "a group look-up: another group",
    "findGroup",
    "GET /Groups?",
    holding({ displayName: "Others" }),
    /should hold displayName/,
  ],
  [
    "a group look-up by externalId: another group",
    "findGroupByExternalId",
    "GET /Groups?",
    holding({ externalId: "x" }),
    /should hold externalId/,
  ],
  ["a group's create: 200", "provisionGroup", "POST /Groups", (it) => ({ ...it, status: 200 }), /should answer 201/],
  ["a group's create: no Location", "provisionGroup", "POST /Groups", withHeaders({}), /Location/],
  [
    "a group's create: no externalId",
    "provisionGroup",
    "POST /Groups",
    holding({ externalId: undefined }),
    /externalId/,
  ],
  [
    "a group's create: members from nowhere",
    "provisionGroup",
    "GET /Groups/g1",
    holding({ members: [{ value: "u9" }] }),
    /should hold members ""/,
  ],
  [
    "a read without members that has them",
    "provisionGroup",
    "GET /Groups/g1?",
    holding({ members: [] }),
    /leave the members out/,
  ],
  ["a second create of a group that is taken", "provisionGroupAgain", "POST /Groups", (it) => it, /should answer 409/],
  ["members: 400", "addMember", "PATCH /Groups/g1", status(400), /should answer 204 or 200, but answered 400/],
  ["members: no effect", "addMember", "PATCH /Groups/g1", (it) => it, /should hold members "u1", but holds ""/],
  [
    "members: too many",
    "keepMembers",
    "GET /Groups/g1",
    holding({ members: [{ value: "u1" }] }),
    /should hold members ""/,
  ],
  ["a group's rename: no effect", "renameGroup", "PATCH /Groups/g1", (it) => it, /should hold displayName "Selling"/],
  [
    "a group's externalId: no effect",
    "changeExternalId",
    "PATCH /Groups/g1",
    (it) => it,
    /should hold externalId "other"/,
  ],
  ["a group's delete: still readable", "deleteGroup", "GET /Groups/g1?", (it) => it, /should answer 404/],
  [
    "a group's delete: twice",
    "deleteGroup",
    "GET /Groups/g1?",
    status(404),
    /DELETE.*should answer 404, but answered 204/,
  ],
])("%s", async (_name, action, kind, edit, sentence) => {
  const cause = await refusedBy(kind, edit, actions[action]);
  expect(cause).toBeInstanceOf(UnexpectedResponse);
  expect(cause).toHaveProperty("message", expect.stringMatching(sentence));
});

test.each<[keyof typeof actions]>([
  ["find"],
  ["test"],
  ["findByExternalId"],
  ["provision"],
  ["update"],
  ["setManager"],
  ["findGroup"],
  ["keepMembers"],
])("the correct service passes: %s", async (action) =>
  expect(await refusedBy("none", replace({ status: 500 }), actions[action])).toBeUndefined(),
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
