import type { EntraRunOptions } from "./entra-cast.ts";
import { castValidator, type ValidatorCast } from "./entra-validator-cast.ts";
import { validatorGroupSteps } from "./entra-validator-groups.ts";
import { validatorUserSteps } from "./entra-validator-users.ts";
import { type LifeCycleStep, type Played, playSteps, type Tidying } from "./step-player.ts";

export type EntraValidatorOptions = EntraRunOptions & { onStep(step: LifeCycleStep): void };

/**
 * Sends the requests of Microsoft's SCIM Validator (docs/idp-wire.md, section 4, "Validator list"), stops at the first unexpected
 * response and cleans up the target, as `playEntraLifeCycle` does; with the same `run` it uses the same two people.
 * Errors: throws a TypeError if the base is not a URL or the token not a header value.
 */
export function playEntraValidator(options: EntraValidatorOptions): Promise<Played> {
  const steps = [...validatorUserSteps, ...validatorGroupSteps];
  return playSteps({ steps, tidying, cast: castValidator(options), onStep: (step) => options.onStep(step) });
}

const tidying: Tidying<ValidatorCast> = {
  isUntidy: ({ calls }) => calls.isUntidy,
  play: async ({ calls }) => `${await calls.tidy()} test people and groups are deleted.`,
};
