import { releaseGuard, setGuard } from "@rollcall/db";
import { z } from "zod";
import { beforeEach, describe, expect, test } from "vitest";
import {
  add,
  replace,
  call,
  changesOf,
  idOf,
  patchOf,
  resourcesOf,
  type ScimResponse,
  type ScimClient,
} from "../testing/test-client.ts";
import { startScim, type ScimTest, type TestOrganization } from "../testing/test-harness.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim, find, idByName, runSql } = await useScim();
let org: TestOrganization;
let acme: ScimClient;
let names = 0;
beforeEach(async () => {
  org = await scim.addOrganization(`Bulk${++names}`);
  acme = org.client;
});

const shape = z.object({
  Operations: z.array(
    z.object({
      bulkId: z.string().optional(),
      location: z.string().optional(),
      status: z.string(),
      response: z.looseObject({ detail: z.string() }).optional(),
    }),
  ),
});
type Results = z.infer<typeof shape>["Operations"];

function resultsOf(response: ScimResponse): Results {
  expect(response.status, response.text.slice(0, 1000)).toBe(200);
  return shape.parse(response.body).Operations;
}

const bulk = async (operations: readonly unknown[], client = acme): Promise<Results> =>
  resultsOf(await client.post("/Bulk", { Operations: operations }));
const statuses = (results: Results): readonly string[] => results.map(({ status }) => status);
const user = (bulkId: string, more: object = {}): object => ({
  method: "POST",
  path: "/Users",
  bulkId,
  data: { userName: `${bulkId}@bulk${names}.example`, ...more },
});
const deactivation = (id: string): object => ({
  method: "PATCH",
  path: `/Users/${id}`,
  data: patchOf({ op: "replace", value: { active: false } }),
});

async function people(count: number): Promise<readonly string[]> {
  const results = await bulk(Array.from({ length: count }, (_, index) => user(`p${index}`)));
  return results.map(({ location = "" }) => location.slice(location.lastIndexOf("/") + 1));
}

describe("the rules of single requests apply", () => {
  test("the guard stops the sixth of ten removals and all that follow, each 429 with nothing done", async () => {
    const ids = await people(10);
    await setGuard(scim.database, await org.context(), true);
    const removals = ids.map((id, index) =>
      index % 2 ? deactivation(id) : { method: "DELETE", path: `/Users/${id}` },
    );
    const results = await bulk([...removals, user("new")]);
    expect(statuses(results)).toEqual(["204", "200", "204", "200", "204", ...Array(5).fill("429"), "201"]);
    expect(results[5]?.response?.detail).toContain("Provisioning > Mass-removal protection");
    const left = resourcesOf(await acme.get("/Users?filter=active%20eq%20true")).map(({ id }) => id);
    expect(left).toEqual(expect.arrayContaining(ids.slice(5)));
  });

  test("the last owner stays", async () => {
    const id = await idByName("/Users", org.ownerEmail, acme);
    expect(statuses(await bulk([deactivation(id), { method: "DELETE", path: `/Users/${id}` }]))).toEqual([
      "409",
      "409",
    ]);
    expect((await acme.get(`/Users/${id}`)).body).toMatchObject({ active: true });
  });

  test("a token that is revoked on the way does nothing more: 401 for all that follow, whatever they are", async () => {
    await runSql(`create or replace function revoke_token() returns trigger language plpgsql as $$ begin
      update scim_token set revoked_at = now() - interval '1 second' where organization_id = new.organization_id;
      return new; end $$`);
    await runSql(`create trigger revoking after insert on member for each row when (new.user_name like 'last@%')
      execute function revoke_token()`);
    const results = await bulk([user("first"), user("last"), user("after"), { method: "GET" }, user("more")]);
    await runSql("drop trigger revoking on member");
    expect(statuses(results)).toEqual(["201", "201", "401", "401", "401"]);
    expect(results[2]?.response?.detail).toContain("was revoked on");
    const made = (await changesOf(scim.database, org.organizationId)).map(({ subjectName }) => subjectName);
    expect(made).toEqual(["first", "last"]);
    expect((await acme.post("/Bulk", { Operations: [user("never")] })).status).toBe(401);
  });

  test.each(["", "rcl_wrong"])("the token %j gets 401 for the whole", async (token) => {
    const response = await call(
      `${scim.baseUrl}/Bulk`,
      "POST",
      { authorization: token },
      JSON.stringify({ Operations: [user("never")] }),
    );
    expect([response.status, response.body["status"]]).toEqual([401, "401"]);
  });
});

const pollsMax = 5000;

