import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isTyped } from "../confirmation.ts";
import type { ProvisioningSettings } from "./provisioning.ts";
import type { Refusal } from "../rule-error.ts";

/**
 * What happens to managed members when provisioning is turned off (docs/design.md section 3, rule 12). `release`: they stay,
 * and owners manage them; `keepLocked`: they stay as they are, locks included, until owners unlock them; `remove`:
 * their membership ends, as by an owner's removal.
 */
export const afterProvisioning = ["release", "keepLocked", "remove"] as const;
export type AfterProvisioning = (typeof afterProvisioning)[number];

type OffPerson = { readonly id: string; readonly name: string };

/** The managed members, read under the organization's lock. */
export type OffFacts = {
  /** Without inactive members, who have no access to lose. */
  readonly managed: number;
  readonly managedInactive: number;
  /** How many of `managed` are owners. */
  readonly managedOwners: number;
  /** The owner who turns provisioning off, if the directory manages them. */
  readonly self: OffPerson | null;
  /** Owners with access whom the directory does not manage. */
  readonly otherOwners: number;
  /** The managed owner with access and the oldest membership. */
  readonly firstOwner: OffPerson | null;
};

/** An owner who stays although the choice is to remove: the last owner, or the acting owner. */
export type StayingOwner = OffPerson & { readonly why: "self" | "lastOwner" };

/** The effect of a choice, in active members. */
export type OffPlan = {
  readonly released: number;
  readonly locked: number;
  readonly removed: number;
  /** How many owners are among the removed. */
  readonly removedOwners: number;
  /** Inactive members, to whom the same applies without any change of access. */
  readonly inactive: number;
  readonly staying: readonly StayingOwner[];
};

/** Previews a choice; the same plan is carried out. */
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

/** How the owner has confirmed. `typed` matters only if people are removed; see `removalPhrase`. */
export type OffConfirmation = { readonly typed?: string | undefined; readonly isOwnersConfirmed?: boolean | undefined };

/**
 * Turns provisioning off. To remove people, their number must be typed: if it has changed since, nobody is removed.
 * Owners among them must be confirmed separately.
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

/** The confirmation phrase for removing people. */
export function removalPhrase(people: number): string {
  return `remove ${people} ${people === 1 ? "person" : "people"}`;
}

/** The confirmation phrase for revoking all tokens. */
export function tokensPhrase(tokens: number): string {
  return `revoke ${tokens} ${tokens === 1 ? "token" : "tokens"}`;
}

/** All active tokens are revoked only if their number was typed. */
export function checkTokensEnd(count: number, typed: string): Result<void, Refusal<"confirmationWrong">> {
  const expected = tokensPhrase(count);
  return isTyped(typed, expected) ? ok(undefined) : err({ kind: "confirmationWrong", expected });
}
