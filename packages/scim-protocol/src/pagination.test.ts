import { expect, test } from "vitest";
import { parsePaging } from "./pagination.ts";
import { listResponse } from "./query-resources.ts";

// Guards Okta's import, which steps by 100: a page that is shorter than asked for loses people.
test.each([
  [{}, { startIndex: 1, count: 100, offset: 0 }],
  [
    { startIndex: "101", count: "100" },
    { startIndex: 101, count: 100, offset: 100 },
  ],
  [{ startIndex: "0" }, { startIndex: 1, count: 100, offset: 0 }],
  [
    { startIndex: "-7", count: "2" },
    { startIndex: 1, count: 2, offset: 0 },
  ],
  [{ count: "0" }, { startIndex: 1, count: 0, offset: 0 }],
  [{ count: "-1" }, { startIndex: 1, count: 0, offset: 0 }],
  [{ count: "1000" }, { startIndex: 1, count: 1000, offset: 0 }],
  [{ count: "1001" }, { startIndex: 1, count: 1000, offset: 0 }],
  [
    { count: undefined, startIndex: "3" },
    { startIndex: 3, count: 100, offset: 2 },
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
