import { Validator } from "@seriousme/openapi-schema-validator";
import { disableProvisioning, enableProvisioning, issueToken, setGuard } from "@rollcall/db";
import { openApiDocument, PATCH_OP, USER_SCHEMA } from "@rollcall/scim-protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { routes } from "./routes.ts";
import { basePaths } from "./server.ts";
import { call, idOf, patchOf, resourcesOf, type ScimResponse } from "./testing/test-client.ts";
import { useScim } from "./testing/scim-fixture.ts";
import { contractOf, documentShape } from "./testing/test-openapi-contract.ts";

const { scim } = await useScim();
const document = documentShape.parse((await call(`${scim.baseUrl}/openapi.json`, "GET", {})).body);
const contract = contractOf(document);

const messages = "urn:ietf:params:scim:api:messages:2.0";

/** The responses checked against the document, as "METHOD path status". */
const held = new Set<string>();

type Sent = { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly token?: string };

/** Sends a request to `path`, which the document writes as `template`, and checks the response against the document. */
async function ask(method: string, template: string, path: string, sent: Sent = {}): Promise<ScimResponse> {
  const headers = { authorization: `Bearer ${sent.token ?? scim.token}`, ...sent.headers };
  const text = typeof sent.body === "string" || sent.body === undefined ? sent.body : JSON.stringify(sent.body);
  const response = await call(`${scim.baseUrl}${path}`, method, headers, text);
  const problem = contract.problemOfResponse(method, template, response);
  expect({ method, path, status: response.status, text: response.text, problem }).toMatchObject({ problem: undefined });
  held.add(`${method} ${template} ${response.status}`);
  return response;
}

