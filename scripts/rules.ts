import { readFileSync } from "node:fs";

/** The rules of behavior, AR-01 to AR-80 (docs/rules.md): each must be named by a test that passes. */
const ruleCount = 80;
const rules = Array.from({ length: ruleCount }, (_, index) => `AR-${String(index + 1).padStart(2, "0")}`);

/** The names of the passing tests that name a rule, by rule; a rule that nobody names has an empty list. */
export type RulesReport = ReadonlyMap<string, readonly string[]>;

/** Reads vitest's JSON report (`--reporter=json`). Throws where the file is none. */
export function readRules(file: string): RulesReport {
  const report: unknown = JSON.parse(readFileSync(file, "utf8"));
  const names = listOf(report, "testResults")
    .flatMap((result) => listOf(result, "assertionResults"))
    .filter((test) => valueOf(test, "status") === "passed")
    .map((test) => String(valueOf(test, "fullName")));
  return new Map(rules.map((rule) => [rule, names.filter((name) => new RegExp(`\\b${rule}\\b`).test(name))]));
}

/** The rules that no passing test names. */
export function missingRules(report: RulesReport): readonly string[] {
  return [...report].filter(([, names]) => names.length === 0).map(([rule]) => rule);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = valueOf(value, name);
  if (!Array.isArray(list)) throw new Error(`The report of vitest has no ${name}.`);
  return list;
}

function valueOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
