import { expect, test } from "vitest";
import { playEntraLifeCycle } from "./life-cycles.ts";
import { createEntraSimulator } from "./entra-simulator.ts";
import { createBody } from "./entra-user-body.ts";
import { playEntraValidator } from "./life-cycles.ts";
import { listOf, scriptedService, userOf } from "./testing/scripted-service.ts";
import type { LifeCycleStep } from "./step-player.ts";

const profile = {
  userPrincipalName: "pam@dm.example",
  mailNickname: "pam",
  givenName: "Pam",
  surname: "Beesly",
  displayName: "Pam Beesly",
};
const person = { id: "e1", profile, remoteId: null };
const core = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const shared = {
  externalId: "pam",
  userName: "pam@dm.example",
  active: true,
  displayName: "Pam Beesly",
  emails: [{ primary: true, type: "work", value: "pam@dm.example" }],
  meta: { resourceType: "User" },
};

// The two samples of E-DOC and the Validator's shortest.
test("the three shapes of a create", () => {
  expect(createBody(person, "whole")).toEqual({
    ...shared,
    schemas: [core, enterprise],
    name: { formatted: "Pam Beesly", familyName: "Beesly", givenName: "Pam" },
    [enterprise]: { department: "Tests" },
    roles: [],
  });
  const nulls = { addresses: null, phoneNumbers: null, preferredLanguage: null, title: null, department: null };
  expect(createBody(person, "nulls")).toEqual({
    ...shared,
    ...nulls,
    manager: null,
    schemas: [core, "urn:ietf:params:scim:schemas:extension:enterprise:2.0User"],
    name: { familyName: "Beesly", givenName: "Pam" },
  });
  expect(createBody(person, "minimal")).toEqual({ userName: "pam@dm.example", schemas: [core] });
});

test("sends Entra's requests for a connection test and for searches", async () => {
  await using service = await scriptedService(() => ({ status: 200, body: listOf([]) }));
  const entra = createEntraSimulator({ baseUrl: service.baseUrl, token: "secret-token", dialect: "default" });
  await entra.testConnection();
  await entra.people.find('emails[type eq "work"].value', "pam@dm.example");
  await entra.groups.find("externalId", "g 1");
  const [get] = service.received;
  expect(get?.headers).toMatchObject({ authorization: "Bearer secret-token", accept: "application/scim+json" });
  expect(get?.headers).not.toHaveProperty("content-type");
  expect(service.received.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)).toEqual([
    expect.stringMatching(/^GET \/scim_v2\/Users\?filter=userName eq "[0-9a-f-]{36}"$/),
    expect.stringMatching(/^GET \/scim_v2\/Groups\?excludedAttributes=members&filter=displayName eq "[0-9a-f-]{36}"$/),
    'GET /scim_v2/Users?filter=emails[type eq "work"].value eq "pam@dm.example"',
    'GET /scim_v2/Groups?excludedAttributes=members&filter=externalId eq "g 1"',
  ]);
});

test("a create has Entra's content type", async () => {
  const location = "https://scim.example/scim_v2/Users/u1";
  const body = userOf({ ...shared, meta: { resourceType: "User", location } });
  await using service = await scriptedService(({ method }) => ({
    status: method === "POST" ? 201 : 200,
    body,
    headers: { Location: location },
  }));
  const entra = createEntraSimulator({ baseUrl: service.baseUrl, token: "t", dialect: "default" });
  await entra.people.create(entra.people.add(profile), "whole");
  expect(service.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /scim_v2/Users",
    "GET /scim_v2/Users/u1",
  ]);
  expect(service.received[0]?.headers["content-type"]).toBe("application/scim+json; charset=utf-8");
});

test("both runs stop at the first unexpected response", async () => {
  await using service = await scriptedService(() => ({ status: 503, body: {} }));
  const steps: LifeCycleStep[] = [];
  const onStep = (step: LifeCycleStep) => void steps.push(step);
  const options = { baseUrl: service.baseUrl, token: "t", onStep };
  const stopped = { ok: false, steps: 1, failed: 1 };
  expect(await playEntraLifeCycle({ ...options, dialect: "aadOptscim062020" })).toEqual(stopped);
  expect(await playEntraValidator(options)).toEqual(stopped);
  expect(steps).toMatchObject([
    { name: "test connection", ok: false, detail: expect.stringContaining("503") },
    { name: "GET /Schemas: discover the schema", ok: false, detail: expect.stringContaining("503") },
  ]);
  expect(service.received).toHaveLength(2);
});
