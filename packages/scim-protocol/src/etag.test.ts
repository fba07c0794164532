import { describe, expect, test } from "vitest";
import { judgePreconditions, parsePreconditions, weakTag } from "./etag.ts";

const version = weakTag("a-1");

/** What a request with these headers comes to, for a resource in `version`. */
function judged(method: string, headers: { ifMatch?: string; ifNoneMatch?: string }): string {
  const parsed = parsePreconditions({ method, ifMatch: headers.ifMatch, ifNoneMatch: headers.ifNoneMatch });
  if (!parsed.ok) return `${parsed.error.status} ${parsed.error.scimType ?? ""}`;
  const result = judgePreconditions(parsed.value, version);
  return result.ok ? result.value : String(result.error.status);
}

// RFC 9110 sections 13.1.1 and 13.1.2, with the weak comparison of section 8.8.3.2 for both.
describe("a list of entity-tags", () => {
  test.each([
    ['W/"a-1"', true],
    ['"a-1"', true],
    ["*", true],
    [" * ", true],
    ['W/"b", W/"a-1"', true],
    ['W/"b",W/"a-1",', true],
    [', ,\t"a-1" ,', true],
    ['"x,y", "a-1"', true],
    ['W/"b"', false],
    ['W/"a"', false],
    ['W/"A-1"', false],
    ['W/"a-1 "', undefined],
    ['""', false],
    ["", false],
    [" , ", false],
    ['"x,W/y"', false],
    ["a-1", undefined],
    ["W/a-1", undefined],
    ['w/"a-1"', undefined],
    ['W/ "a-1"', undefined],
    ['"a-1', undefined],
    ['"a-1" "b"', undefined],
    ['*, "a-1"', undefined],
    ['"a-1", *', undefined],
    ['"a"b"', undefined],
    ['"\u0000"', undefined],
  ])("%j names the version: %s", (header, isListed) => {
    const malformed = "400 invalidSyntax";
    expect(judged("PUT", { ifMatch: header })).toBe(isListed === undefined ? malformed : isListed ? "proceed" : "412");
    expect(judged("PUT", { ifNoneMatch: header })).toBe(
      isListed === undefined ? malformed : isListed ? "412" : "proceed",
    );
    // A read whose If-None-Match nobody can read is answered whole.
    for (const method of ["GET", "HEAD"])
      expect(judged(method, { ifNoneMatch: header })).toBe(isListed === true ? "notModified" : "proceed");
  });

  test("a long header is read in little time", () => {
    const started = Date.now();
    expect(judged("PUT", { ifMatch: 'W/"b", '.repeat(20_000) })).toBe("412");
    expect(judged("PUT", { ifMatch: `${" ".repeat(100_000)}x` })).toBe("400 invalidSyntax");
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

// RFC 9110 section 13.2.2: If-Match first, then If-None-Match.
test.each([
  ["GET", { ifMatch: '"b"', ifNoneMatch: version }, "412"],
  ["GET", { ifMatch: version, ifNoneMatch: version }, "notModified"],
  ["PUT", { ifMatch: version, ifNoneMatch: version }, "412"],
  ["PUT", { ifMatch: version, ifNoneMatch: '"b"' }, "proceed"],
  ["PUT", {}, "proceed"],
])("%s with both headers %j: %s", (method, headers, expected) => expect(judged(method, headers)).toBe(expected));
