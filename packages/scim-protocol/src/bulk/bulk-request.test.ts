import { describe, expect, test } from "vitest";
import { bulkOperationsMax, parseBulkRequest } from "./bulk-request.ts";
import type { Result } from "../result.ts";
import { BULK_REQUEST, PATCH_OP } from "../schema/schema-uris.ts";

const create = { method: "POST", path: "/Users", bulkId: "q", data: { userName: "a@acme.example" } };

function parsed(body: unknown) {
  const request = parseBulkRequest(body);
  if (!request.ok) throw new Error(request.error.detail);
  return request.value;
}

/** What becomes of one operation beside a good one: its method, target and version, or its error. */
function single(operation: unknown): unknown {
  const [, read] = parsed({ Operations: [{ ...create, bulkId: "other" }, operation] }).operations;
  if (read === undefined || !read.work.ok) return errorOf(read?.work);
  const { method, target, version, data, references } = read.work.value;
  return { method, type: target.resourceType.name, id: target.id, version, data, references: [...references] };
}

function errorOf(work: Result<unknown, object> | undefined): object | undefined {
  return work?.ok === false ? work.error : undefined;
}

const error = (status: number, scimType?: string) =>
  expect.objectContaining({ status, ...(scimType === undefined ? {} : { scimType }), detail: expect.any(String) });

