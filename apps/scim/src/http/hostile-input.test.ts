import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { availableParallelism, loadavg } from "node:os";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { replace, idOf, resourcesOf } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";
import { hostileBodies, type HostileRequest } from "../testing/test-hostile-bodies.ts";
import { hostileHeads, hostileQueries } from "../testing/test-hostile-requests.ts";
import {
  problemOfError,
  sendBytes,
  sendRequest,
  type RawResponse,
  type RawRequest,
} from "../testing/test-raw-client.ts";

/** Far above the needs of these inputs, far below quadratic or exponential parsing. */
const caseTimeMs = 2000;

/** The same on an overloaded machine, where everything takes longer. */
function timeBoundMs(): number {
  return caseTimeMs * Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
}
const seed = 20_261_125;

const { scim, acme, find } = await useScim({
  log: pino({ level: "error" }, { write: (line: string) => void faults.push(line) }),
});
/** The internal errors in the service's log. */
const faults: string[] = [];

const rival = await scim.addOrganization("Rival");
const stranger = idOf(await rival.client.post("/Users", { userName: "pam@rival.example", externalId: "n0" }));
await rival.client.post("/Groups", { displayName: "Sales", members: [{ value: stranger }] });
const target = {
  token: scim.token,
  userId: idOf(await acme.post("/Users", { userName: "pam@storm.example" })),
  groupId: idOf(await acme.post("/Groups", { displayName: "Sales" })),
};
const port = Number(new URL(scim.baseUrl).port);

const json = ["Content-Type", "application/scim+json"] as const;

function withToken(request: Partial<RawRequest>): RawRequest {
  const headers = [["Authorization", `Bearer ${scim.token}`] as const, ...(request.headers ?? [])];
  return { method: "GET", path: "/scim_v2/Users", ...request, headers };
}

function write(
  method: string,
  path: string,
  body: string | Uint8Array,
  headers: RawRequest["headers"] = [],
): RawRequest {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return withToken({ method, path: `/scim_v2${path}`, headers: [json, ...headers], body: bytes });
}

/** Sends the request, and again if it was slow: an input that is slow by its nature is slow twice. */
async function timed(request: RawRequest): Promise<RawResponse> {
  const first = await sendRequest(port, request);
  return first.durationMs < timeBoundMs() ? first : sendRequest(port, request);
}

/** Properties that no response may have. */
function problemOf(response: RawResponse, { request, mustRefuse }: HostileRequest): string | undefined {
  if (response.durationMs >= timeBoundMs()) return `it took ${Math.round(response.durationMs)} ms twice`;
  if (response.status < 400) return mustRefuse ? `${response.status} for what must be refused` : undefined;
  const mayBe501 = response.status === 501 && /^\/scim_v2\/(?:.*\.search|Bulk|Me)/.test(request.path);
  if (response.status >= 500 && !mayBe501) return `${response.status}`;
  return problemOfError(response, request.method === "HEAD");
}

