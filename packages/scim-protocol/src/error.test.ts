import { expect, test } from "vitest";
import { badRequest, errorBody, quote } from "./error.ts";

// Okta's suite reads `status` as a string.
test("an error is printed with its status as a string and its scimType only where there is one", () => {
  expect(errorBody({ status: 404, detail: "There is no such user." })).toStrictEqual({
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "404",
    detail: "There is no such user.",
  });
  expect(errorBody(badRequest("invalidPath", "x"))).toMatchObject({ status: "400", scimType: "invalidPath" });
});

test("what a client sent is quoted short and without what a database refuses", () => {
  expect(quote('a"b')).toBe('"a"b"');
  expect(quote("a\u0000\ud800\nb")).toBe('"a\uFFFD\uFFFD\uFFFDb"');
  expect(quote("😀".repeat(5000))).toBe(`"${"😀".repeat(100)}…"`);
});
