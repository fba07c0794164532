import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { touchesPrograms } from "./changed-files.ts";
import { type Count, runChecks } from "./checks.ts";
import { missingRules, readRules } from "./rules.ts";
import { run } from "./run.ts";

/**
 * `pnpm test`: everything that a machine can prove, in two rounds: the checks, then all tests. `--changed [REF]`: only the
 * tests that reach what has changed since REF (default: the last commit). Other arguments go to vitest. Ends with
 * `N passed, N failed`, where each check counts as one; exits with 1 if anything failed.
 */
const args = process.argv.slice(2);

async function runTests(): Promise<Count> {
  if (!args.includes("--changed")) return runVitest(args, args.length === 0);
  const counts = [await runVitest([...args, ...notSpawning], false)];
  const next = args[args.indexOf("--changed") + 1];
  const ref = next === undefined || next.startsWith("-") ? "HEAD" : next;
  if (await touchesPrograms(ref)) counts.push(await runVitest(spawning.map(projectOption), false));
  return sumOf(counts);
}

/** Projects whose tests start our programs as processes, so that vitest cannot see in their imports what they run. */
const spawning = ["admin-browser", "cli"];
const projectOption = (name: string): string => `--project=${name}`;
const notSpawning = spawning.map((name) => projectOption(`!${name}`));

/** `isWhole`: every rule of behavior has to be named by a test that passed. */
async function runVitest(options: readonly string[], isWhole: boolean): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-tests-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter=./scripts/project-reporter.ts", "--reporter=json", `--outputFile.json=${file}`];
    const { code } = await run(["vitest", "run", ...reporters, ...options], { isShown: true });
    const { passed, failed } = readReport(file);
    const rules = isWhole ? checkRules(file) : { passed: 0, failed: 0 };
    // A run can fail without a failing test: an error outside of one, or no test at all.
    const failures = failed === 0 && code !== 0 ? 1 : failed;
    return sumOf([rules, { passed, failed: failures }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkRules(file: string): Count {
  const missing = missingRules(readRules(file));
  const words =
    missing.length === 0 ? "ok   every rule is named by a passing test" : `FAIL no test names ${missing.join(", ")}`;
  process.stdout.write(`${words}\n`);
  return missing.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** vitest writes no report where nothing was to be run, which it tells by its exit code where that is a fault. */
function readReport(file: string): Count {
  if (!existsSync(file)) return { passed: 0, failed: 0 };
  const report: unknown = JSON.parse(readFileSync(file, "utf8"));
  return { passed: numberIn(report, "numPassedTests"), failed: numberIn(report, "numFailedTests") };
}

function numberIn(report: unknown, name: string): number {
  const value: unknown = typeof report === "object" && report !== null ? Reflect.get(report, name) : undefined;
  if (typeof value !== "number") throw new Error(`The report of vitest has no ${name}.`);
  return value;
}

function sumOf(counts: readonly Count[]): Count {
  const add = (key: keyof Count): number => counts.reduce((sum, count) => sum + count[key], 0);
  return { passed: add("passed"), failed: add("failed") };
}

const { passed, failed } = sumOf([await runChecks({ withBuild: true }), await runTests()]);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