// RFC 7644 section 3.7: an envelope that is wrong is one error, and nothing of it is done.
describe("the envelope", () => {
  test.each<[string, unknown, unknown]>([
    ["no object", [create], error(400, "invalidSyntax")],
    ["nothing", undefined, error(400, "invalidSyntax")],
    ["another schema", { schemas: ["urn:x:y"], Operations: [create] }, error(400, "invalidSyntax")],
    ["no operations", { schemas: [BULK_REQUEST] }, error(400, "invalidSyntax")],
    ["an empty list", { Operations: [] }, error(400, "invalidSyntax")],
    ["no list", { Operations: create }, error(400, "invalidSyntax")],
    ["failOnErrors -1", { failOnErrors: -1, Operations: [create] }, error(400, "invalidValue")],
    ["failOnErrors 1.5", { failOnErrors: 1.5, Operations: [create] }, error(400, "invalidValue")],
    ["failOnErrors as text", { failOnErrors: "1", Operations: [create] }, error(400, "invalidValue")],
    ["too many", { Operations: Array.from({ length: bulkOperationsMax + 1 }, () => create) }, error(413)],
  ])("%s", (_name, body, expected) => {
    const request = parseBulkRequest(body);
    expect(request.ok ? request.value : request.error).toEqual(expected);
  });

  test("names count in any letter case, and failOnErrors may be left out", () => {
    const [one, two] = [
      { SCHEMAS: [BULK_REQUEST.toUpperCase()], operations: [create], FAILONERRORS: 2 },
      { Operations: [create] },
    ];
    expect(parsed(one)).toMatchObject({ failOnErrors: 2, operations: [{ bulkId: "q", work: { ok: true } }] });
    expect(parsed(two).failOnErrors).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([0, null, undefined])("failOnErrors %s sets no limit", (failOnErrors) =>
    expect(parsed({ failOnErrors, Operations: [create] }).failOnErrors).toBe(Number.POSITIVE_INFINITY),
  );

  test("too many operations name the limit, as section 3.7.4 asks for", () => {
    const request = parseBulkRequest({ Operations: Array.from({ length: 1001 }, () => create) });
    expect(errorOf(request)).toMatchObject({ detail: expect.stringContaining("maxOperations (1000)") });
  });
});

describe("one operation", () => {
  const data = { displayName: "T" };
  test.each<[string, unknown, unknown]>([
    [
      "names and method in any case",
      { METHOD: "post", Path: "/Groups", BULKID: "g", Data: data },
      { method: "POST", type: "Group", id: "", data },
    ],
    [
      "the operations of a PATCH alone, as in the example of section 3.7.3",
      { method: "PATCH", path: "/Users/7", data: [{ op: "remove", path: 'members[value eq "bulkId:other"]' }] },
      {
        data: { schemas: [PATCH_OP], Operations: [{ op: "remove", path: 'members[value eq "bulkId:other"]' }] },
        references: ["other"],
      },
    ],
    ["a PUT of a list", { method: "PUT", path: "/Users/7", data: [data] }, { data: [data] }],
    ["a relative path without its slash", { method: "PUT", path: "Groups/7/", data }, { id: "7" }],
    ["an encoded id", { method: "DELETE", path: "/Users/a%2Fb%20c" }, { id: "a/b c" }],
    ["a version", { method: "PUT", path: "/Users/7", data, version: 'W/"1"' }, { version: 'W/"1"' }],
    ["a version of what is not there yet", { ...create, version: 'W/"1"' }, { version: undefined }],
    [
      "null for nothing",
      { method: "DELETE", path: "/Users/7", data: null, bulkId: null, version: null },
      { data: undefined },
    ],
    [
      "a DELETE with data",
      { method: "DELETE", path: "/Users/7", data: { value: "bulkId:zzz" } },
      { data: undefined, references: [] },
    ],
    [
      "a reference in the path",
      { method: "PATCH", path: "/Users/bulkId:other", data: {} },
      { id: "bulkId:other", references: ["other"] },
    ],
    [
      "an encoded reference in the path",
      { method: "DELETE", path: "/Users/bulkId%3Aother" },
      { references: ["other"] },
    ],
  ])("%s", (_name, operation, expected) => expect(single(operation)).toMatchObject(Object(expected)));

  test.each<[string, unknown, unknown]>([
    ["no object", "DELETE /Users/7", error(400, "invalidSyntax")],
    ["null", null, error(400, "invalidSyntax")],
    ["no method", { path: "/Users/7" }, error(400, "invalidSyntax")],
    ["GET", { method: "GET", path: "/Users/7" }, error(400, "invalidSyntax")],
    ["a method that every object has", { method: "constructor", path: "/Users/7" }, error(400, "invalidSyntax")],
    ["no path", { method: "DELETE" }, error(400, "invalidSyntax")],
    ["no bulkId", { ...create, bulkId: undefined }, error(400, "invalidValue")],
    ["an empty bulkId", { ...create, bulkId: "" }, error(400, "invalidValue")],
    ["a bulkId that is a number", { ...create, bulkId: 7 }, error(400, "invalidValue")],
    ["a version that is a number", { method: "DELETE", path: "/Users/7", version: 7 }, error(400, "invalidValue")],
    ["no data", { ...create, data: undefined }, error(400, "invalidValue")],
    ["null as data", { method: "PUT", path: "/Users/7", data: null }, error(400, "invalidValue")],
    ["POST to an id", { ...create, path: "/Users/7" }, error(400, "invalidPath")],
    ["PUT to a collection", { ...create, method: "PUT" }, error(400, "invalidPath")],
    ["DELETE of a collection", { method: "DELETE", path: "/Groups/" }, error(400, "invalidPath")],
    ...[
      "/Me",
      "/Bulk",
      "/.search",
      "/Schemas",
      "/ServiceProviderConfig",
      "/users",
      "//evil.example/Users",
      "/Users/7/x",
      "",
      "/Users?attributes=id",
      "https://scim.example/scim_v2/Users",
      "/Users/%zz",
      "/Users/%ff",
      "/../Users",
      "/Users\n",
    ].map((path): [string, unknown, unknown] => [
      `the path ${JSON.stringify(path)}`,
      { ...create, path },
      error(400, "invalidPath"),
    ]),
    [
      "a reference that nobody can fill",
      { ...create, data: { userName: "bulkId:nobody" } },
      error(400, "invalidValue"),
    ],
    ["the same in the path", { method: "DELETE", path: "/Users/bulkId:nobody" }, error(400, "invalidValue")],
    ["a bulkId that is there twice", { ...create, bulkId: "other" }, error(400, "invalidValue")],
  ])("%s is its own error", (_name, operation, expected) => expect(single(operation)).toEqual(expected));

  test("a result can repeat what was readable of it", () => {
    const sent = [{ method: "Get", path: "/Users/7", bulkId: "b" }, { method: "x".repeat(21) }, 7];
    expect(parsed({ Operations: sent }).operations).toMatchObject([
      { method: "GET", bulkId: "b", target: { id: "7" } },
      { method: undefined, bulkId: undefined, target: undefined },
      { method: undefined, bulkId: undefined, target: undefined },
    ]);
  });
});

describe("operations together", () => {
  const group = (bulkId: string, ...members: string[]) => ({
    method: "POST",
    path: "/Groups",
    bulkId,
    data: { displayName: bulkId, members: members.map((member) => ({ value: `bulkId:${member}` })) },
  });

  test("a creation comes before an operation that refers to it, all else stays in order", () => {
    const deletion = { method: "DELETE", path: "/Users/7" };
    const { order, operations } = parsed({ Operations: [deletion, group("g", "q"), deletion, create] });
    expect(order).toEqual([0, 3, 1, 2]);
    expect(operations.every(({ work }) => work.ok)).toBe(true);
  });

  test("a circle is 409 for each in it, and for nobody else", () => {
    const { operations } = parsed({
      Operations: [group("a", "b"), group("b", "a"), group("c", "a"), group("d", "d"), create],
    });
    expect(operations.map(({ work }) => (work.ok ? "ok" : work.error.status))).toEqual([409, 409, "ok", 409, "ok"]);
  });

  test("bulkIds that are there twice are refused wherever they stand, as nobody knows which of them is meant", () => {
    const { operations } = parsed({
      Operations: [create, create, { method: "DELETE", path: "/Users/7", bulkId: "q" }],
    });
    expect(operations.map(({ work }) => errorOf(work))).toEqual(Array(3).fill(error(400, "invalidValue")));
  });

  test("names that every object has are bulkIds as any other", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const sent = names.flatMap((name) => [group(`${name}2`, name), { ...create, bulkId: name }]);
    const { order, operations } = parsed({ Operations: sent });
    expect(operations.every(({ work }) => work.ok)).toBe(true);
    expect(order).toEqual([1, 0, 3, 2, 5, 4, 7, 6]);
  });
});
