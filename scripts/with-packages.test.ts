import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "rollcall-packages-"));
  mkdirSync(join(root, "scripts"));
  cpSync(join(import.meta.dirname, "with-packages.mjs"), join(root, "scripts/with-packages.mjs"));
  writeFileSync(join(root, "pnpm-lock.yaml"), "lockfile\n");
  writeFileSync(
    join(root, "program.ts"),
    'console.log(`ran ${process.argv.slice(2).join(" ")}`); process.exitCode = 3;\n',
  );
});
afterEach(() => rmSync(root, { recursive: true }));

/** Stands for pnpm: prints its arguments and, unless it fails, leaves behind what pnpm leaves. */
const pnpm = (code: number): string => `
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
console.log("progress of " + process.argv.slice(2).join(" "));
if (${code} === 0) {
  mkdirSync("node_modules/.pnpm", { recursive: true });
  mkdirSync("node_modules/.bin", { recursive: true });
  symlinkSync(process.execPath, "node_modules/.bin/node");
  cpSync("pnpm-lock.yaml", "node_modules/.pnpm/lock.yaml");
  writeFileSync("node_modules/.pnpm-workspace-state-v1.json", "{}");
}
process.exitCode = ${code};
`;

function run(code: number, ...options: readonly string[]): readonly [number | null, string, string] {
  writeFileSync(join(root, "pnpm.mjs"), pnpm(code));
  const args = [join(root, "scripts/with-packages.mjs"), ...options, "program.ts", "--json", "x"];
  const env = { ...process.env, npm_execpath: join(root, "pnpm.mjs"), DATA_DIR: "data" };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  return [status, stdout, stderr];
}

// `start` prints only its own lines, and the program runs with the packages of the lockfile.
test("the installation goes to the log, once, and the program gets its arguments and gives its exit code", () => {
  const log = join(root, "data/start.log");
  expect(run(0, "--log")).toEqual([3, "ran --json x\n", `Installing the packages (log: ${log})\n`]);
  expect(readFileSync(log, "utf8")).toBe("progress of install --frozen-lockfile\n");
  expect(run(0, "--log")).toEqual([3, "ran --json x\n", ""]);
  writeFileSync(join(root, "pnpm-lock.yaml"), "another lockfile\n");
  expect(run(1)[0]).toBe(1);
});

test("an installation that fails is shown, and the program does not run", () => {
  const [code, stdout, stderr] = run(1, "--log");
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/progress of install[^]*The installation failed \(exit code 1\)\.\n$/);
});

test("without a log standard output is the program's alone", () => {
  expect(run(0)).toEqual([3, "ran --json x\n", "Installing the packages\nprogress of install --frozen-lockfile\n"]);
});