describe("random hostile requests: none is an internal error, none is slow, no malformed one has an effect", () => {
  let rivalBefore: ReadonlyMap<string, string>;
  beforeAll(async () => {
    rivalBefore = await rowsOf(rival.organizationId);
  });

  test.each([
    ["bodies", hostileBodies, 900],
    ["queries", hostileQueries, 500],
    ["addresses, methods and headers", hostileHeads, 400],
  ] as const)(
    "%s",
    async (_what, hostile, numRuns) => {
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(hostile(target), async (one) => {
          const response = await timed(one.request);
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
          expect({ what: one.what, problem: problemOf(response, one) }).toEqual({ what: one.what, problem: undefined });
        }),
        { seed, numRuns, endOnFailure: true },
      );
      // A run refused as a whole before parsing would prove little.
      expect(
        [...statuses.keys()].filter((status) => status < 400).length,
        JSON.stringify([...statuses]),
      ).toBeGreaterThan(0);
      expect(statuses.size).toBeGreaterThan(1);
    },
    120_000,
  );

  test("and afterwards the service works, and another organization's rows are what they were", async () => {
    expect(faults).toEqual([]);
    expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
    const made = await acme.post("/Users", { userName: "after@acme.example" });
    expect(made.status).toBe(201);
    expect(resourcesOf(await acme.get('/Users?filter=userName+eq+"after@acme.example"'))).toHaveLength(1);
    expect((await fetch(`${new URL(scim.baseUrl).origin}/readyz`)).status).toBe(200);
    expect(await rowsOf(rival.organizationId)).toEqual(rivalBefore);
  });

  // The run is only meaningful if its oracle can fail.
  test("the oracle refuses a 2xx for a broken body, an internal error, a slow response and an error that is not SCIM", () => {
    const one: HostileRequest = { what: "", request: withToken({}), mustRefuse: true };
    const error = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"x"}';
    const headers = new Map([
      ["content-type", "application/scim+json"],
      ["x-request-id", "0198c0de-0000-7000-8000-000000000000"],
    ]);
    const response = { status: 400, headers, text: error, durationMs: 1 };
    expect(problemOf(response, one)).toBeUndefined();
    expect(problemOf({ ...response, status: 201 }, one)).toBe("201 for what must be refused");
    expect(problemOf({ ...response, status: 500 }, one)).toBe("500");
    expect(problemOf({ ...response, status: 501 }, one)).toBe("501");
    expect(problemOf({ ...response, durationMs: 1000 * caseTimeMs }, one)).toContain("twice");
    expect(problemOf({ ...response, status: 404 }, one)).toBe("its status");
    expect(problemOf({ ...response, headers: new Map() }, one)).toBe("its media type");
    expect(problemOf({ ...response, text: '{"detail":"x"}' }, one)).toBeDefined();
  });
});

const rows = z.array(z.object({ name: z.string(), digest: z.string().nullable() }));

/** A digest of an organization's rows, table by table. */
async function rowsOf(organizationId: string): Promise<ReadonlyMap<string, string>> {
  const { sql } = scim.database;
  // A token's last use is recorded after the response.
  await scim.recorder.flush();
  const named = await sql.query(
    {
      name: "",
      text: `select table_name as name, '' as digest from information_schema.columns
        where column_name = 'organization_id' and table_schema = current_schema()`,
    },
    [],
  );
  const digests = new Map<string, string>();
  for (const { name } of rows.parse(named)) {
    const text = `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as digest from "${name}" t
      where organization_id = $1`;
    const [row] = rows.parse(await sql.query({ name: "", text }, [organizationId]));
    digests.set(name, row?.digest ?? "");
  }
  expect(digests.size).toBeGreaterThan(5);
  expect(digests.get("member")).toMatch(/^[0-9a-f]{32}$/);
  return digests;
}

/** Status and scimType of an error, such as "400 invalidValue"; and what is wrong with it otherwise. */
async function refusalOf(request: RawRequest): Promise<string> {
  return refusalIn(await timed(request));
}

function refusalIn(response: RawResponse): string {
  const { status, durationMs, text } = response;
  const { scimType } = z.object({ scimType: z.string().optional() }).parse(JSON.parse(text));
  const problem = durationMs < timeBoundMs() ? problemOfError(response) : `it took ${durationMs} ms twice`;
  return [status, scimType, problem].filter((part) => part !== undefined).join(" ");
}

const user = (more: string): string => `{"userName":"x${Math.random()}@acme.example",${more}}`;
const mebibyte = 1024 * 1024;

const list = (count: number, one: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => one(index)).join(",");
const member = (count: number): string => list(count, () => `{"value":"${target.userId}"}`);
const unknownMember = (count: number): string => list(count, () => `{"value":"${randomUUID()}"}`);
const operations = (count: number, one: (index: number) => string): string => `{"Operations":[${list(count, one)}]}`;