describe("the document", () => {
  test("is valid OpenAPI 3.1", async () => {
    // The validator takes the property `$ref` of a group's member for a reference, so it is passed under another name.
    const shown = documentShape.parse(JSON.parse(JSON.stringify(document).replaceAll('"$ref":{', '"ref":{')));
    const validator = new Validator();
    expect(await validator.validate({ ...shown })).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
    const broken = { ...shown, paths: { ...shown.paths, "/Users": { get: { responses: { 200: {} } } } } };
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
  });

  // Features that are not offered yet must be documented correctly as well.
  test("is valid with everything offered, and then has preconditions, cursors and Bulk", async () => {
    const all = routes.flatMap(({ path, handlers }) =>
      Object.keys(handlers).map((method) => ({ path, method, isOffered: path !== "/Me" })),
    );
    const whole = openApiDocument(all, { baseUrl: scim.baseUrl }, { etag: true, cursor: true, bulk: true });
    const shown = documentShape.parse(JSON.parse(JSON.stringify(whole).replaceAll('"$ref":{', '"ref":{')));
    expect(await new Validator().validate({ ...shown })).toEqual({ valid: true });
    expect(Object.keys(shown.paths["/Users/{id}"]?.["get"]?.responses ?? {})).toEqual(
      expect.arrayContaining(["304", "412"]),
    );
    expect(JSON.stringify(shown.paths["/Users"])).toContain("#/components/parameters/cursor");
    expect(shown.components["schemas"]).toHaveProperty("BulkResponse");
    const unknown = [{ path: "/Users/:id/x", method: "get", isOffered: true }];
    expect(() => openApiDocument(unknown, { baseUrl: scim.baseUrl })).toThrow("/Users/:id/x");
  });

  test("has every route with each of its methods, and nothing else", () => {
    const served = routes.flatMap(({ path, handlers }) =>
      Object.keys(handlers).map((method) => `${method} ${path.replace(":id", "{id}")}`),
    );
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  test("names every operation once, and refers only to what is there", () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(refs.length).toBeGreaterThan(50);
    for (const [ref, group = "", name = ""] of refs)
      expect([ref, document.components[group]?.[name]]).not.toContain(undefined);
  });

  test("needs no token under both base paths, and holds nothing of an organization", async () => {
    const responses = await Promise.all(
      basePaths.map((base) =>
        call(`${new URL(scim.baseUrl).origin}${base}/openapi.json`, "GET", { "x-forwarded-host": "evil.example" }),
      ),
    );
    for (const response of responses) {
      expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
      expect(response.body["servers"]).toEqual([{ url: "https://scim.rollcall.example/scim_v2" }]);
      expect(response.text).not.toMatch(/Acme|rcl_|evil|owner@/);
    }
    const url = `${scim.baseUrl}/openapi.json`;
    const post = await call(url, "POST", { authorization: `Bearer ${scim.token}` }, "{}");
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET"]);
    expect((await call(url, "DELETE", {})).status).toBe(401);
  });
});

describe("real responses are as documented", () => {
  const user = {
    schemas: [USER_SCHEMA],
    userName: "pam@acme.example",
    name: { givenName: "Pam", familyName: "Beesly" },
    displayName: "Pam",
    externalId: "okta-1",
    active: "True",
    title: "Receptionist",
  };

  test("the life of a person", async () => {
    const made = await ask("POST", "/Users", "/Users", { body: user });
    expect(made.status).toBe(201);
    const path = `/Users/${idOf(made)}`;
    const one = "/Users/{id}";
    expect((await ask("POST", "/Users", "/Users", { body: user })).status).toBe(409);
    expect((await ask("POST", "/Users", "/Users", { body: "{" })).status).toBe(400);
    const xml = { "content-type": "text/xml" };
    expect((await ask("POST", "/Users", "/Users", { body: "<x/>", headers: xml })).status).toBe(415);
    const big = { userName: "x".repeat(5 * 1024 * 1024) };
    expect((await ask("POST", "/Users", "/Users", { body: big })).status).toBe(413);
    for (const query of ["", "?attributes=userName,meta.location", "?excludedAttributes=meta,name,userName,emails"])
      expect((await ask("GET", one, path + query)).status).toBe(200);
    expect((await ask("GET", one, `${path}?attributes=a&excludedAttributes=b`)).status).toBe(400);
    expect((await ask("GET", one, "/Users/none")).status).toBe(404);
    expect((await ask("PUT", one, path, { body: { userName: "pam@acme.example" } })).status).toBe(200);
    expect((await ask("PUT", one, path, { body: { userName: "pam@other.example" } })).status).toBe(403);
    expect((await ask("PUT", one, "/Users/none", { body: user })).status).toBe(404);
    const patch = patchOf({ op: "replace", value: { active: false } });
    expect((await ask("PATCH", one, path, { body: patch })).status).toBe(200);
    expect((await ask("PATCH", one, path, { body: patchOf({ op: "remove", path: "userName" }) })).status).toBe(400);
    expect((await ask("DELETE", one, path)).status).toBe(204);
    expect((await ask("DELETE", one, path)).status).toBe(404);
  });

  test("lists", async () => {
    for (const query of [
      "",
      "?count=0",
      "?filter=userName%20sw%20%22o%22&sortBy=userName&startIndex=2",
      "?attributes=id",
    ])
      expect((await ask("GET", "/Users", `/Users${query}`)).status).toBe(200);
    expect((await ask("GET", "/Users", "/Users?filter=(")).status).toBe(400);
    expect((await ask("GET", "/Groups", "/Groups?excludedAttributes=members")).status).toBe(200);
    expect((await ask("GET", "/Groups", "/Groups?startIndex=x")).status).toBe(400);
  });

  test("the life of a group with members", async () => {
    const member = idOf(await ask("POST", "/Users", "/Users", { body: { userName: "jim@acme.example" } }));
    const body = { displayName: "Sales", externalId: "g1", members: [{ value: member, display: "Jim" }] };
    const made = await ask("POST", "/Groups", "/Groups", { body });
    expect(made.status).toBe(201);
    const [one, path] = ["/Groups/{id}", `/Groups/${idOf(made)}`];
    expect((await ask("POST", "/Groups", "/Groups", { body })).status).toBe(409);
    expect(
      (await ask("POST", "/Groups", "/Groups", { body: { displayName: "N", members: [{ value: "x" }] } })).status,
    ).toBe(400);
    for (const query of ["", "?attributes=members.value", "?excludedAttributes=members"])
      expect((await ask("GET", one, path + query)).status).toBe(200);
    expect((await ask("PUT", one, path, { body: { ...body, displayName: "Sales 2" } })).status).toBe(200);
    const removal = patchOf({ op: "remove", path: `members[value eq "${member}"]` });
    expect((await ask("PATCH", one, path, { body: removal })).status).toBe(204);
    expect((await ask("PATCH", one, `${path}?attributes=displayName`, { body: removal })).status).toBe(200);
    expect((await ask("PATCH", one, "/Groups/none", { body: removal })).status).toBe(404);
    expect((await ask("DELETE", one, path)).status).toBe(204);
    expect((await ask("GET", one, path)).status).toBe(404);
    const owners = resourcesOf(await ask("GET", "/Groups", '/Groups?filter=displayName%20eq%20"Account%20Owners"'))[0];
    expect((await ask("DELETE", one, `/Groups/${owners?.id}`)).status).toBe(409);
  });

  test("discovery", async () => {
    for (const path of ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"]) {
      expect((await ask("GET", path, path)).status).toBe(200);
      expect((await ask("GET", path, `${path}?filter=id%20pr`)).status).toBe(403);
    }
    for (const [path, id] of [
      ["/ResourceTypes", "User"],
      ["/ResourceTypes", "Group"],
      ["/Schemas", USER_SCHEMA],
    ] as const)
      expect((await ask("GET", `${path}/{id}`, `${path}/${id}`)).status).toBe(200);
    expect((await ask("GET", "/ResourceTypes/{id}", "/ResourceTypes/x")).status).toBe(404);
    expect((await ask("GET", "/Schemas/{id}", "/Schemas/x")).status).toBe(404);
  });

  /** A valid body, for the routes that take a body other than a resource. */
  const bodies = new Map<string, object>([
    ...["/.search", "/Users/.search", "/Groups/.search"].map(
      (path) => [path, { schemas: [`${messages}:SearchRequest`], startIndex: 1, count: 2 }] as const,
    ),
    [
      "/Bulk",
      {
        schemas: [`${messages}:BulkRequest`],
        Operations: [
          { method: "POST", path: "/Users", bulkId: "a", data: { schemas: [USER_SCHEMA], userName: "b@acme.example" } },
          { method: "DELETE", path: "/Users/none" },
        ],
      },
    ],
  ]);

  // Each route responds as documented, with a valid token and a harmless body, and without a token.
  test("every route, let in and not", async () => {
    for (const { path, handlers } of routes) {
      const [template, address] = [path.replace(":id", "{id}"), path.replace(":id", "none")];
      for (const method of Object.keys(handlers).map((name) => name.toUpperCase())) {
        const sent = method === "GET" || method === "DELETE" ? {} : { body: {} };
        await ask(method, template, address, sent);
        await ask(method, template, `${address}?filter=%ff`, sent);
        expect((await ask(method, template, address, { ...sent, token: "none" })).status).toBe(401);
        if (bodies.has(path)) await ask(method, template, address, { body: bodies.get(path) });
      }
    }
  });

  test("preconditions, where there are versions, and pages by cursor, where there are cursors", async () => {
    const person = await ask("POST", "/Users", "/Users", { body: { userName: "toby@acme.example" } });
    const group = await ask("POST", "/Groups", "/Groups", { body: { displayName: "Annex" } });
    for (const [collection, made] of [
      ["/Users", person],
      ["/Groups", group],
    ] as const) {
      const etag = made.headers.get("etag");
      const [one, path] = [`${collection}/{id}`, `${collection}/${idOf(made)}`];
      const known = await ask("GET", one, path, { headers: { "if-none-match": etag ?? 'W/"x"' } });
      expect(known.status).toBe(etag === null ? 200 : 304);
      const lost = await ask("DELETE", one, path, { headers: { "if-match": 'W/"another"' } });
      expect(lost.status).toBe(etag === null ? 204 : 412);
      expect((await ask("GET", collection, `${collection}?cursor&count=1`)).status).toBe(200);
    }
  });

  test("too many losses are 429 with Retry-After, and provisioning off is 403", async () => {
    const org = await scim.addOrganization("Crowd");
    const { token } = org;
    const ids: string[] = [];
    for (let index = 0; index < 6; index++)
      ids.push(idOf(await ask("POST", "/Users", "/Users", { token, body: { userName: `p${index}@crowd.example` } })));
    await setGuard(scim.database, await org.context(), true);
    const statuses: number[] = [];
    for (const id of ids) statuses.push((await ask("DELETE", "/Users/{id}", `/Users/${id}`, { token })).status);
    expect(statuses.at(-1)).toBe(429);
    await disableProvisioning(scim.database, await org.context());
    const later = await issueToken(scim.database, await org.context(), { name: "while off" });
    if (!later.ok) throw new Error(later.error.kind);
    expect((await ask("GET", "/Users", "/Users", { token: later.value.token })).status).toBe(403);
    await enableProvisioning(scim.database, await org.context(), { acknowledgeSso: true });
  });

  test("every operation was seen, each success of it too", () => {
    // A PATCH of a user returns the user, though the RFC does not require it.
    const seldom = new Set(["PATCH /Users/{id} 204"]);
    const successes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => Number(status) < 400)
          .map((status) => `${method.toUpperCase()} ${path} ${status}`),
      ),
    );
    expect(successes.filter((name) => !held.has(name) && !seldom.has(name))).toEqual([]);
  });

  test("what Okta and Entra send is as documented too", () => {
    expect(contract.problemOfBody("POST", "/Users", user)).toBeUndefined();
    expect(
      contract.problemOfBody("PUT", "/Users/{id}", { ...user, displayName: null, groups: [], id: null }),
    ).toBeUndefined();
    expect(
      contract.problemOfBody("POST", "/Groups", { displayName: "G", members: [{ value: "x", $ref: null }] }),
    ).toBeUndefined();
    const patch = { schemas: [PATCH_OP], Operations: [{ op: "Replace", path: "active", value: "False" }] };
    expect(contract.problemOfBody("PATCH", "/Users/{id}", patch)).toBeUndefined();
    expect(contract.problemOfBody("POST", "/Users", { displayName: "x" })).toContain("userName");
    expect(contract.problemOfBody("POST", "/Users", { ...user, active: "maybe" })).toBeDefined();
    expect(contract.problemOfBody("PATCH", "/Users/{id}", { Operations: {} })).toBeDefined();
    expect(contract.problemOfBody("PATCH", "/Users/{id}", { Operations: [] })).toBeUndefined();
    const bulk = { method: "PATCH", path: "/Users/1", data: patch.Operations };
    expect(contract.problemOfBody("POST", "/Bulk", { failOnErrors: 0, Operations: [bulk] })).toBeUndefined();
  });
});

