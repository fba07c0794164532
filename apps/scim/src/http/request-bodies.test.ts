import { listScimRequests, readScimRequest, type RequestDetail } from "@rollcall/db";
import { describe, expect, test } from "vitest";
import { replace, call, idOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, acme, runSql, patch } = await useScim();

/** The newest request as the owner sees it. */
async function latest(): Promise<RequestDetail> {
  await scim.recorder.flush();
  const { database, organizationId } = scim;
  const { requests } = await listScimRequests(database.sql, organizationId, { limit: 1 });
  const found = await readScimRequest(database.sql, organizationId, requests[0]?.id ?? "");
  if (found === undefined) throw new Error("Nothing was recorded.");
  return found;
}

const read = (body: string | null): unknown => JSON.parse(body ?? "null");

// Owners debug with the request, the response, the member and the change.
describe("a request is logged with", () => {
  test("its bodies, its person and its changes", async () => {
    const id = idOf(
      await acme.post("/Users", { userName: "pam@acme.example", title: "Dr.", name: { givenName: "Pam" } }),
    );
    const created = await latest();
    expect(created).toMatchObject({ memberId: id, memberName: "Pam", refusal: null });
    expect(read(created.requestBody)).toEqual({
      userName: "pam@acme.example",
      title: "(text, 3 characters)",
      name: { givenName: "Pam" },
    });
    expect(read(created.answerBody)).toMatchObject({ id, userName: "pam@acme.example", active: true });
    expect(created.changes.map(({ kind }) => kind)).toContain("member.created");
    await patch(`/Users/${id}`, replace("active", false));
    const stopped = await latest();
    expect(stopped.memberId).toBe(id);
    expect(stopped.changes).toMatchObject([{ kind: "member.deactivated" }]);
  });

  test("the rule that refused it, and the refused change", async () => {
    await acme.post("/Users", { userName: "twice@acme.example" });
    await acme.post("/Users", { userName: "Twice@acme.example" });
    const refused = await latest();
    expect(refused).toMatchObject({ status: 409, refusal: "userNameTaken" });
    expect(refused.changes).toMatchObject([{ kind: "member.created", refusal: "userNameTaken" }]);
    expect(read(refused.answerBody)).toMatchObject({ status: "409", scimType: "uniqueness" });
  });

  test("the member found by a look-up; none when several were found", async () => {
    const id = idOf(await acme.post("/Users", { userName: "found@acme.example" }));
    await acme.get('/Users?filter=userName eq "found@acme.example"');
    expect((await latest()).memberId).toBe(id);
    await acme.get("/Users");
    expect((await latest()).memberId).toBeNull();
  });

  test("each operation of a bulk request", async () => {
    const data = { userName: "bulk@acme.example", password: "hunter2-bulk" };
    const operation = { method: "POST", path: "/Users", bulkId: "1", data };
    await acme.post("/Bulk", {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
      Operations: [operation],
    });
    const kept = await latest();
    expect(kept.requestBody).toContain("bulk@acme.example");
    expect(kept.answerBody).toContain('"status":"201"');
    expect(kept.changes.map(({ kind }) => kind)).toContain("member.created");
  });

  test("no body where none could be read", async () => {
    await call(`${scim.baseUrl}/Users`, "POST", { authorization: scim.token }, '{"userName": "a@b.example"');
    expect(await latest()).toMatchObject({ status: 400, requestBody: null });
  });

  test("its bodies within bounds, however large they were", async () => {
    const members = Array.from({ length: 9000 }, (_, index) => ({ value: `${index}`.padStart(36, "0") }));
    await acme.post("/Groups", { displayName: "Everybody", members });
    const kept = await latest();
    expect(kept.requestBody?.length).toBeLessThan(8192);
    expect(kept.requestBody).toContain("… and 8,990 more");
  });
});

// A secret must be in no column of any row, wherever the client put it.
test("AR-25: no row of the request log holds a password or a token, whatever place they were sent in", async () => {
  const [password, token, other] = ["hunter2-hunter2", scim.token, `ghp_${"Ab1".repeat(12)}`];
  const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl";
  const id = idOf(await acme.post("/Users", { userName: "kept@acme.example" }));
  const extension = "urn:example:custom:2.0:User";
  await acme.post("/Users", {
    userName: "x@acme.example",
    password,
    [extension]: { secret: password, deep: [[{ password }]] },
  });
  await acme.post("/Users", { userName: `Bearer ${token}`, displayName: other, externalId: jwt, nickName: password });
  await acme.post("/Users", { userName: "y@acme.example", [token]: 1, roles: [{ value: password }] });
  await acme.put(`/Users/${id}`, {
    userName: "kept@acme.example",
    name: { givenName: jwt, honorificPrefix: password },
  });
  for (const path of ["password", `${extension}:secret`, 'roles[value eq "x"].display', token, `${password} ${jwt}`]) {
    await patch(`/Users/${id}`, replace(path, password));
  }
  await patch(`/Users/${id}`, { op: "replace", value: { password, "name.x": password, [extension]: password } });
  await patch(`/Users/${id}`, { op: other, path: `roles[value eq "${password}"]`, value: [password] });
  await acme.post("/Groups", { displayName: other, members: [{ value: jwt, password }] });
  await acme.post("/Users/.search", { filter: `password eq "${password}"`, attributes: [token] });
  await acme.post("/Bulk", {
    Operations: [{ method: "POST", path: "/Users", bulkId: jwt, data: { password, x: { token } } }],
  });
  for (const query of [`filter=password eq "${password}"`, `password=${password}`, `filter=title co "${password}"`]) {
    await acme.get(`/Users?${query}`);
  }
  await acme.get(`/Users/${other}`);
  await call(`${scim.baseUrl}/Users`, "GET", { authorization: `${token.slice(0, 40)}!` });
  await latest();
  const text = "select to_jsonb(q)::text as row from scim_request q";
  const rows = JSON.stringify(await runSql(text));
  const secrets = [password, token.slice(16), other, jwt.slice(0, 30)];
  expect(secrets.filter((secret) => rows.includes(secret))).toEqual([]);
});

// The owner learns of a mistyped or leaked token, and the client learns nothing.
describe("a failed authentication is shown to the owner whose token it begins like", () => {
  const get = (token: string) => call(`${scim.baseUrl}/Users?count=0`, "GET", { authorization: token });

  test("a token that was cut off", async () => {
    const response = await get(`Bearer ${scim.token.slice(0, 31)}`);
    expect(response.status).toBe(401);
    expect(JSON.stringify(response.body)).not.toContain("starts like");
    await expect.poll(async () => (await latest()).refusal).toBe("tokenMalformed");
    expect(await latest()).toMatchObject({
      status: 401,
      tokenName: "Okta",
      detail: expect.stringContaining("has 31 characters"),
      requestBody: null,
      answerBody: null,
    });
  });

  test("a well-formed token with another secret", async () => {
    const other = await scim.addOrganization("Mixed");
    const text = "update scim_token set secret_hash = sha256('other') where id = $1";
    await runSql(text, [other.tokenId]);
    const response = await get(other.token);
    expect(JSON.stringify(response.body)).toContain("This SCIM token is not known.");
    await scim.recorder.flush();
    const { requests } = await listScimRequests(scim.database.sql, other.organizationId, { limit: 10 });
    expect(requests).toMatchObject([{ tokenId: other.tokenId, status: 401, refusal: "tokenSecretWrong" }]);
  });
});
