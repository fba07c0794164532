import { describe, expect, test } from "vitest";
import { guardLimit, guardLosses, guardWindowMs, type GuardFacts } from "./guard.ts";

const now = new Date("2026-11-24T12:00:00.000Z");
const ago = (milliseconds: number): Date => new Date(now.getTime() - milliseconds);
const storm: GuardFacts = { isOn: true, releasedUntil: null, managedMembers: 20, losses: 6, firstLossAt: ago(60_000) };
const passed = { ok: true, value: undefined };

test.each([
  [0, 5],
  [1, 5],
  [50, 5],
  [59, 5],
  [60, 6],
  [99, 9],
  [1000, 100],
])("rule 13: of %i managed people %i may lose something", (members, limit) => expect(guardLimit(members)).toBe(limit));

// Guards against a mistake in the directory that would empty the organization: more than the limit is stopped.
describe("rule 13: the guard", () => {
  test.each([
    ["lets the limit itself pass", { ...storm, losses: 5 }, passed],
    ["stops one more", storm, { ok: false, error: { kind: "guardTripped", count: 6, limit: 5, retryAfterS: 840 } }],
    ["grows with the organization", { ...storm, managedMembers: 60 }, passed],
    ["is off where an owner turned it off", { ...storm, isOn: false, losses: 1000 }, passed],
    ["lets everything pass while it is released", { ...storm, releasedUntil: ago(-1) }, passed],
    ["holds again at the end of the release", { ...storm, releasedUntil: now }, { ok: false }],
    ["holds after the release", { ...storm, releasedUntil: ago(1) }, { ok: false }],
    ["has nothing to say where nobody has lost anything", { ...storm, losses: 0, firstLossAt: null }, passed],
  ])("%s", (_, facts, expected) => expect(guardLosses(facts, now)).toMatchObject(expected));

  // Okta takes nothing but whole seconds above 0.
  test.each([
    [now, 900],
    [ago(1), 900],
    [ago(999), 900],
    [ago(1000), 899],
    [ago(guardWindowMs - 1), 1],
    [ago(guardWindowMs), 1],
    [ago(guardWindowMs + 5000), 1],
  ])("says when to come back, after a first loss at %s: %i s", (firstLossAt, retryAfterS) => {
    expect(guardLosses({ ...storm, firstLossAt }, now)).toMatchObject({ error: { retryAfterS } });
  });
});
