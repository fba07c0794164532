import { explainAddress, issueToken, listScimRequests, listTokens, revokeToken } from "@rollcall/db";
import { pino } from "pino";
import { beforeEach, expect, test } from "vitest";
import { replace, call, idOf } from "../testing/test-client.ts";
import { startScim, type ScimTest } from "../testing/test-harness.ts";
import { useScim } from "../testing/scim-fixture.ts";

let processLog = "";
const log = pino({ level: "trace" }, { write: (line: string) => void (processLog += line) });
const { scim, acme, runSql } = await useScim({ log });

const callText = `select method, path, status, scim_type as "scimType", detail, duration_ms as "durationMs", client, ip,
  token_id as "tokenId", organization_id as "organizationId" from scim_request order by id`;
let seen = 0;

/** The requests of every organization recorded since the last time, oldest first. */
async function newCalls(): Promise<readonly Record<string, unknown>[]> {
  await scim.recorder.flush();
  const all = await scim.database.sql.query({ name: "test_calls", text: callText }, []);
  const fresh = all.slice(seen);
  seen = all.length;
  return fresh;
}
beforeEach(() => newCalls());

function get(path: string, token: string, client = "Okta SCIM Client 1.0.0") {
  return call(`${scim.baseUrl}${path}`, "GET", { authorization: token, "user-agent": client });
}

test("each request is logged under the id in the change log and the response", async () => {
  const response = await acme.post("/Users", { userName: "named@acme.example" });
  await scim.recorder.flush();
  const text = `select q.request_id as "requestId", c.kind from scim_request q
    join change c on c.organization_id = q.organization_id and c.request_id = q.request_id::text order by q.id desc limit 1`;
  const [row] = await scim.database.sql.query({ name: "test_named_call", text }, []);
  expect(row).toEqual({ requestId: response.headers.get("x-request-id"), kind: "member.created" });
});

test("each request is logged with its method, path, status, duration and client", async () => {
  await get("/Users?startIndex=1&count=2", scim.token);
  await acme.post("/Users", { userName: "nobody" });
  await acme.put("/Users", {});
  await acme.get("/Nowhere");
  const { organizationId, tokenId } = scim;
  const own = { organizationId, tokenId, ip: "127.0.0.1", durationMs: expect.any(Number), client: expect.any(String) };
  const entry = (method: string, path: string, status: number, scimType: unknown, detail: unknown): object => ({
    ...own,
    method,
    path: `/scim_v2${path}`,
    status,
    scimType,
    detail,
  });
  expect(await newCalls()).toEqual([
    { ...entry("GET", "/Users?startIndex=1&count=2", 200, null, null), client: "Okta SCIM Client 1.0.0" },
    entry("POST", "/Users", 400, "invalidValue", expect.stringContaining("email address")),
    entry("PUT", "/Users", 405, null, expect.stringContaining("GET, POST")),
    entry("GET", "/Nowhere", 404, null, expect.any(String)),
  ]);
});

test("the owner's list shows them, newest first", async () => {
  await get("/Users?count=0", scim.token);
  await scim.recorder.flush();
  const listed = await listScimRequests(scim.database.sql, scim.organizationId, { limit: 1 });
  expect(JSON.stringify(listed)).toContain("count=0");
});

// It belongs to no organization.
test("a request without any part of a known token is not logged", async () => {
  const issued = await issueToken(scim.database, await scim.context(), { name: "forgotten" });
  if (!issued.ok) throw new Error(issued.error.kind);
  const text = "update scim_token set key_id = '000000000001' where name = 'forgotten'";
  await runSql(text);
  const nobodys = issued.value.token;
  for (const token of ["", "non-token", "rcl_short", `x${scim.token}`, "rcl_000000000000", nobodys]) {
    expect((await get("/Users", token)).status).toBe(401);
  }
  expect(await newCalls()).toEqual([]);
});

