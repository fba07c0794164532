import type { EntraRunOptions } from "./entra-fixture.ts";
import { validatorFixture, type ValidatorFixture } from "./entra-validator-fixture.ts";
import { validatorGroupSteps } from "./entra-validator-groups.ts";
import { validatorUserSteps } from "./entra-validator-users.ts";
import { type LifeCycleStep, type RunResult, playSteps, type Cleanup } from "./step-player.ts";

export type EntraValidatorOptions = EntraRunOptions & { onStep(step: LifeCycleStep): void };

/**
 * Sends the requests of Microsoft's SCIM Validator (docs/idp-wire.md, section 4, "Validator list"), stops at the first unexpected
 * response and cleans up the target, as `playEntraLifeCycle` does; with the same `run` it uses the same two people.
 * Errors: throws a TypeError if the base is not a URL or the token not a header value.
 */
export function playEntraValidator(options: EntraValidatorOptions): Promise<RunResult> {
  const steps = [...validatorUserSteps, ...validatorGroupSteps];
  return playSteps({ steps, cleanup, fixture: validatorFixture(options), onStep: (step) => options.onStep(step) });
}

const cleanup: Cleanup<ValidatorFixture> = {
  isNeeded: ({ requests }) => requests.hasLeftovers,
  play: async ({ requests }) => `${await requests.cleanUp()} test people and groups are deleted.`,
};
