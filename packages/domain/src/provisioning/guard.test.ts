import { expect, test } from "vitest";
import { guardLimit, guardWindowMs, isGuardLatched, checkLosses, type GuardFacts } from "./guard.ts";

const now = new Date("2026-11-24T12:00:00.000Z");
const ago = (milliseconds: number): Date => new Date(now.getTime() - milliseconds);
const dayMs = 86_400_000;
const sixth: GuardFacts = {
  isOn: true,
  releasedUntil: null,
  latchedAt: null,
  holdsUntil: null,
  people: 20,
  losses: 6,
  unapproved: 1,
  rejected: [],
};
const single = { ...sixth, losses: 1 };
const latched = { ...single, latchedAt: ago(30 * dayMs) };
const passed = { ok: true, value: undefined };
const tripped = { ok: false, error: { kind: "guardTripped", limit: 5, retryAfterS: 900 } };
const rejected = { ok: false, error: { kind: "guardRejected", names: ["Pam"] } };

test.each([
  [0, 5],
  [1, 5],
  [50, 5],
  [59, 5],
  [60, 6],
  [99, 9],
  [1000, 100],
])("rule 13: of %i people %i may lose something", (members, limit) => expect(guardLimit(members)).toBe(limit));

// A mistake in the directory must not empty the organization.
test.each([
  ["lets one removal pass", single, passed],
  ["lets the limit itself pass", { ...sixth, losses: 5 }, passed],
  ["holds one more", sixth, tripped],
  ["grows with the organization", { ...sixth, people: 60 }, passed],
  ["is off where an owner turned it off", { ...latched, isOn: false, losses: 1000, rejected: ["Pam"] }, passed],
  ["lets everything pass while it is released", { ...sixth, releasedUntil: ago(-1) }, passed],
  ["holds again at the end of the release", { ...sixth, releasedUntil: now }, tripped],
  ["holds a single removal while it is latched, a month later too", latched, tripped],
  ["holds while the end of the hold has not come", { ...latched, holdsUntil: ago(-1) }, tripped],
  ["counts again at the end of the hold", { ...latched, holdsUntil: now }, passed],
  ["counts again after the hold, up to the limit", { ...latched, holdsUntil: ago(1), losses: 6 }, tripped],
  ["lets approved changes pass while it is latched", { ...latched, losses: 6, unapproved: 0 }, passed],
  ["keeps a person whom an owner keeps", { ...single, rejected: ["Pam"] }, rejected],
  ["keeps that person during a release", { ...single, rejected: ["Pam"], releasedUntil: ago(-1) }, rejected],
  ["keeps that person where the rest is approved", { ...latched, unapproved: 1, rejected: ["Pam"] }, rejected],
])("rule 13: the guard %s", (_, facts, expected) => expect(checkLosses(facts, now)).toEqual(expected));

test.each([
  [null, null, false],
  [null, ago(-1), false],
  [ago(guardWindowMs * 1000), null, true],
  [ago(1), ago(-1), true],
  [ago(1), now, false],
])("isGuardLatched: since %s, until %s: %s", (latchedAt, holdsUntil, expected) => {
  expect(isGuardLatched({ latchedAt, holdsUntil }, now)).toBe(expected);
});
