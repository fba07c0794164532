import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "./rule-error.ts";

export const guardWindowMs = 15 * 60_000;
const guardFloor = 5;
const guardShare = 0.1;

export type GuardFacts = {
  readonly isOn: boolean;
  /** Until when an owner lets everything pass; null where nobody has. */
  readonly releasedUntil: Date | null;
  readonly managedMembers: number;
  /** People who lost something to the provider within the last `guardWindowMs`, this call's included; since when. */
  readonly losses: number;
  readonly firstLossAt: Date | null;
};

/** How many people may lose something to the provider within the window. */
export function guardLimit(managedMembers: number): number {
  return Math.max(guardFloor, Math.floor(managedMembers * guardShare));
}

/** May the provider's losses stand as they would be after this call? Source: design section 3, rule 13. */
export function guardLosses(facts: GuardFacts, now: Date): Result<void, Refusal<"guardTripped">> {
  const { losses, firstLossAt } = facts;
  const limit = guardLimit(facts.managedMembers);
  const isReleased = facts.releasedUntil !== null && facts.releasedUntil > now;
  if (!facts.isOn || isReleased || losses <= limit || firstLossAt === null) return ok(undefined);
  const retryAfterS = Math.max(1, Math.ceil((firstLossAt.getTime() + guardWindowMs - now.getTime()) / 1000));
  return err({ kind: "guardTripped", count: losses, limit, retryAfterS });
}
