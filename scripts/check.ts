import { runChecks } from "./checks.ts";

/** `pnpm check`: everything that needs no test run. Exits with 1 if anything failed. */
const { failed } = await runChecks({ withBuild: false });
process.exitCode = failed === 0 ? 0 : 1;
