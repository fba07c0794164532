import { Violation } from "./assertion.ts";
import type { Fixtures } from "./fixtures.ts";
import type { Check } from "./check.ts";
import type { Feature, Features } from "./feature.ts";
import type { Client } from "./http-client.ts";
import { openTarget } from "./target.ts";

export type CheckResult = {
  readonly check: Check;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped; "" if it passed. */
  readonly detail: string;
  readonly durationMs: number;
};

export type Run = {
  /** The client of the checks. The fixtures may use another one. */
  readonly client: Client;
  readonly features: Features;
  readonly fixtures: Fixtures;
  readonly checks: readonly Check[];
  readonly onResult: (result: CheckResult) => void;
  /** Ends the run after the current check. */
  readonly signal?: AbortSignal | undefined;
};

const checkTimeoutMs = 30_000;

/** Runs the checks in order, also after a failed one. Restores the fixtures after a check that wrote something. */
export async function runChecks(run: Run): Promise<void> {
  for (const check of run.checks) {
    if (run.signal?.aborted === true) return;
    const startedMs = performance.now();
    const writesBefore = run.client.writes();
    const verdict = await judge(run, check);
    const durationMs = Math.round(performance.now() - startedMs);
    const restoring = run.client.writes() > writesBefore ? await restore(run.fixtures) : "";
    const whole = restoring === "" ? verdict : { outcome: "failed" as const, detail: `${verdict.detail} ${restoring}` };
    run.onResult({ check, ...whole, durationMs });
  }
}

/** The features that the check needs and the service does not offer. */
export function missingFeatures({ needs }: Check, features: Features): readonly Feature[] {
  return needs.filter((feature) => !features.has(feature));
}

/** Any other error than a `Violation` fails the check too, because it has no result. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Violation) return cause.message;
  return `The check could not be completed: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/** Returns "" or why the fixtures could not be restored, for the result of the check that changed them. */
async function restore(fixtures: Fixtures): Promise<string> {
  try {
    await fixtures.restore();
    return "";
  } catch (cause) {
    return `The people and groups could not be restored afterwards: ${String(cause)}`;
  }
}

type Verdict = Pick<CheckResult, "outcome" | "detail">;

async function judge({ client, features, fixtures }: Run, check: Check): Promise<Verdict> {
  const missing = missingFeatures(check, features);
  if (missing.length > 0) return { outcome: "skipped", detail: `The service does not offer ${missing.join(" and ")}.` };
  const stop = new AbortController();
  const timer = setTimeout(
    () => stop.abort(new Error(`It was not done within ${checkTimeoutMs / 1000} seconds.`)),
    checkTimeoutMs,
  );
  try {
    await check.run(openTarget(client.within(stop.signal), fixtures));
    return { outcome: "passed", detail: "" };
  } catch (cause) {
    return { outcome: "failed", detail: reasonOf(cause) };
  } finally {
    clearTimeout(timer);
  }
}
