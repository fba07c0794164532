import { performance } from "node:perf_hooks";
import { WrongAnswer } from "./exchange.ts";
import { type Cast, castFor, type Step, Unexpected } from "./life-cycle-cast.ts";
import { groupSteps } from "./life-cycle-groups.ts";
import { peopleSteps, removalStep } from "./life-cycle-people.ts";
import type { OktaSimulatorOptions } from "./okta-simulator.ts";

/** One step as it was played. `detail` is a plain sentence: what happened, or what was wrong with the answer. */
export type LifeCycleStep = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly durationMs: number;
};

export type LifeCycleOptions = Pick<OktaSimulatorOptions, "baseUrl" | "token" | "mode" | "log" | "timeoutMs"> & {
  /** The domain of the test people's addresses; default `simulator.example`. */
  readonly domain?: string | undefined;
  onStep(step: LifeCycleStep): void;
};

/**
 * Plays the whole life cycle: test credentials, import, create, update, rename (userName), deactivate, reactivate, group
 * push with rename, membership changes, removal. Calls `onStep` for each step and stops at the first wrong answer. Leaves
 * the target tidy in any case, as far as it answers: test people deactivated, groups deleted. A 403 to the change of
 * userName that names the domain is correct, and reported as refused. Errors: throws a TypeError where the base is no URL
 * or the token no header value.
 */
export async function playOktaLifeCycle(
  options: LifeCycleOptions,
): Promise<{ ok: boolean; steps: number; failed: number }> {
  const cast = castFor(options, options.domain ?? "simulator.example");
  let steps = 0;
  let failed = 0;
  const play = async (step: Step): Promise<void> => {
    const played = await playStep(step, cast);
    steps += 1;
    if (!played.ok) failed += 1;
    options.onStep(played);
  };
  for (const step of [...peopleSteps, ...groupSteps, removalStep]) {
    await play(step);
    if (failed > 0) break;
  }
  if (isUntidy(cast)) await play(tidy);
  return { ok: failed === 0, steps, failed };
}

async function playStep(step: Step, cast: Cast): Promise<LifeCycleStep> {
  const startedAt = performance.now();
  const { ok, detail } = await outcome(step, cast);
  return { name: step.name, ok, detail, durationMs: Math.round(performance.now() - startedAt) };
}

async function outcome(step: Step, cast: Cast): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    return { ok: true, detail: await step.play(cast) };
  } catch (cause) {
    if (cause instanceof WrongAnswer || cause instanceof Unexpected) return { ok: false, detail: cause.message };
    throw cause;
  }
}

const tidy: Step = {
  name: "remove what the run made",
  async play({ okta, ada, ben, group }) {
    if (okta.remoteIdOf(group) !== null) await okta.deleteGroup(group);
    const people = [ada, ben].filter((person) => okta.isAssigned(person));
    for (const person of people) await okta.unassign(person);
    return `The test group is deleted, ${people.length} test people are deactivated.`;
  },
};

function isUntidy({ okta, ada, ben, group }: Cast): boolean {
  return okta.remoteIdOf(group) !== null || okta.isAssigned(ada) || okta.isAssigned(ben);
}
