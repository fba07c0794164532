import { expect, test } from "vitest";
import { parsePaging } from "./paging.ts";
import { listResponse } from "./list-response.ts";

// Okta's import steps by 100: a shorter page loses people.
test.each([
  [{}, { kind: "index", startIndex: 1, count: 100, offset: 0 }],
  [
    { startIndex: "101", count: "100" },
    { kind: "index", startIndex: 101, count: 100, offset: 100 },
  ],
  [{ startIndex: "0" }, { kind: "index", startIndex: 1, count: 100, offset: 0 }],
  [
    { startIndex: "-7", count: "2" },
    { kind: "index", startIndex: 1, count: 2, offset: 0 },
  ],
  [{ count: "0" }, { kind: "index", startIndex: 1, count: 0, offset: 0 }],
  [{ count: "-1" }, { kind: "index", startIndex: 1, count: 0, offset: 0 }],
  [{ count: "1000" }, { kind: "index", startIndex: 1, count: 1000, offset: 0 }],
  [{ count: "1001" }, { kind: "index", startIndex: 1, count: 1000, offset: 0 }],
  [
    { count: undefined, startIndex: "3" },
    { kind: "index", startIndex: 3, count: 100, offset: 2 },
  ],
])("%j means %j", (query, expected) => expect(parsePaging(query)).toEqual({ ok: true, value: expected }));

test.each([
  [{ startIndex: "abc" }, "startIndex"],
  [{ startIndex: "" }, "startIndex"],
  [{ startIndex: "1.5" }, "startIndex"],
  [{ startIndex: "0x10" }, "startIndex"],
  [{ startIndex: "9007199254740993" }, "startIndex"],
  [{ count: "1e3" }, "count"],
  [{ count: "99999999999999999999" }, "count"],
])("%j is refused by name", (query, name) => {
  expect(parsePaging(query)).toMatchObject({
    ok: false,
    error: { status: 400, scimType: "invalidValue", detail: expect.stringContaining(name) },
  });
});

// RFC 9865 section 2.
test.each([
  [{ cursor: "" }, { kind: "cursor", cursor: "", count: 100 }],
  [
    { cursor: "abc", count: "7" },
    { kind: "cursor", cursor: "abc", count: 7 },
  ],
  [
    { cursor: "", count: "1000" },
    { kind: "cursor", cursor: "", count: 1000 },
  ],
  [
    { cursor: "", count: "0" },
    { kind: "cursor", cursor: "", count: 0 },
  ],
  [
    { cursor: "abc", count: "-1" },
    { kind: "cursor", cursor: "abc", count: 0 },
  ],
])("%j pages by cursor", (query, expected) => expect(parsePaging(query)).toEqual({ ok: true, value: expected }));

test.each([
  [{ cursor: "", count: "1001" }, "invalidCount"],
  [{ cursor: "x", count: "ten" }, "invalidCount"],
  [{ cursor: "x", count: "" }, "invalidCount"],
  [{ cursor: "", startIndex: "1" }, "invalidValue"],
  [{ cursor: "x", startIndex: "1", count: "0" }, "invalidValue"],
])("%j is 400 %s", (query, scimType) => {
  expect(parsePaging(query)).toMatchObject({ ok: false, error: { status: 400, scimType } });
});

test("a page by cursor says where the next one starts and not where it starts itself", () => {
  expect(listResponse([{ id: "a" }], { totalResults: 7, nextCursor: "abc" })).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 7,
    itemsPerPage: 1,
    nextCursor: "abc",
    Resources: [{ id: "a" }],
  });
  expect(Object.keys(listResponse([], { totalResults: 0 }))).not.toContain("nextCursor");
});

test("an empty list still has every member that Okta reads, numbers as numbers", () => {
  expect(listResponse([], { totalResults: 0, startIndex: 1 })).toEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });
  expect(listResponse([{ id: "a" }], { totalResults: 7, startIndex: 3 })).toMatchObject({
    itemsPerPage: 1,
    totalResults: 7,
  });
});
