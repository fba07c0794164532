import { disableProvisioning, enableProvisioning, issueToken, revokeToken } from "@rollcall/db";
import { USER_SCHEMA } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { routes } from "../routes.ts";
import { basePaths } from "../server.ts";
import { call, detailOf, idOf, scimClient, type ScimResponse } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const served = [
  "GET /Users",
  "POST /Users",
  "POST /Users/.search",
  "GET /Users/:id",
  "PUT /Users/:id",
  "PATCH /Users/:id",
  "DELETE /Users/:id",
  "GET /Groups",
  "POST /Groups",
  "POST /Groups/.search",
  "GET /Groups/:id",
  "PUT /Groups/:id",
  "PATCH /Groups/:id",
  "DELETE /Groups/:id",
  "GET /ServiceProviderConfig",
  "GET /ResourceTypes",
  "GET /ResourceTypes/:id",
  "GET /Schemas",
  "GET /Schemas/:id",
  "POST /Bulk",
  "GET /",
  "POST /.search",
  "GET /Me",
  "POST /Me",
  "PUT /Me",
  "PATCH /Me",
  "DELETE /Me",
];

const inTable = routes.flatMap(({ path, handlers }) =>
  Object.keys(handlers).map((method) => ({
    method: method.toUpperCase(),
    path,
    name: `${method.toUpperCase()} ${path}`,
  })),
);
const yearMs = 366 * 86_400_000;

const { scim, runSql } = await useScim({ unknownTokenBounds: { perAddress: 10_000, inAll: 10_000 } });
/** The `:id` for each collection: resources of the first organization. */
const ids = new Map([
  ["/ResourceTypes", "User"],
  ["/Schemas", USER_SCHEMA],
]);
const tokens = new Map<string, string>();

// This test sends some hundred wrong tokens a second.
tokens.set("expired", scim.token);
scim.advance(yearMs);
tokens.set("revoked", await issued("revoked"));
tokens.set("unknown", await issued("unknown"));
tokens.set("right key, wrong secret", await issued("mixed up"));
await runSql("delete from scim_token where name = 'unknown'");
const wrongSecret = "update scim_token set secret_hash = sha256('other') where name = 'mixed up'";
await runSql(wrongSecret);
tokens.set("malformed", `${scim.token.slice(0, -1)}_`);
const rival = await scim.addOrganization("Rival");
tokens.set("right", await issued("right"));
const acme = scimClient(scim.baseUrl, token("right"));
ids.set(
  "/Users",
  idOf(await acme.post("/Users", { userName: "secret.person@acme.example", displayName: "Secret Person" })),
);
ids.set("/Groups", idOf(await acme.post("/Groups", { displayName: "Secret Group" })));

async function issued(name: string): Promise<string> {
  const context = await scim.context();
  const made = await issueToken(scim.database, context, { name });
  if (!made.ok) throw new Error(made.error.kind);
  const { tokenId } = made.value;
  if (name === "revoked") await revokeToken(scim.database, context, { tokenId, isLastConfirmed: true });
  return made.value.token;
}

function token(name: string): string {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`There is no ${name} token.`);
  return found;
}

function pathOf(path: string): string {
  const collection = `/${path.split("/")[1]}`;
  return path.replace(":id", ids.get(collection) ?? "");
}

const good = JSON.stringify({
  userName: "new@acme.example",
  displayName: "New",
  Operations: [{ op: "add", value: {} }],
});
const broken = '{"userName": "x';

/** Every path and method of the table under both base paths, with a valid and with a broken body and query. */
async function walk(authorization: string | undefined): Promise<{ name: string; response: ScimResponse }[]> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const root = new URL(scim.baseUrl).origin;
  const responses: { name: string; response: ScimResponse }[] = [];
  for (const base of basePaths) {
    for (const { method, path, name } of inTable) {
      for (const [query, body] of [
        ["", good],
        ["?startIndex=x&filter=(&attributes=a&excludedAttributes=b", broken],
      ]) {
        const sent = method === "GET" || method === "DELETE" ? undefined : body;
        const response = await call(`${root}${base}${pathOf(path)}${query}`, method, headers, sent);
        responses.push({ name: `${base} ${name} ${query}`, response });
      }
    }
  }
  return responses;
}

test("the list of this test is the table of routes, so that a new route is walked knowingly", () => {
  expect(inTable.map(({ name }) => name)).toEqual(served);
});