describe("a hostile body", () => {
  test.each([
    ["broken", '{"userName":"a@acme.example"'],
    ["broken", "{'userName':'a@acme.example'}"],
    ["with a comment", '{"userName":"a@acme.example"/**/}'],
    ["with a comma too many", '{"userName":"a@acme.example",}'],
    ["with garbage behind", '{"userName":"a@acme.example"}{}'],
    ["with NaN", user('"x":NaN')],
    ["deep", user(`"x":${"[".repeat(33)}${"]".repeat(33)}`)],
    ["very deep", "[".repeat(4 * mebibyte - 1)],
    ["with a key twice", user('"active":true,"active":false')],
    ["with a key twice inside", user('"name":{"givenName":"a","givenName":"b"}')],
    ["with an attribute in two spellings", user('"active":true,"ACTIVE":false')],
    ["with a key twice behind an escape", user('"active":true,"\\u0061ctive":false')],
    ["with a key twice in what is ignored", user('"urn:x:y":{"a":1,"a":2}')],
    ["with __proto__", user('"__proto__":{"active":false}')],
    ["with __proto__ inside", user('"name":{"__proto__":{"givenName":"x"}}')],
    ["with constructor.prototype", user('"constructor":{"prototype":{"x":1}}')],
    ["with NUL in a key", user('"a\\u0000":1')],
    ["with half a pair in a key", user('"\\udc00":1')],
    ["that is not an object", "[]"],
    ["that is not an object", "[[]]"],
    ["that is not an object", "null"],
    ["that is not an object", "1"],
    ["that is not an object", '"text"'],
    ["that is not an object", "true"],
    ["that is empty", ""],
  ])("%s is 400 invalidSyntax: %.60s", async (_what, body) => {
    for (const [method, path] of [
      ["POST", "/Users"],
      ["PUT", `/Users/${target.userId}`],
      ["PATCH", `/Groups/${target.groupId}`],
    ] as const)
      expect(await refusalOf(write(method, path, body))).toBe("400 invalidSyntax");
  });

  test.each([
    ["a byte that is none", [0xff]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a cut character", [0xe2, 0x82]],
  ])("that is no UTF-8 (%s) is 400 invalidSyntax", async (_what, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"userName":"a@acme.example","title":"'),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]);
    expect(await refusalOf(write("POST", "/Users", body))).toBe("400 invalidSyntax");
  });

  test.each(["\\u0000", "\\ud800", "x\\udfffy"])(
    "with %s where it would be stored is 400 invalidValue",
    async (text) => {
      for (const body of [
        `{"userName":"a${text}@acme.example"}`,
        user(`"displayName":"${text}"`),
        user(`"externalId":"${text}"`),
        user(`"name":{"familyName":"${text}"}`),
      ])
        expect(await refusalOf(write("POST", "/Users", body))).toBe("400 invalidValue");
    },
  );

  test("of more than 4 MiB is 413, plain or compressed, and decompression stops at the limit", async () => {
    expect(await refusalOf(write("POST", "/Users", user(`"title":"${"x".repeat(5 * mebibyte)}"`)))).toBe("413");
    const zeros = Buffer.alloc(96 * mebibyte);
    const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    const [zipped, brotli] = [gzipSync(zeros, { level: 1 }), brotliCompressSync(zeros, fast)];
    expect(await refusalOf(write("POST", "/Users", zipped, [["Content-Encoding", "gzip"]]))).toBe("413");
    expect(await refusalOf(write("POST", "/Users", brotli, [["Content-Encoding", "br"]]))).toBe("413");
  });

  test.each([
    ["wide object", `{${list(350_000, (index) => `"a${index}":1`)}}`],
    ["empty objects", `{"members":[${"{},".repeat(1_390_000)}{}]}`],
    ["bare members", `{"displayName":"M","members":[${'"a",'.repeat(1_000_000)}"a"]}`],
    [
      "unknown members",
      `{"displayName":"M","members":[${list(80_000, (index) => `{"value":"0198c0de-0000-7000-8000-${String(index).padStart(12, "0")}"}`)}]}`,
    ],
    ["backslashes", `{"displayName":"${"\\\\".repeat(2_000_000)}"}`],
    ["quotes", `{"displayName":"${'\\"'.repeat(2_000_000)}"}`],
    ["a number", `{"displayName":${"9".repeat(4_000_000)}}`],
    ["spaces", `{"displayName":${" ".repeat(4_000_000)}1}`],
    ["operations", `{"Operations":[${'{"op":"x"},'.repeat(300_000)}{}]}`],
    [
      "values",
      `{"Operations":[{"op":"remove","path":"members","value":[${'{"value":"a"},'.repeat(250_000)}{"value":1}]}]}`,
    ],
    [
      "names",
      `{"Operations":[${Array.from({ length: 170 }, (_, op) => `{"op":"add","value":{${Array.from({ length: 1900 }, (_, index) => `"a${op}_${index}":1`).join(",")}}}`).join(",")},{}]}`,
    ],
    [
      "brackets in names",
      `{"Operations":[{"op":"add","value":{${Array.from({ length: 480 }, (_, index) => `"${"(".repeat(8000)}${index}":1`).join(",")}}},{}]}`,
    ],
    [
      "paths",
      `{"Operations":[${Array.from({ length: 480 }, () => `{"op":"remove","path":"members[${'value eq \\"a\\" or '.repeat(199)}value pr]"}`).join(",")},{}]}`,
    ],
  ])("of four megabytes of %s is refused in time", async (_what, body) => {
    expect(body.length).toBeLessThan(4 * mebibyte);
    for (const [method, path] of [
      ["POST", "/Groups"],
      ["PATCH", `/Groups/${target.groupId}`],
    ] as const)
      expect(await refusalOf(write(method, path, body))).toMatch(/^400(?: \w+)?$/);
  });

  // These are valid, so they reach the database.
  test.each<[string, () => string]>([
    ["a thousand renames", () => operations(1000, (op) => `{"op":"replace","path":"displayName","value":"H${op}"}`)],
    [
      "filters of 199 terms",
      () =>
        operations(
          480,
          () => `{"op":"remove","path":"members[${'value eq \\"a\\" or '.repeat(198)}value eq \\"b\\"]"}`,
        ),
    ],
    [
      "filters of 199 terms that are no list of ids",
      () => operations(480, () => `{"op":"remove","path":"members[${'value sw \\"a\\" or '.repeat(198)}display pr]"}`),
    ],
    [
      "replaced values",
      () => operations(1000, (op) => `{"op":"replace","path":"members[value ne \\"${op}\\"]","value":{"display":"x"}}`),
    ],
    ["the same member, often", () => operations(1000, () => `{"op":"add","path":"members","value":[${member(80)}]}`)],
    [
      "removals of nobody",
      () => operations(1000, () => `{"op":"remove","path":"members","value":[${unknownMember(80)}]}`),
    ],
    [
      "additions of unknown members",
      () => operations(1000, () => `{"op":"add","path":"members","value":[${unknownMember(80)}]}`),
    ],
  ])("of a PATCH of a group with %s gets a response in time", async (_what, body) => {
    const text = body();
    expect(text.length).toBeLessThan(4 * mebibyte);
    const response = await timed(write("PATCH", `/Groups/${target.groupId}`, text));
    expect([200, 204, 400]).toContain(response.status);
    expect(response.durationMs).toBeLessThan(timeBoundMs());
  });

  test.each([
    "text/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
    "json",
  ])("of the type %j is 415", async (type) => {
    const headers = type === "" ? [] : ([["Content-Type", type]] as const);
    const body = new TextEncoder().encode('{"userName":"a@acme.example"}');
    expect(await refusalOf(withToken({ method: "POST", headers, body }))).toBe("415");
  });

  test.each(["utf-16", "utf-16le", "iso-8859-1", "utf-7", '"utf-32"'])("in the charset %s is 415", async (charset) => {
    const headers = [["Content-Type", `application/scim+json; charset=${charset}`]] as const;
    expect(await refusalOf(withToken({ method: "POST", headers, body: new TextEncoder().encode("{}") }))).toBe("415");
  });

  test("with a byte order mark, huge numbers or 32 levels is read", async () => {
    for (const more of ['"x":1e400,"y":123456789012345678901234567890', `"x":${"[".repeat(31)}${"]".repeat(31)}`])
      expect((await timed(write("POST", "/Users", user(more)))).status).toBe(201);
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(user('"x":1'))]);
    expect((await timed(write("POST", "/Users", marked))).status).toBe(201);
    expect(await refusalOf(write("POST", "/Users", Buffer.concat([marked.subarray(0, 3), marked])))).toBe(
      "400 invalidSyntax",
    );
  });
});