// An owner must find the provider's failures, our limits and internal errors included.
test("requests over the limit are logged, those of an unknown token are not", async () => {
  await using limited = await startScim({ rateLimit: 3 });
  const text = "update scim_token set secret_hash = sha256('other') where id = $1";
  const wrong = await limited.addOrganization("Wrong");
  await limited.database.sql.query({ name: "", text }, [wrong.tokenId]);
  const responses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? limited : wrong).client.get(`/Users?count=${index}`)),
  );
  expect(responses.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(8);
  const requests = await recordedOf(limited, 10);
  const refused = requests.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(4);
  expect(refused[0]).toMatchObject({ tokenName: "Okta", detail: expect.stringContaining("a second") });
  const others = await listScimRequests(limited.database.sql, wrong.organizationId, { limit: 100 });
  expect(others.requests.filter(({ refusal }) => refusal !== "tokenSecretWrong")).toEqual([]);
});

const looksMax = 1000;

/** That many requests of the organization; the token of a refused request is identified after the response. */
async function recordedOf({ database, recorder, organizationId }: ScimTest, count: number) {
  for (let look = 0; look < looksMax; look++) {
    await recorder.flush();
    const { requests } = await listScimRequests(database.sql, organizationId, { limit: 100 });
    if (requests.length >= count) return requests;
  }
  throw new Error(`There are never ${count} calls.`);
}

test("requests that ended in an internal error are logged, a token's first one too", async () => {
  const issued = await issueToken(scim.database, await scim.context(), { name: "unlucky" });
  if (!issued.ok) throw new Error(issued.error.kind);
  const { token, tokenId } = issued.value;
  const ask = (text: string) => runSql(text);
  await ask("alter table role rename to role_away");
  try {
    for (const path of ["/Groups", "/Groups?count=1"]) expect((await get(path, token)).status).toBe(500);
  } finally {
    await ask("alter table role_away rename to role");
  }
  await recordedOf(scim, seen + 2);
  await get("/Users?count=0", token);
  expect(await newCalls()).toMatchObject([
    { tokenId, path: "/scim_v2/Groups", status: 500, detail: expect.stringContaining("fault") },
    { tokenId, path: "/scim_v2/Groups?count=1", status: 500 },
    { tokenId, status: 200 },
  ]);
});

// An owner must see that the provider still uses a revoked token.
test("requests of a revoked token are logged as refused, and do not count as its use", async () => {
  const issued = await issueToken(scim.database, await scim.context(), { name: "old" });
  if (!issued.ok) throw new Error(issued.error.kind);
  const { token, tokenId } = issued.value;
  await revokeToken(scim.database, await scim.context(), { tokenId, isLastConfirmed: true });
  await get("/Users", token);
  expect(await newCalls()).toMatchObject([{ tokenId, status: 401, detail: expect.stringContaining("revoked") }]);
  const tokens = await listTokens(scim.database, scim.organizationId, new Date());
  expect(tokens.find(({ id }) => id === tokenId)).toMatchObject({ lastUsedAt: null });
});

test("the token knows when, from where and by which client it was used last", async () => {
  await get("/Users", scim.token, "first client");
  scim.advance(5000);
  await get("/Users", scim.token, "second client");
  await scim.recorder.flush();
  const [token] = (await listTokens(scim.database, scim.organizationId, new Date())).filter(
    ({ id }) => id === scim.tokenId,
  );
  expect(token).toMatchObject({ lastUsedClient: "second client", lastUsedIp: "127.0.0.1" });
  expect(token?.lastUsedAt?.getTime()).toBeGreaterThan(Date.now());
});

// A stolen token is known by the address that it is used from.
test.each([
  [false, "127.0.0.1"],
  [1, "203.0.113.9"],
] as const)("with the trusted proxies %s a forwarded request is from %s", async (trustProxy, ip) => {
  await using proxied = await startScim({ trustProxy });
  const headers = { authorization: proxied.token, "x-forwarded-for": "203.0.113.9" };
  await call(`${proxied.baseUrl}/Users`, "GET", headers);
  await proxied.recorder.flush();
  const tokens = await listTokens(proxied.database, proxied.organizationId, new Date());
  expect(tokens.map(({ lastUsedIp }) => lastUsedIp)).toEqual([ip]);
});

test("each organization sees its own requests only", async () => {
  const rival = await scim.addOrganization("Rival");
  await get("/Users?count=7", rival.token);
  expect(await newCalls()).toMatchObject([{ organizationId: rival.organizationId, tokenId: rival.tokenId }]);
  const own = await listScimRequests(scim.database.sql, scim.organizationId, { limit: 100 });
  expect(JSON.stringify(own)).not.toContain("count=7");
});

