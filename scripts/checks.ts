import { run } from "./run.ts";

/** How many checks or tests passed and failed. */
export type Count = { readonly passed: number; readonly failed: number };

const turbo = ["turbo", "run", "--output-logs=errors-only"];
const checks: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["types", [...turbo, "types"]],
  ["lint", ["oxlint", "--type-aware", "--deny-warnings"]],
  ["format", ["oxfmt", "--check"]],
  ["unused code", ["knip"]],
];
const build: (typeof checks)[number] = ["console builds", [...turbo, "build", "--filter=@rollcall/admin"]];

/** Types, lint, format and unused code, and the console's build where tests follow. Prints one line per check. */
export async function runChecks(options: { readonly withBuild: boolean }): Promise<Count> {
  let failed = 0;
  const all = options.withBuild ? [...checks, build] : checks;
  for (const [name, command] of all) {
    const startedMs = performance.now();
    const { code, output } = await run(command, { isShown: false });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? "ok  " : "FAIL"} ${name.padEnd(18)} ${`${seconds} s`.padStart(8)}\n`);
    if (code !== 0) process.stdout.write(`${output}\n`);
    failed += code === 0 ? 0 : 1;
  }
  return { passed: all.length - failed, failed };
}
