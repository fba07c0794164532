import { type CheckResult, type ConformanceOutcome, runConformance } from "@rollcall/scim-conformance";
import { CommandError, tokenForRun } from "./operator.ts";

type ConformanceOptions = {
  readonly base: string;
  readonly token?: string;
  readonly domain: string;
  readonly only?: string;
  readonly json?: boolean;
};

/**
 * Runs the conformance checks and prints one line per check, or one JSON value. Exit code 1 if one fails. Ctrl+C ends
 * the run after the current check and removes its test data; a second Ctrl+C ends it immediately.
 */
export async function conformance(options: ConformanceOptions): Promise<void> {
  const { base, domain, only, json = false } = options;
  const token = await tokenForRun(options.token);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const results: CheckResult[] = [];
  const onResult = (result: CheckResult): void => {
    results.push(result);
    if (!json) process.stdout.write(`${lineOf(result)}\n`);
  };
  const outcome = await orCommandError(() =>
    runConformance({ baseUrl: base, token, domain, only, onResult, signal: stop.signal }),
  );
  process.stdout.write(json ? `${JSON.stringify(reportOf(outcome, results))}\n` : summaryOf(outcome));
  if (stop.signal.aborted) process.stderr.write("The run was stopped before its end.\n");
  const isWhole = outcome.failed === 0 && outcome.passed > 0 && outcome.leftBehind.length === 0;
  if (!isWhole || stop.signal.aborted) process.exitCode = 1;
}

/** Problems that prevent the run are the operator's to fix: an address, a token, a service that is down. */
async function orCommandError(run: () => Promise<ConformanceOutcome>): Promise<ConformanceOutcome> {
  try {
    return await run();
  } catch (cause) {
    throw new CommandError(`The run cannot go on: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const marks = { passed: "ok  ", failed: "FAIL", skipped: "skip" } as const;

function lineOf({ check, outcome, detail }: CheckResult): string {
  const reason = detail === "" ? "" : ` ${detail}`;
  return `${marks[outcome]} ${check.clause}  ${check.id}: ${check.title}${reason}`;
}

function summaryOf({ passed, failed, skipped, leftBehind }: ConformanceOutcome): string {
  const left = leftBehind.map((line) => `left behind: ${line}\n`).join("");
  return `${left}${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

function reportOf(outcome: ConformanceOutcome, results: readonly CheckResult[]): object {
  const lines = results.map(({ check, outcome, detail, durationMs }) => {
    const { id, clause, title } = check;
    return { id, clause, title, outcome, detail, durationMs };
  });
  return { ...outcome, checks: lines };
}
