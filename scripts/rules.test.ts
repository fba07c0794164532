import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { missingRules, readRules } from "./rules.ts";

const folder = mkdtempSync(join(tmpdir(), "rollcall-rules-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(...tests: readonly (readonly [fullName: string, status: string])[]): string {
  const file = join(folder, "report.json");
  const assertionResults = tests.map(([fullName, status]) => ({ fullName, status }));
  writeFileSync(file, JSON.stringify({ testResults: [{ assertionResults }] }));
  return file;
}

// A rule counts only if the name of a passing test contains its whole number.
test("a rule is named by passing tests alone, and by its whole number", () => {
  const file = report(["locks AR-63 AR-64 hold", "passed"], ["AR-65 holds", "failed"], ["AR-661 and XAR-67", "passed"]);
  const rules = readRules(file);
  expect(rules.size).toBe(80);
  expect(rules.get("AR-63")).toEqual(["locks AR-63 AR-64 hold"]);
  expect(missingRules(rules)).toHaveLength(78);
  expect(missingRules(rules)).toEqual(expect.arrayContaining(["AR-65", "AR-66", "AR-67"]));
});

test("a file that is no report is an error", () => {
  const file = join(folder, "other.json");
  writeFileSync(file, "{}");
  expect(() => readRules(file)).toThrow("The report of vitest has no testResults.");
});
