import { gzipSync } from "node:zlib";
import { listScimRequests } from "@rollcall/db";
import { BULK_REQUEST, bulkOperationsMax, bulkPayloadSizeMax } from "@rollcall/scim-protocol";
import { z } from "zod";
import { describe, expect, test } from "vitest";
import {
  add,
  remove,
  replace,
  call,
  changesOf,
  detailOf,
  idOf,
  membersOf,
  patchOf,
  resourcesOf,
  type ScimResponse,
  refusalOf,
} from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const service = "https://scim.rollcall.example/scim_v2";
const { scim, acme, find, runSql } = await useScim();

const result = z.strictObject({
  method: z.string().optional(),
  bulkId: z.string().optional(),
  version: z.string().optional(),
  location: z.string().optional(),
  status: z.string(),
  response: z.looseObject({ status: z.string(), detail: z.string() }).optional(),
});
const bulkResponse = z.strictObject({
  schemas: z.tuple([z.literal("urn:ietf:params:scim:api:messages:2.0:BulkResponse")]),
  Operations: z.array(result),
});
type BulkResult = z.infer<typeof result>;

/** Sends operations, expects status 200 for the whole, and returns the results. */
async function bulk(operations: readonly unknown[], more: object = {}, client = acme): Promise<readonly BulkResult[]> {
  const response = await client.post("/Bulk", { schemas: [BULK_REQUEST], ...more, Operations: operations });
  expect(response.status, response.text).toBe(200);
  return bulkResponse.parse(response.body).Operations;
}

const statuses = (results: readonly BulkResult[]): readonly string[] => results.map(({ status }) => status);
const pathOf = ({ location = "" }: BulkResult = { status: "" }): string => location.slice(service.length);
const post = (bulkId: string, path: string, data: object): object => ({ method: "POST", path, bulkId, data });
const user = (bulkId: string, more: object = {}): object =>
  post(bulkId, "/Users", { userName: `${bulkId}@acme.example`, ...more });
const group = (bulkId: string, ...members: readonly string[]): object =>
  post(bulkId, "/Groups", { displayName: `Group ${bulkId}`, members: members.map((value) => ({ value })) });

async function countOf(filter: string): Promise<unknown> {
  return (await find("/Users", filter)).body["totalResults"];
}

describe("RFC 7644 section 3.7.2, references by bulkId", () => {
  test("a reference stands in the path, in PATCH values and in the filter of a PATCH path", async () => {
    const results = await bulk([
      {
        method: "PATCH",
        path: "/Groups/bulkId:refs",
        data: patchOf(remove('members[value eq "bulkId:ref1"]')),
      },
      group("refs", "bulkId:ref1"),
      user("ref1"),
      user("ref2"),
      {
        method: "patch",
        path: "/Groups/bulkId:refs",
        data: patchOf(add("members", [{ value: "bulkId:ref2" }])),
      },
      { method: "PUT", path: "/Users/bulkId:ref1", data: { userName: "ref1@acme.example", displayName: "Renamed" } },
    ]);
    expect(statuses(results)).toEqual(["204", "201", "201", "201", "204", "200"]);
    expect(results[0]?.location).toBe(results[1]?.location);
    expect(results[5]?.location).toBe(results[2]?.location);
    expect(membersOf(await acme.get(pathOf(results[1])))).toEqual([pathOf(results[3]).replace("/Users/", "")]);
    expect((await acme.get(pathOf(results[2]))).body).toMatchObject({ displayName: "Renamed" });
  });

  test("groups that are each other's members are 409 each, and everything else is done (3.7.1)", async () => {
    const results = await bulk([
      group("round1", "bulkId:round2"),
      group("round2", "bulkId:round1"),
      group("self", "bulkId:self"),
      user("bystander"),
    ]);
    expect(statuses(results)).toEqual(["409", "409", "409", "201"]);
    expect(results[0]).toEqual({
      method: "POST",
      bulkId: "round1",
      status: "409",
      response: {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        status: "409",
        detail: expect.stringContaining("circular reference"),
      },
    });
    const groups = await find("/Groups", 'displayName sw "Group round" or displayName eq "Group self"');
    expect(resourcesOf(groups)).toEqual([]);
  });

  test("users with each other as manager are created, as managers are not stored", async () => {
    const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const managed = (bulkId: string, by: string): object =>
      user(bulkId, { [urn]: { manager: { value: `bulkId:${by}` } } });
    expect(statuses(await bulk([managed("boss1", "boss2"), managed("boss2", "boss1")]))).toEqual(["201", "201"]);
  });
});