/** Resolves when a query waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  const text = `select 1 from pg_locks where not granted
    and pid in (select pid from pg_stat_activity where datname = current_database())`;
  for (let polls = 0; polls < pollsMax; polls++) if ((await runSql(text)).length > 0) return;
  throw new Error("Nobody ever waits for a lock.");
}

/** The log entry of the latest bulk request, once it is written. */
async function noteOfLastBulk(): Promise<unknown> {
  const text = "select detail from scim_request where organization_id = $1 and path like '%/Bulk' order by id desc";
  for (let polls = 0; polls < pollsMax; polls++) {
    await scim.recorder.flush();
    const [first, second] = await runSql(text, [org.organizationId]);
    if (second !== undefined) return first?.["detail"];
  }
  throw new Error("The bulk request never ends.");
}

describe("bounds", () => {
  // Providers give up after 60 seconds; an operation that has not begun by then must neither run nor be reported as done.
  test("after 45 seconds no further operation is started, and each of them is 503", async () => {
    const [id = ""] = await people(1);
    const rename = { method: "PATCH", path: `/Users/${id}`, data: patchOf(replace("displayName", "Slow")) };
    const { sent } = await scim.database.transaction(async (tx) => {
      await tx.query({ name: "", text: "select 1 from member where id = $1 for update" }, [id]);
      const sent = acme.post("/Bulk", {
        Operations: [user("quick"), rename, user("late1"), { method: "DELETE", path: `/Users/${id}` }],
      });
      await untilSomebodyWaits();
      scim.advance(45_000);
      return { sent };
    });
    const results = resultsOf(await sent);
    scim.advance(-45_000);
    expect(statuses(results)).toEqual(["201", "200", "503", "503"]);
    expect(results[3]?.response?.detail).toContain("Not done");
    expect((await acme.get(`/Users/${id}`)).body).toMatchObject({ displayName: "Slow", active: true });
    expect((await acme.get(`/Users?filter=userName%20sw%20%22late1%22`)).body["totalResults"]).toBe(0);
  });

  test("after the client has disconnected no operation starts", async () => {
    const [id = ""] = await people(1);
    const stop = new AbortController();
    const body = JSON.stringify({ Operations: [deactivation(id), user("unseen")] });
    await scim.database.transaction(async (tx) => {
      await tx.query({ name: "", text: "select 1 from member where id = $1 for update" }, [id]);
      const headers = { authorization: org.token, "content-type": "application/json" };
      const sent = fetch(`${scim.baseUrl}/Bulk`, { method: "POST", headers, body, signal: stop.signal });
      await untilSomebodyWaits();
      stop.abort();
      await expect(sent).rejects.toThrow("aborted");
      // The service sees the close before later requests.
      for (let times = 0; times < 5; times++) expect((await acme.get("/Schemas")).status).toBe(200);
    });
    expect(await noteOfLastBulk()).toMatch(
      /^Bulk: 1 of 2 operations done, 1 failed. Operation 2: Not done: the client/,
    );
    expect((await acme.get(`/Users/${id}`)).body).toMatchObject({ active: false });
    expect((await find("/Users", 'userName sw "unseen"', acme)).body["totalResults"]).toBe(0);
  });

  test("the rate limit counts operations: more than a second's worth take longer, and are done", async () => {
    const limited: ScimTest = await startScim({ rateLimit: 10 });
    const client = limited.client;
    const started = performance.now();
    const results = await bulk(
      Array.from({ length: 25 }, (_, index) => user(`limited${index}`)),
      client,
    );
    const tookMs = performance.now() - started;
    await limited.stop();
    expect(statuses(results)).toEqual(Array(25).fill("201"));
    expect(tookMs).toBeGreaterThan(1000);
  });
});

// docs/decisions/0012: the slowest operations stay far below the time bound, which would show as 503.
describe("many operations in one request", () => {
  const joining = (groupId: string) => (value: string) => ({
    method: "PATCH",
    path: `/Groups/${groupId}`,
    data: patchOf(add("members", [{ value }])),
  });

  test.each([
    [300, "deactivate under the guard", "200"],
    [1000, "join a group", "204"],
  ])(
    "%d that %s",
    async (count, kind, status) => {
      const ids = await people(count);
      const groupId = idOf(await acme.post("/Groups", { displayName: "Crowd" }));
      await setGuard(scim.database, await org.context(), true);
      await releaseGuard(scim.database, await org.context());
      const results = await bulk(ids.map(kind === "join a group" ? joining(groupId) : deactivation));
      expect(new Set(statuses(results))).toEqual(new Set([status]));
    },
    90_000,
  );
});

