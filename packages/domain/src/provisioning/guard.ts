import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

export const guardWindowMs = 15 * 60_000;
/** How long an owner allows all removals. */
export const guardReleaseMinutes = 60;
/** How long an approved change may be retried: longer than Okta's last pause (900 s doubled nine times). */
export const guardApprovalMs = 14 * 86_400_000;
/** The most recorded changes per organization; further ones are refused without a record. */
export const guardHoldsMax = 1000;
/** How often owners are reminded of a hold. */
export const guardReminderMs = 86_400_000;
const guardFloor = 5;
const guardShare = 0.1;

/** What an owner decides about a held change. */
export const guardDecisions = ["approved", "rejected"] as const;
export type GuardDecision = (typeof guardDecisions)[number];

/** The stored state of the guard. */
export type GuardLatch = {
  /** When the guard began to hold; null if it does not. */
  readonly latchedAt: Date | null;
  /** When the hold ends automatically, once everything is decided; null while a change awaits a decision. */
  readonly holdsUntil: Date | null;
};

export type GuardFacts = GuardLatch & {
  readonly isOn: boolean;
  /** Until when an owner allows all removals; null if no owner ever has. */
  readonly releasedUntil: Date | null;
  /** Managed people who have access, or have lost it among `losses`. */
  readonly people: number;
  /**
   * People who lost something within the last `guardWindowMs` without an owner's approval, including this request's.
   */
  readonly losses: number;
  /** Losses of this request that no owner has approved. */
  readonly unapproved: number;
  /** Names of the people of this request whom an owner keeps, at most ten. */
  readonly rejected: readonly string[];
};

/** How many people may lose something through the provider within the window, of `people` as in `GuardFacts`. */
export function guardLimit(people: number): number {
  return Math.max(guardFloor, Math.floor(people * guardShare));
}

/** Does the guard hold every destructive write now? */
export function isGuardLatched({ latchedAt, holdsUntil }: GuardLatch, now: Date): boolean {
  return latchedAt !== null && (holdsUntil === null || holdsUntil > now);
}

/**
 * Decides on this request's losses. An owner's decision takes precedence over the count. Source: design section 3, rule
 * 13.
 */
export function checkLosses(facts: GuardFacts, now: Date): Result<void, Refusal<"guardTripped" | "guardRejected">> {
  if (!facts.isOn) return ok(undefined);
  if (facts.rejected.length > 0) return err({ kind: "guardRejected", names: facts.rejected });
  const isReleased = facts.releasedUntil !== null && facts.releasedUntil > now;
  if (facts.unapproved === 0 || isReleased) return ok(undefined);
  const limit = guardLimit(facts.people);
  if (!isGuardLatched(facts, now) && facts.losses <= limit) return ok(undefined);
  return err({ kind: "guardTripped", limit, retryAfterS: guardWindowMs / 1000 });
}