// AR-14, AR-16: a valid token is required, whatever the path and however bad the rest of the request.
describe.each([
  ["no", "There is no Authorization header"],
  ["malformed", "holds no complete Rollcall SCIM token"],
  ["unknown", "is not known"],
  ["right key, wrong secret", "is not known"],
  ["expired", "expired on 20"],
  ["revoked", "was revoked on 20"],
])("%s token", (name, words) => {
  test("is 401 on every route and method", async () => {
    for (const { name: where, response } of await walk(name === "no" ? undefined : `Bearer ${token(name)}`)) {
      expect({ where, status: response.status, detail: response.body["detail"] }).toEqual({
        where,
        status: 401,
        detail: expect.stringContaining(words),
      });
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect(response.body).toMatchObject({ schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "401" });
    }
  });
});

// RFC 7644 section 2: unknown paths and wrong methods, too, reveal nothing without a token.
test.each([
  ["GET", "/Nothing"],
  ["POST", "/Users/x"],
  ["OPTIONS", "/Users"],
  ["DELETE", "/Groups"],
])("%s %s without a token is 401", async (method, path) => {
  const response = await call(`${scim.baseUrl}${path}`, method, {});
  expect(response.status).toBe(401);
});

// AR-20: Okta's Header Auth sends the bare token; the scheme counts in any case (RFC 9110 section 11.1).
test.each(["", "Bearer ", "bearer ", "BEARER   "])("AR-20 %j before a valid token is accepted", async (scheme) => {
  const response = await call(`${scim.baseUrl}/Users`, "GET", { authorization: `${scheme}${token("right")}` });
  expect(response.status).toBe(200);
});

test.each(["Basic ", "Token ", "Bearer Bearer "])("AR-20 %j before a valid token is 401", async (scheme) => {
  const response = await call(`${scim.baseUrl}/Users`, "GET", { authorization: `${scheme}${token("right")}` });
  expect(response.status).toBe(401);
});

// AR-19: another organization's token finds nothing of the first one, and cannot detect it.
test("another organization's token gets 404 for the first one's resources and none of its data", async () => {
  for (const { name, response } of await walk(`Bearer ${rival.token}`)) {
    expect([name, response.status]).not.toEqual([name, 401]);
    expect([name, response.status]).not.toEqual([name, 500]);
    expect(response.text, name).not.toMatch(/secret|owner@acme/i);
    const isOneResource = /\/(?:Users|Groups)\/:id $/.test(name);
    if (isOneResource) expect([name, response.status]).toEqual([name, 404]);
  }
  const acme = scimClient(scim.baseUrl, token("right"));
  expect((await acme.get(pathOf("/Users/:id"))).body).toMatchObject({ displayName: "Secret Person", active: true });
  expect((await acme.get(pathOf("/Groups/:id"))).body).toMatchObject({ displayName: "Secret Group" });
});

// The test above is only meaningful if a valid token passes with the same requests.
test("a valid token is accepted on every route", async () => {
  for (const { name, response } of await walk(`Bearer ${token("right")}`)) {
    expect([401, 500], `${name} ${response.text}`).not.toContain(response.status);
    expect(response.text).not.toContain("Provisioning is turned off");
  }
});

// AR-28: a feature of the protocol that is not offered returns 501, not 405.
test.each(["GET /Me", "POST /Me", "PUT /Me", "PATCH /Me", "DELETE /Me"])("AR-28: %s is 501", async (name) => {
  const [method = "", path = ""] = name.split(" ");
  const response = await call(
    `${scim.baseUrl}${path}`,
    method,
    { authorization: token("right") },
    method === "GET" || method === "DELETE" ? undefined : "{}",
  );
  expect([response.status, detailOf(response)]).toEqual([501, expect.stringContaining("not offered")]);
});

// AR-21, AR-75: with provisioning off, a valid token gets that error on every path.
test("AR-21: provisioning off is 403 everywhere, with a detail that names the reason", async () => {
  const before = token("right");
  await disableProvisioning(scim.database, await scim.context());
  const after = await issued("while off");
  for (const { name, response } of await walk(`Bearer ${after}`)) {
    expect([name, response.status, detailOf(response)]).toEqual([
      name,
      403,
      expect.stringContaining("Provisioning is turned off"),
    ]);
    expect(response.headers.get("www-authenticate")).toBeNull();
  }
  expect(detailOf(await scimClient(scim.baseUrl, before).get("/Users"))).toContain("Provisioning is turned off");
  await enableProvisioning(scim.database, await scim.context(), { acknowledgeSso: true });
  for (const { name, response } of await walk(`Bearer ${before}`)) expect([name, response.status]).toEqual([name, 401]);
  expect((await scimClient(scim.baseUrl, after).get("/Users")).status).toBe(200);
});
