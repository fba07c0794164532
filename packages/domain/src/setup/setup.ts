import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

/** The provider whose fields the wizard shows; `other` is any SCIM 2.0 client. */
export const setupProviders = ["okta", "entra", "other"] as const;
export type SetupProvider = (typeof setupProviders)[number];

/** The wizard's steps in their order. They are part of shared addresses: a name is never changed. */
export const setupSteps = ["provider", "prerequisites", "turn-on", "connect", "validate"] as const;
export type SetupStep = (typeof setupSteps)[number];

export const setupChecks = [
  "providerChosen",
  "sso",
  "verifiedDomain",
  "breakGlassOwner",
  "defaultRole",
  "provisioningOn",
  "token",
  "credentialsTested",
  "firstUser",
  "firstDeactivation",
] as const;
export type SetupCheck = (typeof setupChecks)[number];

/** `accepted`: it is missing, and an owner has confirmed that it will follow. */
export const setupStates = ["open", "accepted", "done"] as const;
export type SetupState = (typeof setupStates)[number];

/** The current state, and what has happened since the wizard began; nothing earlier counts. */
export type SetupFacts = {
  /** Null: the wizard has not begun. */
  readonly provider: SetupProvider | null;
  readonly isSsoTested: boolean;
  readonly isSsoAcknowledged: boolean;
  readonly hasVerifiedDomain: boolean;
  readonly hasBreakGlassOwner: boolean;
  readonly hasDefaultRole: boolean;
  readonly isProvisioningOn: boolean;
  /** An active token issued since. */
  readonly hasNewToken: boolean;
  /** A successful request with any token of the organization. */
  readonly hasRequest: boolean;
  readonly hasUser: boolean;
  readonly hasDeactivation: boolean;
};

export type SetupProgress = {
  readonly steps: readonly {
    readonly id: SetupStep;
    readonly isDone: boolean;
    readonly checks: readonly { readonly id: SetupCheck; readonly state: SetupState }[];
  }[];
  /** The step to continue with; null: everything is done. */
  readonly openStep: SetupStep | null;
};

const checksByStep = {
  provider: ["providerChosen"],
  prerequisites: ["sso", "verifiedDomain", "breakGlassOwner"],
  "turn-on": ["defaultRole", "provisioningOn"],
  connect: ["token"],
  validate: ["credentialsTested", "firstUser", "firstDeactivation"],
} as const satisfies Record<SetupStep, readonly SetupCheck[]>;

/** Every step with the state of its checks. A step is done if none of its checks is open. */
export function setupProgress(facts: SetupFacts): SetupProgress {
  const states = statesOf(facts);
  const steps = setupSteps.map((id) => {
    const checks = checksByStep[id].map((check) => ({ id: check, state: states[check] }));
    return { id, isDone: checks.every(({ state }) => state !== "open"), checks };
  });
  return { steps, openStep: steps.find(({ isDone }) => !isDone)?.id ?? null };
}

/**
 * Checks whether the wizard can be finished: once the provider has connected, as testing a deactivation is optional.
 * Returns what is left open, for the change log.
 */
export function finishSetup(
  facts: SetupFacts,
): Result<{ readonly open: readonly SetupCheck[] }, Refusal<"setupNotBegun" | "setupNotConnected">> {
  if (facts.provider === null) return err({ kind: "setupNotBegun" });
  const states = statesOf(facts);
  if (states.credentialsTested === "open" || !facts.isProvisioningOn) return err({ kind: "setupNotConnected" });
  return ok({ open: setupChecks.filter((check) => states[check] === "open") });
}

/**
 * Can this owner sign in if the identity provider is wrong or down? Single sign-on is never required of owners, so a
 * password is enough; but the directory may deactivate those whom it manages, unless they are exempt from the locks.
 */
export function isBreakGlass(owner: {
  readonly hasPassword: boolean;
  readonly isManaged: boolean;
  readonly isLockExempt: boolean;
}): boolean {
  return owner.hasPassword && (!owner.isManaged || owner.isLockExempt);
}

function statesOf(facts: SetupFacts): Readonly<Record<SetupCheck, SetupState>> {
  // A created or deactivated person proves the right token, even if the request's own record is no longer kept.
  const isTested = facts.hasRequest || facts.hasUser || facts.hasDeactivation;
  return {
    providerChosen: stateOf(facts.provider !== null),
    sso: !facts.isSsoTested && facts.isSsoAcknowledged ? "accepted" : stateOf(facts.isSsoTested),
    verifiedDomain: stateOf(facts.hasVerifiedDomain),
    breakGlassOwner: stateOf(facts.hasBreakGlassOwner),
    defaultRole: stateOf(facts.hasDefaultRole),
    provisioningOn: stateOf(facts.isProvisioningOn),
    // A connected provider has a token already.
    token: stateOf(facts.hasNewToken || isTested),
    credentialsTested: stateOf(isTested),
    firstUser: stateOf(facts.hasUser),
    firstDeactivation: stateOf(facts.hasDeactivation),
  };
}

function stateOf(isDone: boolean): SetupState {
  return isDone ? "done" : "open";
}