test.each(["x".repeat(5000), "caf\u00e9 \u00ff"])(
  "a client or path of any length and spelling is recorded: %.10s",
  async (text) => {
    await get(`/Users?x=${encodeURIComponent(text)}`, scim.token, text);
    const [recorded] = await newCalls();
    expect(String(recorded?.["path"]).length).toBeLessThanOrEqual(1000);
    expect(String(recorded?.["client"]).length).toBeLessThanOrEqual(1000);
  },
);

// Secrets are shown once or never: not in the request log, not in the operator's log.
test("no row and no line of the log holds a password or a token", async () => {
  const password = "hunter2-hunter2";
  const person = { userName: "secretive@acme.example", password, name: { givenName: "S" } };
  const path = `/Users/${idOf(await acme.post("/Users", person))}`;
  await acme.post("/Users", person);
  await acme.put(path, { ...person, userName: "x@foreign.example" });
  await acme.patch(path, { Operations: [{ op: "replace", value: { password } }] });
  await acme.patch(path, { Operations: [replace("password", password)] });
  await acme.post("/Groups", { displayName: "", password });
  await get(`/Users?access_token=${scim.token}`, scim.token);
  await get(`/Users?filter=userName+eq+%22${scim.token}%22`, scim.token, `curl ${scim.token}`);
  await get("/Users", `Bearer ${scim.token.slice(0, -1)}_`);
  for (const body of [`{"userName":"a@b.example","password":"${password}"`, `{"password":"${password}\u0000"}`]) {
    await call(`${scim.baseUrl}/Users`, "POST", { authorization: scim.token }, body);
    await call(`${scim.baseUrl}/Users`, "POST", { authorization: scim.token, "content-encoding": "gzip" }, body);
    await call(`${scim.baseUrl}/Users`, "POST", { authorization: scim.token, "content-type": "text/plain" }, body);
  }
  const rows = JSON.stringify(await newCalls());
  const secret = scim.token.slice(20);
  expect(rows).toContain("/scim_v2/Users");
  expect(processLog).toContain('"route":"/Users"');
  for (const text of [rows, processLog]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain(scim.token.slice(0, -1));
  }
});

// The password is nowhere in the database at all.
test("AR-25: no table holds a password that a provider has sent", async () => {
  await acme.post("/Users", { userName: "dumped@acme.example", password: "correct-horse" });
  await scim.recorder.flush();
  for (const table of ["account", "member", "change", "scim_request"]) {
    const rows = await runSql(`select to_jsonb(t)::text as row from ${table} t`);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/correct-horse|hunter2/);
  }
});

// For "why is … not here": a refused person is found by the address beside an invalid userName.
test("a refused person is found by the address beside the userName", async () => {
  const pam = { userName: "pam.beesly", emails: [{ value: "Pam.Beesly@acme.example", type: "work", primary: true }] };
  const none = await acme.post("/Users", { ...pam, emails: [{ value: "pam@acme.example", type: "work" }] });
  const broken = await acme.post("/Users", {
    userName: "kkapoor",
    active: "maybe",
    emails: [{ value: "kelly@acme.example" }],
  });
  expect([none.status, broken.status]).toEqual([400, 400]);
  const bulk = { schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"] };
  const operation = {
    method: "POST",
    path: "/Users",
    bulkId: "a",
    data: { userName: "creed", emails: [{ value: "creed.bratton@acme.example" }] },
  };
  await acme.post("/Bulk", { ...bulk, Operations: [operation] });
  await scim.recorder.flush();
  const context = await scim.context();
  const why = (address: string) => explainAddress(scim.database.sql, context, address);
  for (const [address, name] of [
    ["pam.beesly@acme.example", "pam.beesly"],
    ["pam@acme.example", "pam.beesly"],
    ["kelly@acme.example", "kkapoor"],
    ["creed.bratton@acme.example", "creed"],
  ] as const) {
    expect(await why(address)).toMatchObject({ kind: "refused", text: expect.stringContaining(name) });
  }
});
