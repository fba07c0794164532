import { performance } from "node:perf_hooks";
import { UnexpectedResponse } from "./connection.ts";

/** A step returns the sentence to show; it throws `UnexpectedResponse`, or `MissingEffect` if the effect is missing. */
export type Step<Cast> = { readonly name: string; play(cast: Cast): Promise<string> };

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
export type Played = { readonly ok: boolean; readonly steps: number; readonly failed: number };

/** Reverts at the end of a run what its steps have left in the service. */
export type Tidying<Cast> = { isUntidy(cast: Cast): boolean; play(cast: Cast): Promise<string> };

type Run<Cast> = {
  readonly steps: readonly Step<Cast>[];
  readonly tidying: Tidying<Cast>;
  /** What the steps share: the people and groups of this run. */
  readonly cast: Cast;
  onStep(step: LifeCycleStep): void;
};

/** Runs the steps in order up to the first failure, and then cleans up, if anything is left. */
export async function playSteps<Cast>(run: Run<Cast>): Promise<Played> {
  let steps = 0;
  let failed = 0;
  const play = async (step: Step<Cast>): Promise<void> => {
    const played = await playStep(step, run.cast);
    steps += 1;
    if (!played.ok) failed += 1;
    run.onStep(played);
  };
  for (const step of run.steps) {
    await play(step);
    if (failed > 0) break;
  }
  const { tidying } = run;
  if (tidying.isUntidy(run.cast)) {
    await play({ name: "remove what the run made", play: (cast) => tidying.play(cast) });
  }
  return { ok: failed === 0, steps, failed };
}

async function playStep<Cast>(step: Step<Cast>, cast: Cast): Promise<LifeCycleStep> {
  const startedAt = performance.now();
  const { ok, detail } = await outcome(step, cast);
  return { name: step.name, ok, detail, durationMs: Math.round(performance.now() - startedAt) };
}

async function outcome<Cast>(step: Step<Cast>, cast: Cast): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    return { ok: true, detail: await step.play(cast) };
  } catch (cause) {
    if (cause instanceof UnexpectedResponse || cause instanceof MissingEffect)
      return { ok: false, detail: cause.message };
    throw cause;
  }
}
