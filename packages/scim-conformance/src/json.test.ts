import { expect, test } from "vitest";
import { at, isSame, shown } from "./json.ts";

const group = { meta: { location: "x" }, members: [{ value: "a" }, { value: "b" }] };

test.each([
  ["meta.location", "x"],
  ["members.1.value", "b"],
  ["members.2.value", undefined],
  ["meta.location.length", undefined],
  ["constructor", undefined],
  ["__proto__.constructor", undefined],
])("at %s there is %j", (path, expected) => expect(at(group, path)).toBe(expected));

test.each([
  [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, true],
  [[1, 2], [2, 1], false],
  [{ a: 1 }, { a: "1" }, false],
  [{ a: undefined }, {}, true],
  [undefined, undefined, true],
  [undefined, null, false],
])("%j and %j are the same: %s", (left, right, expected) => expect(isSame(left, right)).toBe(expected));

// Guards a line a check: a response of megabytes is not printed whole.
test("a long value is cut", () => expect(shown("x".repeat(10_000)).length).toBeLessThan(400));
