import { Readable } from "node:stream";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isLarge, jsonPieces, sentPart, StreamedList } from "./json-stream.ts";

const print = async (body: object): Promise<string> => (await Readable.from(jsonPieces(body)).toArray()).join("");

// The client must not see a difference between JSON written at once and in slices.
test("a body in pieces is what JSON.stringify prints", async () => {
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

test("a streamed list is printed like a list, read page by page, and kept for the log in part", async () => {
  const pages = [[{ value: "b" }], [], [{ value: "c" }, { value: "d" }]];
  const read: number[] = [];
  const rest = (async function* () {
    for (const [index, page] of pages.entries()) {
      read.push(index);
      yield page;
    }
  })();
  const group = { id: "1", members: new StreamedList([{ value: "a" }], rest) };
  const body = { totalResults: 1, Resources: [group] };
  expect(isLarge(body)).toBe(true);
  const pieces = jsonPieces(body);
  while ((await pieces.next()).value !== '{"value":"a"}') expect(read).toEqual([]);
  const left = (await Readable.from(pieces).toArray()).join("");
  expect(left).toBe(',{"value":"b"},{"value":"c"},{"value":"d"}]}]}');
  const members = [{ value: "a" }];
  members.length = 4;
  expect(sentPart(body)).toEqual({ totalResults: 1, Resources: [{ id: "1", members }] });
});
