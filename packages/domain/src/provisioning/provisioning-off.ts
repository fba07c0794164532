import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { ProvisioningSettings } from "./provisioning.ts";
import type { Refusal } from "../rule-error.ts";

/**
 * What happens to the directory's people when provisioning is turned off (docs/design.md section 3, rule 12). `release`: they
 * stay, and belong to the owners; `keepLocked`: they stay as they are, locks included, until owners release them;
 * `remove`: they lose their membership, as by an owner's removal.
 */
export const afterProvisioning = ["release", "keepLocked", "remove"] as const;
export type AfterProvisioning = (typeof afterProvisioning)[number];

type OffPerson = { readonly id: string; readonly name: string };

/** What is known, under the organization's lock, of those whom the directory manages. */
export type OffFacts = {
  /** Without those who are inactive: these have nothing to lose. */
  readonly managed: number;
  readonly managedInactive: number;
  /** How many of `managed` are owners. */
  readonly managedOwners: number;
  /** The owner who turns provisioning off, where the directory manages them. */
  readonly self: OffPerson | null;
  /** Owners with access whom the directory does not manage. */
  readonly otherOwners: number;
  /** The managed owner with access who is here the longest. */
  readonly firstOwner: OffPerson | null;
};

/** Whom a choice leaves here although it removes: never the last owner, and nobody removes themselves. */
export type StayingOwner = OffPerson & { readonly why: "self" | "lastOwner" };

/** What a choice comes to, in people who are active. */
export type OffPlan = {
  readonly released: number;
  readonly locked: number;
  readonly removed: number;
  /** How many owners are among the removed. */
  readonly removedOwners: number;
  /** People who are inactive, with whom the same is done: nobody gains or loses access by it. */
  readonly inactive: number;
  readonly staying: readonly StayingOwner[];
};

/** Foresees a choice; the screen shows it before, and the same plan is carried out. */
export function planTurningOff(choice: AfterProvisioning, facts: OffFacts): OffPlan {
  const { managed, managedInactive: inactive } = facts;
  const nobody: OffPlan = { released: 0, locked: 0, removed: 0, removedOwners: 0, inactive, staying: [] };
  switch (choice) {
    case "release":
      return { ...nobody, released: managed };
    case "keepLocked":
      return { ...nobody, locked: managed };
    case "remove": {
      const staying = stayingOwners(facts);
      const removedOwners = facts.managedOwners - staying.length;
      return { ...nobody, released: staying.length, removed: managed - staying.length, removedOwners, staying };
    }
  }
}

function stayingOwners({ self, otherOwners, firstOwner }: OffFacts): readonly StayingOwner[] {
  if (self !== null) return [{ ...self, why: "self" }];
  return otherOwners === 0 && firstOwner !== null ? [{ ...firstOwner, why: "lastOwner" }] : [];
}

/** How the owner has confirmed it. `typed` counts only where people are removed; see `removalPhrase`. */
export type OffConfirmation = { readonly typed?: string | undefined; readonly isOwnersConfirmed?: boolean | undefined };

/**
 * Turns provisioning off. Who removes people types how many: if that is another number by then, nobody is removed. Owners
 * among them are confirmed apart.
 */
export function turnOff(
  settings: ProvisioningSettings,
  choice: AfterProvisioning,
  facts: OffFacts,
  confirmation: OffConfirmation,
): Result<OffPlan, Refusal<"provisioningOff" | "confirmationWrong" | "ownerRemovalUnconfirmed">> {
  if (!settings.isEnabled) return err({ kind: "provisioningOff" });
  const plan = planTurningOff(choice, facts);
  if (choice !== "remove") return ok(plan);
  const expected = removalPhrase(plan.removed);
  if (!isTyped(confirmation.typed, expected)) return err({ kind: "confirmationWrong", expected });
  const isUnconfirmed = plan.removedOwners > 0 && confirmation.isOwnersConfirmed !== true;
  return isUnconfirmed ? err({ kind: "ownerRemovalUnconfirmed", count: plan.removedOwners }) : ok(plan);
}

/** What is typed to remove so many people. */
export function removalPhrase(people: number): string {
  return `remove ${people} ${people === 1 ? "person" : "people"}`;
}

/** What is typed to end so many tokens at once. */
export function tokensPhrase(tokens: number): string {
  return `end ${tokens} ${tokens === 1 ? "token" : "tokens"}`;
}

/** Ends every token that works, where the number of them was typed. */
export function endTokens(count: number, typed: string): Result<void, Refusal<"confirmationWrong">> {
  const expected = tokensPhrase(count);
  return isTyped(typed, expected) ? ok(undefined) : err({ kind: "confirmationWrong", expected });
}

function isTyped(typed: string | undefined, expected: string): boolean {
  return typed?.trim().toLowerCase() === expected;
}
