import { entraEndSteps, entraPeopleSteps } from "./entra-people-steps.ts";
import { entraGroupSteps } from "./entra-group-steps.ts";
import { validatorGroupSteps } from "./entra-validator-groups.ts";
import { validatorUserSteps } from "./entra-validator-users.ts";
import type { EntraDialect } from "./entra-wire.ts";
import { entraFixture, oktaFixture, type RunOptions, validatorFixture } from "./fixtures.ts";
import { oktaGroupSteps } from "./okta-group-steps.ts";
import { oktaPeopleSteps, oktaRemovalSteps } from "./okta-people-steps.ts";
import type { OktaMode } from "./okta-wire.ts";
import { type LifeCycleStep, runSteps, type RunResult } from "./step-player.ts";

type Observed = { onStep(step: LifeCycleStep): void };
export type OktaLifeCycleOptions = Omit<RunOptions, "run"> & Observed & { readonly mode: OktaMode };
export type EntraLifeCycleOptions = RunOptions & Observed & { readonly dialect: EntraDialect };
export type EntraValidatorOptions = RunOptions & Observed;

/**
 * Plays Okta's whole life cycle: test credentials, import, create, update, rename (userName), deactivate, reactivate,
 * group push with rename, membership changes, removal. Calls `onStep` for each step and stops at the first unexpected
 * response. Cleans up the target if it responds: test people deactivated, groups deleted. A 403 to the change of
 * userName that names the domain is correct, and reported as refused. Errors: throws a TypeError if the base is not a
 * URL or the token not a header value.
 */
export function playOktaLifeCycle(options: OktaLifeCycleOptions): Promise<RunResult> {
  const fixture = oktaFixture(options);
  const { okta, ada, ben, group } = fixture;
  const assigned = () => [ada, ben].filter((person) => person.isAssigned);
  return runSteps(fixture, [oktaPeopleSteps, oktaGroupSteps, oktaRemovalSteps], {
    isCleanupNeeded: () => group.remoteId !== null || assigned().length > 0,
    async cleanUp() {
      if (group.remoteId !== null) await okta.groups.delete(group);
      const people = assigned();
      for (const person of people) await okta.people.unassign(person);
      return `The test group is deleted, ${people.length} test people are deactivated.`;
    },
    onStep: (step) => options.onStep(step),
  });
}

/**
 * Plays Entra's whole life cycle in one dialect: connection test, look-ups, create, update, on-demand provisioning,
 * change of userName, manager, group with its members, soft delete, restoration, hard delete. Otherwise as
 * `playOktaLifeCycle`, but cleans up by deleting. Two people lose access or a role.
 */
export function playEntraLifeCycle(options: EntraLifeCycleOptions): Promise<RunResult> {
  const fixture = entraFixture(options);
  const { entra, cleo, dan, group } = fixture;
  const provisioned = () => [cleo, dan].filter((person) => person.remoteId !== null);
  return runSteps(fixture, [entraPeopleSteps, entraGroupSteps, entraEndSteps], {
    isCleanupNeeded: () => group.remoteId !== null || provisioned().length > 0,
    async cleanUp() {
      if (group.remoteId !== null) await entra.groups.delete(group);
      const people = provisioned();
      for (const person of people) await entra.people.hardDelete(person);
      return `The test group and ${people.length} test people are deleted.`;
    },
    onStep: (step) => options.onStep(step),
  });
}

/**
 * Sends the requests of Microsoft's SCIM Validator (docs/idp-wire.md, section 4, "Validator list"). Otherwise as
 * `playEntraLifeCycle`; with the same `run` it uses the same two people.
 */
export function playEntraValidator(options: EntraValidatorOptions): Promise<RunResult> {
  const fixture = validatorFixture(options);
  const { requests } = fixture;
  return runSteps(fixture, [validatorUserSteps, validatorGroupSteps], {
    isCleanupNeeded: () => requests.leftovers > 0,
    cleanUp: async () => `${await requests.cleanUp()} test people and groups are deleted.`,
    onStep: (step) => options.onStep(step),
  });
}