// The test above is only meaningful if it can fail.
describe("a response that is not as documented is refused", () => {
  let user: ScimResponse;
  let group: ScimResponse;
  let list: ScimResponse;
  let error: ScimResponse;
  beforeAll(async () => {
    const member = await ask("POST", "/Users", "/Users", { body: { userName: "dwight@acme.example" } });
    user = await ask("GET", "/Users/{id}", `/Users/${idOf(member)}`);
    const members = [{ value: idOf(member) }];
    const made = await ask("POST", "/Groups", "/Groups", { body: { displayName: "Farm", members } });
    group = await ask("GET", "/Groups/{id}", `/Groups/${idOf(made)}`);
    list = await ask("GET", "/Users", "/Users");
    error = await ask("GET", "/Users/{id}", "/Users/none");
  });

  const changed = (response: ScimResponse, change: object): ScimResponse => ({
    ...response,
    body: { ...response.body, ...change },
  });
  const lacking = (response: ScimResponse, ...names: readonly string[]): ScimResponse => ({
    ...response,
    body: Object.fromEntries(Object.entries(response.body).filter(([name]) => !names.includes(name))),
  });
  const without = (response: ScimResponse, name: string): ScimResponse => {
    const headers = new Headers(response.headers);
    headers.delete(name);
    return { ...response, headers };
  };

  test.each<[string, string, () => ScimResponse]>([
    ["GET", "/Users/{id}", () => changed(user, { nickName: "D" })],
    ["GET", "/Users/{id}", () => changed(user, { password: "secret" })],
    ["GET", "/Users/{id}", () => changed(user, { name: { formatted: "D", middleName: "K" } })],
    ["GET", "/Users/{id}", () => changed(user, { active: "true" })],
    ["GET", "/Users/{id}", () => changed(user, { emails: [{ value: "a@b.example", type: "home" }] })],
    ["GET", "/Users/{id}", () => changed(user, { meta: { resourceType: "User", created: "yesterday" } })],
    ["GET", "/Users/{id}", () => changed(user, { meta: { resourceType: "User", location: "no address" } })],
    ["GET", "/Users/{id}", () => changed(user, { displayName: null })],
    ["GET", "/Users/{id}", () => changed(user, { schemas: [] })],
    ["GET", "/Users/{id}", () => lacking(user, "id")],
    ["GET", "/Users/{id}", () => lacking(user, "schemas")],
    ["GET", "/Users/{id}", () => group],
    ["GET", "/Users/{id}", () => list],
    ["GET", "/Users/{id}", () => without(user, "x-request-id")],
    ["GET", "/Users/{id}", () => ({ ...user, headers: new Headers({ "x-request-id": idOf(user) }) })],
    ["GET", "/Users/{id}", () => ({ ...user, status: 202 })],
    ["GET", "/Users/{id}", () => ({ ...user, status: 404 })],
    ["GET", "/Nothing", () => user],
    ["HEAD", "/Users/{id}", () => user],
    ["POST", "/Users", () => ({ ...user, status: 201 })],
    ["DELETE", "/Users/{id}", () => ({ ...user, status: 204 })],
    ["GET", "/Groups/{id}", () => changed(group, { members: [{ value: 1 }] })],
    ["GET", "/Groups/{id}", () => changed(group, { members: {} })],
    ["GET", "/Groups/{id}", () => changed(group, { members: [{ value: "x", primary: true }] })],
    ["GET", "/Users", () => changed(list, { totalResults: "1" })],
    ["GET", "/Users", () => lacking(list, "Resources")],
    ["GET", "/Users", () => changed(list, { Resources: [{ ...user.body, secret: 1 }] })],
    ["GET", "/Users", () => changed(list, { Resources: [group.body] })],
    ["GET", "/Users/{id}", () => changed(error, { status: 404 })],
    ["GET", "/Users/{id}", () => changed(error, { scimType: "wrong" })],
    ["GET", "/Users/{id}", () => changed(error, { stack: "at x" })],
    ["GET", "/Users/{id}", () => lacking(error, "detail")],
    ["GET", "/Users/{id}", () => ({ ...error, status: 401, body: { ...error.body, status: "401" } })],
  ])("%s %s, case %#", (method, path, response) => {
    expect(contract.problemOfResponse(method, path, response())).toBeDefined();
  });

  test("a valid response to a wrong document is refused as well", () => {
    const schemas = structuredClone(document.components["schemas"] ?? {});
    const User = { type: "object", properties: { schemas: {}, id: {} }, additionalProperties: false };
    const wrong = { ...document, components: { ...document.components, schemas: { ...schemas, User } } };
    expect(contractOf(wrong).problemOfResponse("GET", "/Users/{id}", user)).toContain("additional properties");
    expect(contract.problemOfResponse("GET", "/Users/{id}", user)).toBeUndefined();
  });
});
