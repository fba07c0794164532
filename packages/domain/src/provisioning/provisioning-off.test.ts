import { expect, test } from "vitest";
import { checkTokensEnd, planTurningOff, turnOff, type OffFacts } from "./provisioning-off.ts";

const facts: OffFacts = {
  managed: 8,
  managedInactive: 3,
  managedOwners: 0,
  self: null,
  otherOwners: 1,
  firstOwner: null,
};
const ada = { id: "a", name: "Ada" };
const grace = { id: "g", name: "Grace" };
const nobody = { released: 0, locked: 0, removed: 0, removedOwners: 0, inactive: 3, staying: [] };

test.each([
  ["AR-75 release keeps everybody", "release", facts, { ...nobody, released: 8 }],
  ["keeping locked changes nobody", "keepLocked", facts, { ...nobody, locked: 8 }],
  ["remove takes everybody where another owner stays", "remove", facts, { ...nobody, removed: 8 }],
  [
    "managed owners go too where another owner stays",
    "remove",
    { ...facts, managedOwners: 2, firstOwner: ada },
    { ...nobody, removed: 8, removedOwners: 2 },
  ],
  [
    "you cannot remove yourself",
    "remove",
    { ...facts, managedOwners: 2, self: grace, firstOwner: ada },
    { ...nobody, released: 1, removed: 7, removedOwners: 1, staying: [{ ...grace, why: "self" }] },
  ],
  [
    "who acts is an owner who stays, so that no other has to",
    "remove",
    { ...facts, managedOwners: 2, otherOwners: 0, self: grace, firstOwner: ada },
    { ...nobody, released: 1, removed: 7, removedOwners: 1, staying: [{ ...grace, why: "self" }] },
  ],
  [
    "the last owner stays where the operator acts",
    "remove",
    { ...facts, managedOwners: 3, otherOwners: 0, firstOwner: ada },
    { ...nobody, released: 1, removed: 7, removedOwners: 2, staying: [{ ...ada, why: "lastOwner" }] },
  ],
  ["nobody is managed", "remove", { ...facts, managed: 0 }, nobody],
] as const)("what a choice comes to: %s", (_, choice, known, expected) => {
  expect(planTurningOff(choice, known)).toEqual(expected);
});

const on = { isEnabled: true, defaultRoleId: "r1" };
const owners = { ...facts, managedOwners: 1, firstOwner: ada };

test.each([
  ["is refused where it is off", { ...on, isEnabled: false }, "release", facts, {}, { kind: "provisioningOff" }],
  ["releases without a further word", on, "release", owners, {}, undefined],
  ["keeps locked without a further word", on, "keepLocked", owners, {}, undefined],
  ["removes nobody unconfirmed", on, "remove", facts, {}, { kind: "confirmationWrong", expected: "remove 8 people" }],
  [
    "removes nobody where others came meanwhile",
    on,
    "remove",
    facts,
    { typed: "remove 7 people" },
    { kind: "confirmationWrong", expected: "remove 8 people" },
  ],
  ["removes as confirmed", on, "remove", facts, { typed: " Remove 8 people " }, undefined],
  [
    "removes no owner by the way",
    on,
    "remove",
    owners,
    { typed: "remove 8 people" },
    { kind: "ownerRemovalUnconfirmed", count: 1 },
  ],
  ["removes owners", on, "remove", owners, { typed: "remove 8 people", isOwnersConfirmed: true }, undefined],
  [
    "is asked even where there is nobody",
    on,
    "remove",
    { ...facts, managed: 0 },
    {},
    { kind: "confirmationWrong", expected: "remove 0 people" },
  ],
] as const)("turning off: %s", (_, settings, choice, known, confirmation, refusal) => {
  const outcome = turnOff(settings, choice, known, confirmation);
  expect(outcome.ok ? undefined : outcome.error).toEqual(refusal);
});

test.each([
  [2, "revoke 2 tokens", true],
  [1, "Revoke 1 token", true],
  [3, "revoke 2 tokens", false],
] as const)("%i tokens end by “%s”: %s", (count, typed, isEnded) => {
  expect(checkTokensEnd(count, typed).ok).toBe(isEnded);
});
