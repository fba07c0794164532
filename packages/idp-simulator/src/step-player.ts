import { performance } from "node:perf_hooks";
import { UnexpectedResponse } from "./connection.ts";

/**
 * Steps by their names, in order. A step returns the sentence to show; it throws `UnexpectedResponse`, or
 * `MissingEffect` if the effect is missing.
 */
export type Steps<Fixture> = Readonly<Record<string, (fixture: Fixture) => Promise<string>>>;

/** Each response was well-formed, but together they do not show the requested effect. */
export class MissingEffect extends Error {}

/** One executed step. `detail` is a plain sentence: what happened, or what was wrong with the response. */
export type LifeCycleStep = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly durationMs: number;
};

/** The result of a run: the executed steps, cleanup included, and how many of them failed. */
export type RunResult = { readonly ok: boolean; readonly steps: number; readonly failed: number };

type Run = {
  isCleanupNeeded(): boolean;
  /** Reverts what the steps have left in the service, and returns the sentence to show. */
  cleanUp(): Promise<string>;
  onStep(step: LifeCycleStep): void;
};

/** Runs the steps in order up to the first failure, and then cleans up, if anything is left. */
export async function runSteps<Fixture>(
  fixture: Fixture,
  parts: readonly Steps<Fixture>[],
  run: Run,
): Promise<RunResult> {
  let steps = 0;
  let failed = 0;
  const play = async (name: string, step: () => Promise<string>): Promise<void> => {
    const startedAt = performance.now();
    const outcome = await outcomeOf(step);
    steps += 1;
    if (!outcome.ok) failed += 1;
    run.onStep({ name, ...outcome, durationMs: Math.round(performance.now() - startedAt) });
  };
  for (const [name, step] of parts.flatMap((part) => Object.entries(part))) {
    await play(name, () => step(fixture));
    if (failed > 0) break;
  }
  if (run.isCleanupNeeded()) await play("remove what the run made", () => run.cleanUp());
  return { ok: failed === 0, steps, failed };
}

async function outcomeOf(step: () => Promise<string>): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    return { ok: true, detail: await step() };
  } catch (cause) {
    if (cause instanceof UnexpectedResponse || cause instanceof MissingEffect)
      return { ok: false, detail: cause.message };
    throw cause;
  }
}

/**
 * Accepts a refusal of a new userName that names the domain. Returns the sentence to show. Errors: throws
 * `MissingEffect` if the detail does not name the domain.
 */
export function refusedRenaming(detail: string, domain: string): string {
  if (detail.toLowerCase().includes(domain.toLowerCase())) {
    return `Refused: domain not verified. The service says: ${detail}`;
  }
  throw new MissingEffect(`Refused with 403, but the detail does not name ${domain}: ${detail}`);
}