describe("a hostile query", () => {
  const terms = (count: number, word: string): string =>
    Array.from({ length: count }, (_, index) => `userName eq "${index}"`).join(` ${word} `);

  test.each([
    ["10,000 terms", encodeURIComponent(terms(10_000, "or")), 431],
    ["201 terms", encodeURIComponent(terms(201, "and")), 400],
    ["8 KiB of terms", "a+eq+1+or+".repeat(800), 400],
    ["10,000 brackets", "(".repeat(10_000), 400],
    ["31 brackets", `${"(".repeat(31)}userName+pr${")".repeat(31)}`, 400],
    ["10,000 nots", "not+(".repeat(10_000), 400],
    ["an open quote", "userName+eq+%22", 400],
    ["NUL", "userName+eq+%22%00%22", 400],
    ["half a pair", "userName+eq+%22%ED%A0%80%22", 400],
    ["an escaped half of a pair", "userName+eq+%22%5Cud800%22", 400],
  ])("a filter of %s is refused", async (_what, filter, status) => {
    for (const endpoint of ["Users", "Groups"])
      expect(await refusalOf(withToken({ path: `/scim_v2/${endpoint}?filter=${filter}` }))).toBe(
        status === 400 ? "400 invalidFilter" : `${status}`,
      );
  });

  test("a filter of 200 terms gets a response in time", async () => {
    const response = await timed(withToken({ path: `/scim_v2/Users?filter=${encodeURIComponent(terms(200, "or"))}` }));
    expect([response.status, response.durationMs < timeBoundMs()]).toEqual([200, true]);
  });

  test.each(["%", "%z", "%zz", "%ff", "%c0%af", "%ED%A0%80", "%e2%82"])("%s in it is 400", async (text) => {
    for (const [query, scimType] of [
      [`filter=userName+eq+%22${text}%22`, "invalidFilter"],
      [`startIndex=${text}`, "invalidValue"],
      [`unknown=${text}`, "invalidValue"],
      [`${text}=1`, "invalidValue"],
    ])
      expect(await refusalOf(withToken({ path: `/scim_v2/Users?${query}` }))).toBe(`400 ${scimType}`);
  });

  test.each(["count=1&count=1", "filter=active+eq+true&filter=active+eq+true", "c%6Funt=1&count=2", "x&x="])(
    "a parameter that is given twice is 400: %s",
    async (query) => {
      expect(await refusalOf(withToken({ path: `/scim_v2/Users?${query}` }))).toBe("400 invalidValue");
    },
  );

  test.each([
    "unknown=1",
    "__proto__=1",
    "constructor=1&toString=2",
    "aadOptscim062020",
    "&&&",
    "a=b=c?d",
    "filter=userName%20pr",
  ])("unknown parameters are ignored: %s", async (query) => {
    expect((await timed(withToken({ path: `/scim_v2/Users?${query}` }))).status).toBe(200);
  });

  test("+ is a space and %2B a plus", async () => {
    expect((await acme.post("/Users", { userName: "a+b@acme.example" })).status).toBe(201);
    const found = await timed(withToken({ path: "/scim_v2/Users?filter=userName+eq+%22a%2Bb@acme.example%22" }));
    expect(JSON.parse(found.text)).toMatchObject({ totalResults: 1 });
  });

  test.each(["x=1&".repeat(12_000), `x=${"a".repeat(50_000)}`, "%41=1&"])(
    "a long one is read in time: %.20s",
    async (query) => {
      const response = await timed(withToken({ path: `/scim_v2/Users?${query}` }));
      expect(response.durationMs).toBeLessThan(timeBoundMs());
      expect([200, 400]).toContain(response.status);
    },
  );
});

