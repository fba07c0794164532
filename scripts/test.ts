import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { missingRules, readRules } from "./rules.ts";

/**
 * `pnpm test`: everything that a machine can prove, in two rounds: the checks, then all tests (the browser's need the
 * console that the first round builds). Ends with `N passed, N failed`, where each check counts as one; exits with 1 if
 * anything failed. Arguments go to vitest.
 */
const root = resolve(import.meta.dirname, "..");
const turbo = ["turbo", "run", "--output-logs=errors-only"];
const checks: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["types", [...turbo, "types"]],
  ["console builds", [...turbo, "build", "--filter=@rollcall/admin"]],
  ["lint", ["oxlint", "--type-aware", "--deny-warnings"]],
  ["format", ["oxfmt", "--check"]],
  ["unused code", ["knip"]],
];

type Count = { readonly passed: number; readonly failed: number };
type Ended = { readonly code: number; readonly output: string };

async function runChecks(): Promise<Count> {
  let failed = 0;
  for (const [name, command] of checks) {
    const startedMs = performance.now();
    const { code, output } = await run(command, false);
    process.stdout.write(
      `${code === 0 ? "ok  " : "FAIL"} ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)\n`,
    );
    if (code !== 0) process.stdout.write(`${output}\n`);
    failed += code === 0 ? 0 : 1;
  }
  return { passed: checks.length - failed, failed };
}

async function runTests(): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-tests-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const { code } = await run(["vitest", "run", ...reporters, ...process.argv.slice(2)], true);
    const { passed, failed } = readReport(file);
    const rules = process.argv.length > 2 ? { passed: 0, failed: 0 } : checkRules(file);
    // A run can fail without a failing test: an error outside of one, or no test at all.
    const failures = failed === 0 && (code !== 0 || passed === 0) ? 1 : failed;
    return { passed: passed + rules.passed, failed: failures + rules.failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every rule of behaviour is named by a test that passed; not asked of a run of some tests only. */
function checkRules(file: string): Count {
  const missing = missingRules(readRules(file));
  const words =
    missing.length === 0 ? "ok   every rule is named by a passing test" : `FAIL no test names ${missing.join(", ")}`;
  process.stdout.write(`${words}\n`);
  return missing.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function readReport(file: string): Count {
  const report: unknown = JSON.parse(readFileSync(file, "utf8"));
  return { passed: numberIn(report, "numPassedTests"), failed: numberIn(report, "numFailedTests") };
}

function numberIn(report: unknown, name: string): number {
  const value: unknown = typeof report === "object" && report !== null ? Reflect.get(report, name) : undefined;
  if (typeof value !== "number") throw new Error(`The report of vitest has no ${name}.`);
  return value;
}

function run([command = "", ...args]: readonly string[], isShown: boolean): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", isShown ? "inherit" : "pipe", isShown ? "inherit" : "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", fail);
    child.once("close", (code) => done({ code: code ?? 1, output: Buffer.concat(output).toString() }));
  });
}

const counts = [await runChecks(), await runTests()];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
