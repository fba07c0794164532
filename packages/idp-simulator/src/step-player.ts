import { performance } from "node:perf_hooks";
import { UnexpectedResponse } from "./connection.ts";

/** A step returns the sentence to show; it throws `UnexpectedResponse`, or `MissingEffect` if the effect is missing. */
export type Step<Fixture> = { readonly name: string; play(fixture: Fixture): Promise<string> };

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

/** Reverts at the end of a run what its steps have left in the service. */
export type Cleanup<Fixture> = { isNeeded(fixture: Fixture): boolean; play(fixture: Fixture): Promise<string> };

type Run<Fixture> = {
  readonly steps: readonly Step<Fixture>[];
  readonly cleanup: Cleanup<Fixture>;
  /** What the steps share: the people and groups of this run. */
  readonly fixture: Fixture;
  onStep(step: LifeCycleStep): void;
};

/** Runs the steps in order up to the first failure, and then cleans up, if anything is left. */
export async function playSteps<Fixture>(run: Run<Fixture>): Promise<RunResult> {
  let steps = 0;
  let failed = 0;
  const play = async (step: Step<Fixture>): Promise<void> => {
    const played = await playStep(step, run.fixture);
    steps += 1;
    if (!played.ok) failed += 1;
    run.onStep(played);
  };
  for (const step of run.steps) {
    await play(step);
    if (failed > 0) break;
  }
  const { cleanup } = run;
  if (cleanup.isNeeded(run.fixture)) {
    await play({ name: "remove what the run made", play: (fixture) => cleanup.play(fixture) });
  }
  return { ok: failed === 0, steps, failed };
}

async function playStep<Fixture>(step: Step<Fixture>, fixture: Fixture): Promise<LifeCycleStep> {
  const startedAt = performance.now();
  const { ok, detail } = await outcome(step, fixture);
  return { name: step.name, ok, detail, durationMs: Math.round(performance.now() - startedAt) };
}

async function outcome<Fixture>(
  step: Step<Fixture>,
  fixture: Fixture,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    return { ok: true, detail: await step.play(fixture) };
  } catch (cause) {
    if (cause instanceof UnexpectedResponse || cause instanceof MissingEffect)
      return { ok: false, detail: cause.message };
    throw cause;
  }
}