// Unusual text is data: stored and compared literally, never read as a pattern or as SQL.
describe("metacharacters of LIKE and SQL", () => {
  const names = [
    "100%",
    "_",
    "%_%",
    "a\\b",
    "\\",
    "'",
    "''; drop table member; --",
    '"quoted"',
    "$1",
    "${x}",
    "*",
    ".*",
    "👩‍👩‍👧",
  ];

  test.each(names)("%s is a name like any other", async (displayName) => {
    const made = await acme.post("/Users", { userName: `m${Math.random()}@acme.example`, displayName });
    expect([made.status, made.body["displayName"]]).toEqual([201, displayName]);
    for (const operator of ["eq", "co", "sw", "ew"]) {
      const filter = `id eq "${idOf(made)}" and displayName ${operator} ${JSON.stringify(displayName)}`;
      expect(resourcesOf(await find("/Users", filter)), filter).toHaveLength(1);
    }
    const group = await acme.post("/Groups", { displayName: `G ${displayName}` });
    expect([group.status, group.body["displayName"]]).toEqual([201, `G ${displayName}`]);
  });

  test.each(["%", "_", "P_m", "P%", "\\", ".*", "' or '1'='1"])("%s in a filter is literal", async (text) => {
    await acme.patch(`/Users/${target.userId}`, { Operations: [replace("displayName", "Pam Plain")] });
    for (const operator of ["eq", "co", "sw", "ew"]) {
      const filter = `id eq "${target.userId}" and displayName ${operator} ${JSON.stringify(text)}`;
      expect(resourcesOf(await find("/Users", filter)), filter).toEqual([]);
    }
  });
});

