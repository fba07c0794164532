import { expect, test } from "vitest";
import type { OktaPerson } from "./okta-directory.ts";
import { createOktaSimulator, type OktaSimulator } from "./okta-simulator.ts";
import type { OktaMode } from "./okta-wire.ts";
import { listOf, type Received, type Scripted, scriptedService, userOf } from "./testing/scripted-service.ts";

const pam = { login: "pam@dm.example", givenName: "Pam", familyName: "Beesly" };
const location = "https://scim.example/scim_v2/Users/u1";

/** A service with one person: nobody before the POST, then the result of the last write. */
async function played(
  mode: OktaMode,
  before: object | undefined,
  act: (okta: OktaSimulator, person: OktaPerson) => Promise<unknown>,
): Promise<Received[]> {
  let user = before;
  await using service = await scriptedService(({ method, path, body }): Scripted => {
    if (path.includes("?")) return { status: 200, body: listOf(user === undefined ? [] : [user]) };
    if (method === "PATCH") user = userOf({ ...user, active: JSON.stringify(body).includes("true") });
    else if (method !== "GET" && typeof body === "object")
      user = userOf({ ...body, password: undefined, id: "u1", meta });
    return method === "POST"
      ? { status: 201, body: user, headers: { Location: location } }
      : { status: 200, body: user };
  });
  const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "secret-token", mode });
  await act(okta, okta.people.add(pam));
  return service.received;
}
const meta = { resourceType: "User", created: "04-12-2018 00:00:00", location };

const lines = (requests: readonly Received[]): string[] => requests.map(({ method, path }) => `${method} ${path}`);
const match = "GET /scim_v2/Users?filter=userName%20eq%20%22pam%40dm.example%22&startIndex=1&count=100";
const one = "/scim_v2/Users/u1";

// Bare in the OIN test app, `Bearer` in the wizard's (docs/idp-wire.md 1, 2).
test.each([
  ["header-auth", "secret-token"],
  ["wizard", "Bearer secret-token"],
] as const)("headers in mode %s", async (mode, authorization) => {
  const [get, post] = await played(mode, undefined, (okta, person) => okta.people.assign(person));
  expect(get?.headers).toMatchObject({
    authorization,
    accept: "application/scim+json",
    "accept-charset": "utf-8",
    "accept-encoding": "gzip,deflate",
    "user-agent": "Okta SCIM Client 1.0.0",
    connection: "keep-alive",
  });
  expect(get?.headers).not.toHaveProperty("content-type");
  expect(post?.headers).toMatchObject({ authorization, "content-type": "application/scim+json; charset=utf-8" });
});

// docs/idp-wire.md 3.2.
test("create: a filter, then POST", async () => {
  const requests = await played("header-auth", undefined, (okta, person) => okta.people.assign(person));
  expect(lines(requests)).toEqual([match, "POST /scim_v2/Users"]);
  expect(requests[1]?.body).toEqual({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName: "pam@dm.example",
    name: { givenName: "Pam", familyName: "Beesly" },
    emails: [{ primary: true, value: "pam@dm.example", type: "work" }],
    displayName: "Pam Beesly",
    locale: "en-US",
    externalId: expect.stringMatching(/^00u\w{17}$/),
    groups: [],
    password: expect.stringMatching(/^\w{8}$/),
    active: true,
  });
});

// docs/idp-wire.md 3.3.
test.each([
  ["header-auth", [match, `GET ${one}`, `PATCH ${one}`, `PUT ${one}`]],
  ["wizard", [match, `GET ${one}`, `PUT ${one}`]],
] as const)("assigns an existing person, in mode %s", async (mode, sequence) => {
  const requests = await played(mode, userOf({ active: false }), (okta, person) => okta.people.assign(person));
  expect(lines(requests)).toEqual(sequence);
  expect(requests.at(-1)?.body).toMatchObject({ id: "u1", active: true, externalId: expect.stringMatching(/^00u/) });
});

// What the service returned is sent back whole, with Okta's values over it (docs/idp-wire.md 3.4).
test("update: GET, then PUT of the whole body", async () => {
  const before = userOf({ title: "Receptionist", "urn:example:2.0:User": { x: 1 } });
  const requests = await played("header-auth", before, async (okta, person) => {
    await okta.people.assign(person);
    await okta.people.update(person, { familyName: "Halpert" });
  });
  expect(lines(requests).slice(-2)).toEqual([`GET ${one}`, `PUT ${one}`]);
  expect(requests.at(-1)?.body).toEqual({
    ...before,
    name: { givenName: "Pam", familyName: "Halpert", formatted: "Pam Beesly" },
    displayName: "Pam Halpert",
    externalId: expect.stringMatching(/^00u/),
    locale: "en-US",
    groups: [],
  });
});

test("change of userName", async () => {
  const requests = await played("wizard", userOf(), async (okta, person) => {
    await okta.people.assign(person);
    expect(await okta.people.changeUserName(person, "pam.halpert@dm.example")).toMatchObject({ kind: "changed" });
  });
  expect(requests.at(-1)?.body).toMatchObject({
    id: "u1",
    userName: "pam.halpert@dm.example",
    emails: [{ value: "pam.halpert@dm.example", type: "work", primary: true }],
  });
});

// PATCH without a path, or GET and PUT (docs/idp-wire.md 3.5).
test.each([
  [
    "header-auth",
    [`PATCH ${one}`],
    {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "replace", value: { active: false } }],
    },
  ],
  ["wizard", [`GET ${one}`, `PUT ${one}`], expect.objectContaining({ id: "u1", active: false })],
] as const)("deactivate in mode %s", async (mode, sequence, body) => {
  const requests = await played(mode, undefined, async (okta, person) => {
    await okta.people.assign(person);
    await okta.people.unassign(person);
    expect(person.isAssigned).toBe(false);
  });
  expect(lines(requests).slice(2)).toEqual(sequence);
  expect(requests.at(-1)?.body).toEqual(body);
});

// docs/idp-wire.md 3.1, 3.6.
test("credentials, then an import of 101 people", async () => {
  const everybody = Array.from({ length: 101 }, (_, index) =>
    userOf({ id: `u${index}`, meta: { ...meta, location: `https://scim.example/scim_v2/Users/u${index}` } }),
  );
  await using service = await scriptedService(({ path }) => {
    if (path.includes("/Groups")) return { status: 200, body: listOf([]) };
    const query = new URLSearchParams(path.split("?")[1]);
    const start = Number(query.get("startIndex"));
    const page = everybody.slice(start - 1, start - 1 + Number(query.get("count")));
    return { status: 200, body: listOf(page, everybody.length, start) };
  });
  const okta = createOktaSimulator({ baseUrl: service.baseUrl, token: "t", mode: "wizard" });
  expect(await okta.testCredentials()).toEqual({ people: 101, groups: 0 });
  expect(await okta.people.importAll()).toHaveLength(101);
  expect(lines(service.received)).toEqual([
    "GET /scim_v2/Users?startIndex=1&count=2",
    "GET /scim_v2/Groups?startIndex=1&count=100",
    "GET /scim_v2/Users?startIndex=1&count=100",
    "GET /scim_v2/Users?startIndex=101&count=100",
  ]);
});
