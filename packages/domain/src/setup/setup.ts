import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

/** Whose fields the wizard shows; `other` is anybody who speaks SCIM 2.0. */
export const setupProviders = ["okta", "entra", "other"] as const;
export type SetupProvider = (typeof setupProviders)[number];

/** The wizard's steps in their order. They are in the addresses that owners share: a name is never changed. */
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

/** `accepted`: it is missing, and an owner has said on record that it will follow. */
export const setupStates = ["open", "accepted", "done"] as const;
export type SetupState = (typeof setupStates)[number];

/** What is so now, and what has been seen since the wizard began; nothing from before counts. */
export type SetupFacts = {
  /** Null: the wizard has not begun. */
  readonly provider: SetupProvider | null;
  readonly isSsoTested: boolean;
  readonly isSsoAcknowledged: boolean;
  readonly hasVerifiedDomain: boolean;
  readonly hasBreakGlassOwner: boolean;
  readonly hasDefaultRole: boolean;
  readonly isProvisioningOn: boolean;
  /** A token that was issued since, and still works. */
  readonly hasNewToken: boolean;
  /** A call with any token of the organization that was answered well. */
  readonly hasCall: boolean;
  readonly hasUser: boolean;
  readonly hasDeactivation: boolean;
};

export type SetupProgress = {
  readonly steps: readonly {
    readonly id: SetupStep;
    readonly isDone: boolean;
    readonly checks: readonly { readonly id: SetupCheck; readonly state: SetupState }[];
  }[];
  /** Where somebody who comes back goes on; null: everything is there. */
  readonly openStep: SetupStep | null;
};

const checksByStep = {
  provider: ["providerChosen"],
  prerequisites: ["sso", "verifiedDomain", "breakGlassOwner"],
  "turn-on": ["defaultRole", "provisioningOn"],
  connect: ["token"],
  validate: ["credentialsTested", "firstUser", "firstDeactivation"],
} as const satisfies Record<SetupStep, readonly SetupCheck[]>;

/** Every step with the state of what it needs. A step is done when none of its checks is open. */
export function setupProgress(facts: SetupFacts): SetupProgress {
  const states = statesOf(facts);
  const steps = setupSteps.map((id) => {
    const checks = checksByStep[id].map((check) => ({ id: check, state: states[check] }));
    return { id, isDone: checks.every(({ state }) => state !== "open"), checks };
  });
  return { steps, openStep: steps.find(({ isDone }) => !isDone)?.id ?? null };
}

/**
 * May the wizard be ended? Once the provider has come through: whoever does not want to try a deactivation now may leave
 * it. Returns what is left open, for the change log.
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
 * Can this owner get in when the identity provider is wrong or away? Single sign-on is never demanded of owners, so that
 * a password of their own is a way in; but the directory may turn off whom it manages, unless the owners have named the
 * person as one whom the locks leave alone.
 */
export function isBreakGlass(owner: {
  readonly hasPassword: boolean;
  readonly isManaged: boolean;
  readonly isLockExempt: boolean;
}): boolean {
  return owner.hasPassword && (!owner.isManaged || owner.isLockExempt);
}

function statesOf(facts: SetupFacts): Readonly<Record<SetupCheck, SetupState>> {
  // Whoever created or deactivated somebody had the right token, also where the call's own record is gone by now.
  const isTested = facts.hasCall || facts.hasUser || facts.hasDeactivation;
  return {
    providerChosen: stateOf(facts.provider !== null),
    sso: !facts.isSsoTested && facts.isSsoAcknowledged ? "accepted" : stateOf(facts.isSsoTested),
    verifiedDomain: stateOf(facts.hasVerifiedDomain),
    breakGlassOwner: stateOf(facts.hasBreakGlassOwner),
    defaultRole: stateOf(facts.hasDefaultRole),
    provisioningOn: stateOf(facts.isProvisioningOn),
    // A provider that comes in needs no further token: it has one from before.
    token: stateOf(facts.hasNewToken || isTested),
    credentialsTested: stateOf(isTested),
    firstUser: stateOf(facts.hasUser),
    firstDeactivation: stateOf(facts.hasDeactivation),
  };
}

function stateOf(isDone: boolean): SetupState {
  return isDone ? "done" : "open";
}