describe("a hostile address", () => {
  test.each([
    "/scim_v2/Users/%2e%2e%2fGroups",
    "/scim_v2/Users/..%2f..%2fetc%2fpasswd",
    "/scim_v2/%2e%2e/Users",
    "/scim_v2/Users/%00",
    "/scim_v2/Users%2F1",
    "/scim_v2/Users/%252e%252e",
    "/scim_v2/Users/;x",
    "/scim_v2/Users;x=1",
    `/scim_v2/Users/${"a".repeat(30_000)}`,
    "/scim_v2//Nothing",
    "/scim_v2/USERS",
    "/scim_v2/users",
    "/scim_v2/Users/x",
    "/scim_v2/Users/x/y",
    "/scim_v2/Groups/x",
    "/scim_v2/Users/__proto__",
    "/scim_v2/Schemas/constructor",
    "/scim_v2/ResourceTypes/__proto__",
    "/../scim_v2/Users",
    "/",
    "//",
    "/%",
  ])("%.60s is 404", async (path) => {
    const response = await timed(withToken({ path }));
    expect(refusalIn(response)).toBe("404");
    expect(response.text.length).toBeLessThan(1000);
  });

  test.each(["%", "%zz", "%ff", "%c0%ae", "%E0%A4%A", "%ed%a0%80"])("%s in it is 400", async (text) => {
    expect(await refusalOf(withToken({ path: `/scim_v2/Users/${text}` }))).toBe("400 invalidPath");
  });

  test("with a slash at its end it is the same", async () => {
    for (const path of ["/scim_v2/Users/", `/scim_v2/Users/${target.userId}/`, "/scim/v2/Users/"])
      expect((await timed(withToken({ path }))).status).toBe(200);
  });
});

