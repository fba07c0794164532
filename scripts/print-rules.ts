import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { missingRules, readRules } from "./rules.ts";

/**
 * `pnpm rules [report.json]`: prints every rule with the passing tests that name it. Without a report of vitest all tests
 * are run first. Ends with 1 if a rule is named by none.
 */
const [given] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "rollcall-rules-"));
try {
  const file = given ?? join(folder, "report.json");
  if (given === undefined) {
    process.stderr.write("Running all tests, which takes some eight minutes.\n");
    const args = ["run", "--reporter=json", `--outputFile=${file}`];
    spawnSync("vitest", args, { cwd: resolve(import.meta.dirname, ".."), stdio: ["ignore", "ignore", "inherit"] });
  }
  const report = readRules(file);
  for (const [rule, names] of report) {
    process.stdout.write(`${rule} ${names.length === 0 ? "NO TEST" : `(${names.length})`}\n`);
    for (const name of names) process.stdout.write(`      ${name}\n`);
  }
  const missing = missingRules(report);
  process.stdout.write(`\n${report.size - missing.length} of ${report.size} rules are named by a passing test.\n`);
  process.exitCode = missing.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