describe("hostile requests", () => {
  test("1,000 operations that refer to one another in a chain, from the last to the first, are done in order", async () => {
    const chain = Array.from({ length: 1000 }, (_, index) =>
      user(`c${index}`, index < 999 ? { displayName: `bulkId:c${index + 1}` } : {}),
    );
    const results = await bulk(chain);
    expect(new Set(statuses(results))).toEqual(new Set(["201"]));
    expect(results.map(({ bulkId }) => bulkId)).toEqual(chain.map((_, index) => `c${index}`));
    const idAt = (index: number): string => results[index]?.location?.replace(/^.*\//, "") ?? "";
    expect((await acme.get(`/Users/${idAt(0)}`)).body).toMatchObject({ displayName: idAt(1) });
  }, 60_000);

  test("1,000 that refer to one another in a circle are 409 each, and at once", async () => {
    const circle = Array.from({ length: 1000 }, (_, index) =>
      user(`r${index}`, { displayName: `bulkId:r${(index + 1) % 1000}` }),
    );
    const started = performance.now();
    expect(new Set(statuses(await bulk(circle)))).toEqual(new Set(["409"]));
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("50,000 references in one megabyte are read at once", async () => {
    const members = Array.from({ length: 550 }, (_, index) => `bulkId:${index % 90}`);
    const groups = Array.from({ length: 90 }, (_, index) => ({
      method: "POST",
      path: "/Groups",
      bulkId: `${index}`,
      data: { displayName: `Group ${index}`, members },
    }));
    const started = performance.now();
    expect(new Set(statuses(await bulk(groups)))).toEqual(new Set(["409"]));
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("names of Object.prototype, long names and invalid characters are valid bulkIds", async () => {
    const bulkIds = [
      "__proto__",
      "constructor",
      "toString",
      "x".repeat(10_000),
      "\u0000",
      "\ud800",
      "a b/c?d#e%f",
      "bulkId:x",
      "💥",
    ];
    const operations = bulkIds.flatMap((bulkId, index) => [
      {
        method: "POST",
        path: "/Groups",
        bulkId: `group${index}`,
        data: { displayName: `G${index}`, members: [{ value: `bulkId:${bulkId}` }] },
      },
      { ...user(`hostile${index}`), bulkId },
      { method: "DELETE", path: `/Users/${encodeURIComponent(`bulkId:${bulkId.toWellFormed()}`)}` },
    ]);
    const results = await bulk(operations);
    const expected = bulkIds.flatMap((bulkId) => ["201", "201", bulkId.isWellFormed() ? "204" : "400"]);
    expect(statuses(results)).toEqual(expected);
    expect(results.filter((_, index) => index % 3 === 1).map(({ bulkId }) => bulkId)).toEqual(bulkIds);
    expect(Reflect.get({}, "members")).toBeUndefined();
  });

  test.each<[string, string, readonly string[]]>([
    [
      "a value as deep as a body may be",
      `{"method":"POST","path":"/Users","bulkId":"d","data":{"userName":${'{"a":'.repeat(20)}1${"}".repeat(20)}}}`,
      ["400"],
    ],
    [
      "an unknown attribute, as deep as a body may be",
      `{"method":"POST","path":"/Users","bulkId":"d","data":{"userName":"deep@d.example","x":${"[".repeat(20)}${"]".repeat(20)}}}`,
      ["201"],
    ],
    ["a member that every object has", '{"constructor":1}', ["400"]],
    ["an operation that is null", 'null, 1, [], "DELETE"', ["400", "400", "400", "400"]],
    [
      "a NUL in the path",
      '{"method":"DELETE","path":"/Users/\\u0000"}, {"method":"DELETE","path":"/Users/%00"}',
      ["404", "404"],
    ],
    [
      "half a character in a method and a path",
      '{"method":"\\ud800","path":"/Users/x"}, {"method":"DELETE","path":"/Users/\\ud800"}',
      ["400", "404"],
    ],
  ])("%s fails only that operation", async (_name, operations, expected) => {
    const body = `{"Operations":[${operations}, ${JSON.stringify(user("fine"))}]}`;
    const response = await call(`${scim.baseUrl}/Bulk`, "POST", { authorization: org.token }, body);
    expect(statuses(resultsOf(response))).toEqual([...expected, "201"]);
  });

  test("a bulk request inside a bulk request is 400", async () => {
    const id = idOf(await acme.post("/Users", { userName: `one@bulk${names}.example` }));
    const inner = { Operations: [{ method: "DELETE", path: `/Users/${id}` }] };
    expect(statuses(await bulk([{ method: "POST", path: "/Bulk", bulkId: "b", data: inner }]))).toEqual(["400"]);
    expect((await acme.get(`/Users/${id}`)).status).toBe(200);
  });
});