describe("a hostile method or header", () => {
  test.each(["TRACE", "OPTIONS", "PROPFIND", "LOCK", "PUT", "PATCH", "DELETE", "QUERY"])(
    "%s on a list is 405",
    async (method) => {
      const response = await timed(withToken({ method }));
      expect(refusalIn(response)).toBe("405");
      expect(response.headers.get("allow")).toBe("GET, POST");
    },
  );

  test.each(["FOO", "get", "G@T"])("%s, which HTTP does not know, is 400", async (method) => {
    expect(await refusalOf(withToken({ method }))).toMatch(/^400(?: \w+)?$/);
  });

  test("CONNECT is 405 and an asterisk 404", async () => {
    expect(await refusalOf(withToken({ method: "CONNECT", path: "evil.example:443" }))).toBe("405");
    expect(await refusalOf(withToken({ method: "OPTIONS", path: "*" }))).toBe("404");
  });

  test("HEAD is GET without its body, of what is there and of what is not", async () => {
    for (const path of ["/scim_v2/Users?count=1", `/scim_v2/Users/${target.userId}`, "/scim_v2/Schemas"]) {
      const [head, get] = [await timed(withToken({ method: "HEAD", path })), await timed(withToken({ path }))];
      expect([head.status, head.text, head.headers.get("content-length")]).toEqual([
        200,
        "",
        get.headers.get("content-length"),
      ]);
    }
    const missing = await timed(withToken({ method: "HEAD", path: "/scim_v2/Users/x" }));
    expect([missing.status, problemOfError(missing, true)]).toEqual([404, undefined]);
  });

  // RFC 9110 section 12.5.1 lets a server disregard Accept; every provider reads application/scim+json.
  test.each([
    "text/xml",
    "application/json",
    "*/*;q=0",
    "",
    ",;=",
    "image/*, application/scim+json;q=0",
    "x".repeat(9000),
  ])("Accept: %.30s gets SCIM JSON", async (accept) => {
    const response = await timed(withToken({ headers: [["Accept", accept]] }));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/scim+json"]);
  });

  test.each([
    "x".repeat(50_000),
    "Bearer ",
    "Bearer rcl_",
    `Bearer ${" ".repeat(20_000)}x`,
    "Basic Og==",
    "\xff\xfe",
    "rcl_%00",
  ])("Authorization: %.20s is 401", async (authorization) => {
    const response = await timed({
      method: "GET",
      path: "/scim_v2/Users",
      headers: [["Authorization", authorization]],
    });
    expect(refusalIn(response)).toBe("401");
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
  });

  test("headers of more than 64 KiB are 431", async () => {
    expect(await refusalOf(withToken({ headers: [["X-Long", "a".repeat(70_000)]] }))).toBe("431");
  });
});

