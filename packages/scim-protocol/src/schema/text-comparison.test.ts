import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareText, foldText, problemOfText } from "./text-comparison.ts";

test.each([
  ["Pam@DM.Example", "pam@dm.example"],
  ["PA\u0301M", "p\u00e1m"],
  ["ÅSA", "a\u030asa".normalize("NFC")],
  ["山田", "山田"],
])("%s folds to %s", (text, expected) => expect(foldText(text)).toBe(expected));

test("folding a folded text changes nothing, so a stored key can be folded again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
      expect(foldText(foldText(text))).toBe(foldText(text));
    }),
  );
});

// PostgreSQL's COLLATE "C" orders UTF-8 bytes, that is code points and not UTF-16 units.
test("texts are ordered by code points", () => {
  expect(Math.sign(compareText("\u{1F600}", "\uFF5E"))).toBe(1);
  expect(Math.sign(compareText("a", "ab"))).toBe(-1);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
      expect(Math.sign(compareText(left, right))).toBe(Math.sign(compareCodePoints(left, right)));
      expect(compareText(left, left)).toBe(0);
    }),
  );
});

test.each([
  ["fine 😀", undefined],
  ["a\u0000b", "a NUL character"],
  ["\ud83d", "half of a surrogate pair"],
  ["\ude00\ud83d", "half of a surrogate pair"],
])("%j has the problem %s", (text, problem) => expect(problemOfText(text)).toBe(problem));

function compareCodePoints(left: string, right: string): number {
  const [leftPoints, rightPoints] = [left, right].map((text) =>
    Array.from(text, (character) => character.codePointAt(0) ?? 0),
  );
  const index = leftPoints?.findIndex((point, at) => point !== rightPoints?.[at]) ?? -1;
  if (index === -1) return left.length - right.length;
  return (leftPoints?.[index] ?? 0) - (rightPoints?.[index] ?? -1);
}