// Section 3.7: an operation's `version` is its If-Match; the preconditions of the bulk request do not apply to it.
test("an operation with an outdated version is 412; with the current one it passes and returns the new version", async () => {
  const [made] = await bulk([user("versioned")]);
  const version = made?.version;
  const path = pathOf(made);
  const data = { userName: "versioned@acme.example", displayName: "Vera" };
  const right = { method: "PUT", path, version, data };
  const results = await bulk([{ ...right, version: 'W/"0"' }, right, right, { method: "DELETE", path, version }]);
  expect(statuses(results)).toEqual(["412", "200", "412", "412"]);
  expect(results[1]?.version).toMatch(/^W\/"/);
  expect(results[1]?.version).not.toBe(version);
});

describe("an operation that fails", () => {
  test("has its SCIM error as response, and a location unless it was a POST (3.7.3)", async () => {
    const gone = "018f0000-0000-7000-8000-000000000000";
    const results = await bulk([
      post("bad", "/Users", { displayName: "No name" }),
      { method: "DELETE", path: `/Users/${gone}` },
      { method: "PUT", path: "/Groups/x%22y", data: { displayName: "X" } },
      { method: "PATCH", path: `/Users/${gone}` },
    ]);
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
    expect(results).toEqual([
      {
        method: "POST",
        bulkId: "bad",
        status: "400",
        response: expect.objectContaining({ schemas, status: "400", scimType: "invalidValue" }),
      },
      {
        method: "DELETE",
        location: `${service}/Users/${gone}`,
        status: "404",
        response: expect.objectContaining({ status: "404" }),
      },
      {
        method: "PUT",
        location: `${service}/Groups/x%22y`,
        status: "404",
        response: expect.objectContaining({ status: "404" }),
      },
      {
        method: "PATCH",
        location: `${service}/Users/${gone}`,
        status: "400",
        response: expect.objectContaining({ scimType: "invalidValue" }),
      },
    ]);
  });

  test("fails the operations that refer to it: 409, and nothing of them is done", async () => {
    const results = await bulk([
      user("victim", { userName: "no address" }),
      group("dependent", "bulkId:victim"),
      { method: "PATCH", path: "/Groups/bulkId:dependent", data: patchOf(replace("displayName", "X")) },
      { method: "DELETE", path: "/Users/bulkId:victim" },
      group("hopeful", "bulkId:nobody"),
    ]);
    expect(statuses(results)).toEqual(["400", "409", "409", "409", "400"]);
    expect(results.map(({ location }) => location)).toEqual(Array(5).fill(undefined));
    expect(results[4]?.response?.detail).toContain('"nobody"');
    expect(
      resourcesOf(await find("/Groups", 'displayName eq "Group dependent" or displayName eq "Group hopeful"')),
    ).toEqual([]);
  });

  test.each([
    "/Me",
    "/Bulk",
    "/.search",
    "/Users/.search",
    "/Schemas",
    "/ServiceProviderConfig",
    "/Nothing",
    `${service}/Users`,
  ])("is one to %s", async (path) => {
    const data = { Operations: [user("inner")], userName: "inner@acme.example" };
    expect(statuses(await bulk([post("outer", path, data), { method: "GET", path: "/Users" }]))).toEqual([
      "400",
      "400",
    ]);
    expect(await countOf('userName eq "inner@acme.example"')).toBe(0);
  });

  test("is one to another organization's people, which stay unchanged", async () => {
    const rival = (await scim.addOrganization("Rival")).client;
    const id = idOf(await rival.post("/Users", { userName: "spy@rival.example", displayName: "Spy" }));
    const results = await bulk([
      { method: "DELETE", path: `/Users/${id}` },
      { method: "PATCH", path: `/Users/${id}`, data: patchOf({ op: "replace", value: { active: false } }) },
      group("theirs", id),
    ]);
    expect(statuses(results)).toEqual(["404", "404", "400"]);
    expect((await rival.get(`/Users/${id}`)).body).toMatchObject({ displayName: "Spy", active: true });
  });

  test("by an internal error is 500 without its message, and the rest is done", async () => {
    await runSql(`create or replace function fail_member() returns trigger language plpgsql as $$
      begin raise exception 'The disk is full.'; end $$`);
    await runSql(`create trigger broken before insert on member for each row when (new.user_name = 'fault@acme.example')
      execute function fail_member()`);
    const results = await bulk([user("before"), user("fault"), user("after")]);
    await runSql("drop trigger broken on member");
    expect(statuses(results)).toEqual(["201", "500", "201"]);
    expect(results[1]?.response?.detail).toMatch(/fault of its own.*Request [0-9a-f-]{36}/);
    expect(JSON.stringify(results)).not.toContain("disk");
    expect(await countOf('userName eq "fault@acme.example"')).toBe(0);
  });
});

// RFC 7644 section 3.7: completed operations stay; repeated, they conflict as single requests would.
test("the same request again is 409 uniqueness for each, and changes nothing", async () => {
  const operations = [user("again1"), user("again2"), post("again3", "/Groups", { displayName: "Again" })];
  expect(statuses(await bulk(operations))).toEqual(["201", "201", "201"]);
  const seen = (await changesOf(scim.database, scim.organizationId)).filter(({ refusal }) => refusal === null).length;
  const results = await bulk(operations);
  expect(results.map(({ response: error }) => error?.["scimType"])).toEqual(["uniqueness", "uniqueness", "uniqueness"]);
  expect(statuses(results)).toEqual(["409", "409", "409"]);
  expect((await changesOf(scim.database, scim.organizationId)).filter(({ refusal }) => refusal === null)).toHaveLength(
    seen,
  );
});

describe("the whole", () => {
  test.each<[string, unknown, string]>([
    ["no operations", {}, "invalidSyntax"],
    ["another schema", { schemas: ["urn:x:y"], Operations: [user("never")] }, "invalidSyntax"],
    ["a bad failOnErrors", { failOnErrors: -1, Operations: [user("never")] }, "invalidValue"],
    ["a list", [user("never")], "invalidSyntax"],
  ])("%s is 400, and nothing is done", async (_name, body, scimType) => {
    const response = await acme.post("/Bulk", body);
    expect(refusalOf(response)).toEqual([400, scimType]);
    expect(await countOf('userName eq "never@acme.example"')).toBe(0);
  });

  // AR-28: the advertised limits are enforced (RFC 7644 section 3.7.4).
  test("AR-28: too many operations or bytes are 413 and name the limit that ServiceProviderConfig names", async () => {
    const config = (await acme.get("/ServiceProviderConfig")).body["bulk"];
    expect(config).toEqual({ supported: true, maxOperations: bulkOperationsMax, maxPayloadSize: bulkPayloadSizeMax });
    const many = Array.from({ length: bulkOperationsMax + 1 }, (_, index) => user(`many${index}`));
    const tooMany = await acme.post("/Bulk", { Operations: many });
    expect([tooMany.status, detailOf(tooMany)]).toEqual([
      413,
      expect.stringContaining(`maxOperations (${bulkOperationsMax})`),
    ]);
    const text = (size: number, name: string): string => JSON.stringify({ Operations: [user(name)] }).padEnd(size);
    const send = (body: string | Uint8Array<ArrayBuffer>, headers: object = {}): Promise<ScimResponse> =>
      call(`${scim.baseUrl}/Bulk`, "POST", { authorization: scim.token, ...headers }, body);
    const packed = new Uint8Array(gzipSync(text(bulkPayloadSizeMax + 1, "many1")));
    for (const tooLarge of [
      await send(text(bulkPayloadSizeMax + 1, "many1")),
      await send(packed, { "content-encoding": "gzip" }),
    ]) {
      expect([tooLarge.status, detailOf(tooLarge)]).toEqual([
        413,
        `The size of the bulk operation exceeds the maxPayloadSize (${bulkPayloadSizeMax}).`,
      ]);
    }
    expect(await countOf('userName sw "many"')).toBe(0);
    expect((await send(text(bulkPayloadSizeMax, "just"))).body).toMatchObject({ Operations: [{ status: "201" }] });
  });

  test("is one row of the request log, and one request id in the change log", async () => {
    const org = await scim.addOrganization("Log");
    const client = org.client;
    const response = await client.post("/Bulk", {
      Operations: [user("log1"), user("log2", { userName: "?" }), group("log3", "bulkId:log1")],
    });
    const entries = await changesOf(scim.database, org.organizationId);
    expect(entries.map(({ kind }) => kind)).toEqual([
      "member.created",
      "member.created",
      "role.created",
      "member.role_granted",
    ]);
    expect(new Set(entries.map(({ requestId }) => requestId))).toEqual(new Set([response.headers.get("x-request-id")]));
    await scim.recorder.flush();
    const log = await listScimRequests(scim.database.sql, org.organizationId, { limit: 10 });
    expect(log.requests).toMatchObject([
      {
        method: "POST",
        path: "/scim_v2/Bulk",
        status: 200,
        detail: expect.stringMatching(/^Bulk: 2 of 3 operations done, 1 failed. Operation 2: userName must be/),
      },
    ]);
  });
});