describe("hostile HTTP", () => {
  const head = (request: string, ...lines: readonly string[]): string =>
    [request, "Host: a", `Authorization: ${scim.token}`, ...lines].join("\r\n");
  const small = (): string => user('"active":true');

  async function errorsOf(bytes: string): Promise<readonly RawResponse[]> {
    const responses = await sendBytes(port, bytes);
    for (const response of responses) if (response.status >= 400) expect(problemOfError(response)).toBeUndefined();
    return responses;
  }

  test.each([
    ["no Host", `GET /scim_v2/Users HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ["two Hosts", `GET /scim_v2/Users HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`],
    [
      "a length and chunks",
      "POST /scim_v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["two lengths", "POST /scim_v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"],
    ["a length below 0", "POST /scim_v2/Users HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"],
    [
      "an unknown transfer encoding",
      "POST /scim_v2/Users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
    [
      "chunks that are not last",
      "POST /scim_v2/Users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    ],
    ["a space before the colon", "GET /scim_v2/Users HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"],
    ["a folded header", "GET /scim_v2/Users HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\nConnection: close\r\n\r\n"],
    ["NUL in a header", "GET /scim_v2/Users HTTP/1.1\r\nHost: a\r\nX: b\0\r\n\r\n"],
    ["another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"],
  ])("%s is 400", async (_what, bytes) => {
    const responses = await errorsOf(bytes);
    expect(responses.map(({ status }) => status)).toEqual([400]);
  });

  test("chunks that are broken are 400 and have no effect", async () => {
    const responses = await errorsOf(
      `${head("POST /scim_v2/Users HTTP/1.1", json.join(": "), "Transfer-Encoding: chunked")}\r\n\r\n5\r\n{"use\r\nzz\r\n`,
    );
    expect(responses.map(({ status }) => status)).toEqual([400]);
  });

  test("a body in chunks is read", async () => {
    const body = small();
    const responses = await errorsOf(
      `${head("POST /scim_v2/Users HTTP/1.1", json.join(": "), "Transfer-Encoding: chunked", "Connection: close")}\r\n\r\n${body.length.toString(16)};ext=1\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(responses.map(({ status }) => status)).toEqual([201]);
  });

  // The client must not take the 400 for the rest for the response to the completed request.
  test("bytes beyond the announced length: the request gets its response first, then the rest is 400", async () => {
    const body = small();
    const responses = await errorsOf(
      `${head("POST /scim_v2/Users HTTP/1.1", json.join(": "), `Content-Length: ${body.length}`)}\r\n\r\n${body}{"more":1}`,
    );
    expect(responses.map(({ status }) => status)).toEqual([201, 400]);
  });

  test("what is cut short by its length is 400", async () => {
    const body = small();
    const responses = await errorsOf(
      `${head("POST /scim_v2/Users HTTP/1.1", json.join(": "), `Content-Length: ${body.length - 1}`)}\r\n\r\n${body}`,
    );
    expect(responses.map(({ status }) => status)).toEqual([400, 400]);
  });

  // Node hands the connection over without an error listener: an unhandled error would end the process.
  test("a CONNECT whose client disconnects at once does not end the process", async () => {
    for (let times = 0; times < 20; times++) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => {
          socket.write("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n");
          socket.resetAndDestroy();
        });
        socket.on("close", () => resolve());
      });
    }
    expect((await timed(withToken({}))).status).toBe(200);
  });

  test("a large body without a token is not read, and is 401", async () => {
    const body = new TextEncoder().encode("[".repeat(3 * mebibyte));
    for (const token of ["", "rcl_x"]) {
      const request = {
        method: "POST",
        path: "/scim_v2/Users",
        headers: [json, ["Authorization", token] as const],
        body,
      };
      expect(await refusalOf(request)).toBe("401");
    }
    expect(await refusalOf(write("POST", "/Users", body))).toBe("400 invalidSyntax");
  });

  test("Expect: 100-continue is met, any other expectation is 417", async () => {
    const body = small();
    const lines = [json.join(": "), `Content-Length: ${body.length}`, "Connection: close"];
    const met = await errorsOf(
      `${head("POST /scim_v2/Users HTTP/1.1", ...lines, "Expect: 100-continue")}\r\n\r\n${body}`,
    );
    expect(met.map(({ status }) => status)).toEqual([201]);
    const unmet = await errorsOf(`${head("POST /scim_v2/Users HTTP/1.1", ...lines, "Expect: tea")}\r\n\r\n${body}`);
    expect(unmet.map(({ status }) => status)).toEqual([417]);
  });
});
