import { expect, test } from "vitest";
import { parseSearchRequest } from "./search-request.ts";
import { SEARCH_REQUEST } from "./schema/schema-uris.ts";

const schemas = [SEARCH_REQUEST];

// RFC 7644 section 3.4.3: the body says what the URL would say.
test.each([
  [{ schemas }, {}],
  [
    { schemas, attributes: ["displayName", "userName"], filter: 'displayName sw "smith"', startIndex: 1, count: 10 },
    { attributes: "displayName,userName", filter: 'displayName sw "smith"', startIndex: "1", count: "10" },
  ],
  [
    {
      SCHEMAS: [SEARCH_REQUEST.toUpperCase()],
      SortBy: "userName",
      SORTORDER: "descending",
      excludedattributes: ["emails"],
    },
    { sortBy: "userName", sortOrder: "descending", excludedAttributes: "emails" },
  ],
  [
    { schemas, cursor: "", count: 0 },
    { cursor: "", count: "0" },
  ],
  [{ schemas, filter: null, count: null, attributes: null, unknown: { a: 1 } }, {}],
])("%j", (body, expected) => expect(parseSearchRequest(body)).toEqual({ ok: true, value: expected }));

test.each<[unknown, string]>([
  [undefined, "invalidSyntax"],
  [null, "invalidSyntax"],
  [[], "invalidSyntax"],
  ["x", "invalidSyntax"],
  [{}, "invalidSyntax"],
  [{ schemas: SEARCH_REQUEST }, "invalidSyntax"],
  [{ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] }, "invalidSyntax"],
  [{ schemas, filter: 7 }, "invalidValue"],
  [{ schemas, filter: ["a"] }, "invalidValue"],
  [{ schemas, startIndex: "1" }, "invalidValue"],
  [{ schemas, count: 1.5 }, "invalidValue"],
  [{ schemas, count: true }, "invalidValue"],
  [{ schemas, attributes: "userName" }, "invalidValue"],
  [{ schemas, attributes: ["userName", 7] }, "invalidValue"],
  [{ schemas, excludedAttributes: {} }, "invalidValue"],
  [{ schemas, sortBy: {} }, "invalidValue"],
  [{ schemas, cursor: 1 }, "invalidValue"],
])("%j is 400 %s", (body, scimType) =>
  expect(parseSearchRequest(body)).toMatchObject({ ok: false, error: { status: 400, scimType } }),
);
