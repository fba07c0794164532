import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isLarge, printInSlices } from "./large-json.ts";

const print = async (body: object): Promise<string> => Buffer.concat([...(await printInSlices(body))]).toString("utf8");

// The client must not see a difference between JSON written at once and in slices.
test("a body in slices is what JSON.stringify prints", async () => {
  const list = fc.oneof(
    fc.array(fc.jsonValue(), { maxLength: 20 }),
    fc
      .tuple(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(499, 500, 501, 1200))
      .map(([value, length]) => Array.from({ length }, () => value)),
  );
  const body = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), list, fc.array(fc.record({ members: list }))));
  await fc.assert(
    fc.asyncProperty(body, async (one) => {
      expect(await print(one)).toBe(JSON.stringify(one));
    }),
    { numRuns: 300 },
  );
  expect(await print({ a: undefined, b: [{ c: undefined }] })).toBe('{"b":[{}]}');
});

test("a group of 2,001 members is large, and so are many groups of a few; a page of people is not", () => {
  const members = (length: number): readonly object[] => Array.from({ length }, () => ({ value: "x", type: "User" }));
  expect(isLarge({ id: "1", members: members(2001) })).toBe(true);
  expect(isLarge({ Resources: Array.from({ length: 100 }, () => ({ members: members(30) })) })).toBe(true);
  expect(isLarge({ Resources: Array.from({ length: 100 }, () => ({ emails: members(1) })) })).toBe(false);
});
