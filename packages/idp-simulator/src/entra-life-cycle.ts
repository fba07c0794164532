import { entraFixture, type EntraFixture, type EntraRunOptions } from "./entra-fixture.ts";
import { groupSteps } from "./entra-group-steps.ts";
import { endSteps, peopleSteps } from "./entra-people-steps.ts";
import type { EntraDialect } from "./entra-wire.ts";
import { type LifeCycleStep, type RunResult, playSteps, type Cleanup } from "./step-player.ts";

export type EntraLifeCycleOptions = EntraRunOptions & {
  readonly dialect: EntraDialect;
  onStep(step: LifeCycleStep): void;
};

/**
 * Plays the whole life cycle in one dialect: connection test, look-ups, create, update, on-demand provisioning, change
 * of userName, manager, group with its members, soft delete, restoration, hard delete. Calls `onStep` for each step,
 * stops at the first unexpected response and cleans up the target if it responds: people and groups deleted. A 403 to the
 * change of userName that names the domain is correct, and reported as refused. Two people lose access or a role.
 * Errors: throws a TypeError if the base is not a URL or the token not a header value.
 */
export function playEntraLifeCycle(options: EntraLifeCycleOptions): Promise<RunResult> {
  const steps = [...peopleSteps, ...groupSteps, ...endSteps];
  return playSteps({ steps, cleanup, fixture: entraFixture(options), onStep: (step) => options.onStep(step) });
}

const cleanup: Cleanup<EntraFixture> = {
  isNeeded: ({ entra, cleo, dan, group }) =>
    entra.isGroupThere(group) || entra.remoteIdOf(cleo) !== null || entra.remoteIdOf(dan) !== null,
  async play({ entra, cleo, dan, group }) {
    if (entra.isGroupThere(group)) await entra.deleteGroup(group);
    const people = [cleo, dan].filter((person) => entra.remoteIdOf(person) !== null);
    for (const person of people) await entra.hardDelete(person);
    return `The test group and ${people.length} test people are deleted.`;
  },
};
