import { type OktaFixture, oktaFixture } from "./okta-fixture.ts";
import { groupSteps } from "./okta-group-steps.ts";
import { peopleSteps, removalStep } from "./okta-people-steps.ts";
import type { OktaSimulatorOptions } from "./okta-simulator.ts";
import { type LifeCycleStep, type RunResult, playSteps, type Cleanup } from "./step-player.ts";

export type OktaLifeCycleOptions = Pick<
  OktaSimulatorOptions,
  "baseUrl" | "token" | "mode" | "log" | "timeoutMs" | "retryWaitMaxMs"
> & {
  /** The domain of the test people's addresses; default `simulator.example`. */
  readonly domain?: string | undefined;
  onStep(step: LifeCycleStep): void;
};

/**
 * Plays the whole life cycle: test credentials, import, create, update, rename (userName), deactivate, reactivate,
 * group push with rename, membership changes, removal. Calls `onStep` for each step and stops at the first unexpected
 * response. Cleans up the target if it responds: test people deactivated, groups deleted. A 403 to the change of
 * userName that names the domain is correct, and reported as refused. Errors: throws a TypeError if the base is not a
 * URL or the token not a header value.
 */
export function playOktaLifeCycle(options: OktaLifeCycleOptions): Promise<RunResult> {
  const fixture = oktaFixture(options, options.domain ?? "simulator.example");
  const steps = [...peopleSteps, ...groupSteps, removalStep];
  return playSteps({ steps, cleanup, fixture, onStep: (step) => options.onStep(step) });
}

const cleanup: Cleanup<OktaFixture> = {
  isNeeded: ({ okta, ada, ben, group }) =>
    okta.remoteIdOf(group) !== null || okta.isAssigned(ada) || okta.isAssigned(ben),
  async play({ okta, ada, ben, group }) {
    if (okta.remoteIdOf(group) !== null) await okta.deleteGroup(group);
    const people = [ada, ben].filter((person) => okta.isAssigned(person));
    for (const person of people) await okta.unassign(person);
    return `The test group is deleted, ${people.length} test people are deactivated.`;
  },
};
