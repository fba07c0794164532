import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, "..", path), "utf8");
const firstOf = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);

// The page lists every refusal exactly once.
test("docs/status-codes.md has one row for each kind of RuleError", () => {
  const kinds = firstOf(read("packages/domain/src/rule-error.ts"), /readonly kind: "(\w+)"/g);
  const rows = firstOf(read("docs/status-codes.md"), /^\| `(\w+)` +\|/gm);
  expect(kinds.length).toBeGreaterThan(50);
  expect(rows.toSorted()).toEqual(kinds.toSorted());
});
