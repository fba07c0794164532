import { describe, expect, test } from "vitest";
import { finishSetup, isBreakGlass, setupProgress, setupSteps, type SetupFacts, type SetupStep } from "./setup.ts";

const nothing: SetupFacts = {
  provider: null,
  isSsoTested: false,
  isSsoAcknowledged: false,
  hasVerifiedDomain: false,
  hasBreakGlassOwner: false,
  hasDefaultRole: false,
  isProvisioningOn: false,
  hasNewToken: false,
  hasRequest: false,
  hasUser: false,
  hasDeactivation: false,
};
const chosen: SetupFacts = { ...nothing, provider: "okta" };
const prepared: SetupFacts = { ...chosen, isSsoTested: true, hasVerifiedDomain: true, hasBreakGlassOwner: true };
const on: SetupFacts = { ...prepared, hasDefaultRole: true, isProvisioningOn: true };
const issued: SetupFacts = { ...on, hasNewToken: true };
const called: SetupFacts = { ...issued, hasRequest: true };
const all: SetupFacts = { ...called, hasUser: true, hasDeactivation: true };

const stateIn = (facts: SetupFacts, check: string): string | undefined =>
  setupProgress(facts)
    .steps.flatMap(({ checks }) => checks)
    .find(({ id }) => id === check)?.state;

describe("the first open step", () => {
  test.each<[string, SetupFacts, SetupStep | null]>([
    ["before anything", nothing, "provider"],
    ["with a provider", chosen, "prerequisites"],
    ["without single sign-on", { ...prepared, isSsoTested: false }, "prerequisites"],
    [
      "with the word that single sign-on will follow",
      { ...on, isSsoTested: false, isSsoAcknowledged: true },
      "connect",
    ],
    ["without a domain", { ...prepared, hasVerifiedDomain: false }, "prerequisites"],
    ["without a break-glass owner", { ...prepared, hasBreakGlassOwner: false }, "prerequisites"],
    ["with all prerequisites", prepared, "turn-on"],
    ["with a default role, still off", { ...prepared, hasDefaultRole: true }, "turn-on"],
    ["on, without a default role", { ...on, hasDefaultRole: false }, "turn-on"],
    ["on", on, "connect"],
    ["with a token", issued, "validate"],
    ["with a request by a token from before", { ...on, hasRequest: true }, "validate"],
    ["with a first request", called, "validate"],
    ["with a first user", { ...called, hasUser: true }, "validate"],
    ["with everything", all, null],
    ["when something is lost again", { ...all, hasBreakGlassOwner: false }, "prerequisites"],
  ])("%s", (_, facts, expected) => expect(setupProgress(facts).openStep).toBe(expected));

  test("the steps are in their order, with ten checks", () => {
    const { steps } = setupProgress(nothing);
    expect(steps.map(({ id }) => id)).toEqual(setupSteps);
    expect(steps.flatMap(({ checks }) => checks).map(({ state }) => state)).toEqual(Array(10).fill("open"));
  });
});

test.each([
  [false, false, "open"],
  [false, true, "accepted"],
  [true, false, "done"],
  [true, true, "done"],
])("single sign-on tested: %s, promised: %s", (isSsoTested, isSsoAcknowledged, expected) =>
  expect(stateIn({ ...chosen, isSsoTested, isSsoAcknowledged }, "sso")).toBe(expected),
);

// Request records are deleted after 30 days; their effects are not.
test.each<[Partial<SetupFacts>, string]>([
  [{}, "open"],
  [{ hasRequest: true }, "done"],
  [{ hasUser: true }, "done"],
  [{ hasDeactivation: true }, "done"],
])("credentials are tested by %o", (seen, expected) =>
  expect(stateIn({ ...issued, ...seen }, "credentialsTested")).toBe(expected),
);

test.each<[string, SetupFacts, ReturnType<typeof finishSetup>]>([
  ["before it began", { ...all, provider: null }, { ok: false, error: { kind: "setupNotBegun" } }],
  ["before a request", issued, { ok: false, error: { kind: "setupNotConnected" } }],
  ["while off", { ...all, isProvisioningOn: false }, { ok: false, error: { kind: "setupNotConnected" } }],
  ["after a request", called, { ok: true, value: { open: ["firstUser", "firstDeactivation"] } }],
  ["with everything", all, { ok: true, value: { open: [] } }],
])("finishing: %s", (_, facts, expected) => expect(finishSetup(facts)).toEqual(expected));

test.each([
  [{ hasPassword: true, isManaged: false, isLockExempt: false }, true],
  [{ hasPassword: true, isManaged: true, isLockExempt: true }, true],
  [{ hasPassword: true, isManaged: true, isLockExempt: false }, false],
  [{ hasPassword: false, isManaged: false, isLockExempt: true }, false],
])("an owner with %o is break-glass: %s", (owner, expected) => expect(isBreakGlass(owner)).toBe(expected));
