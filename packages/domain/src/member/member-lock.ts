import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Contact, LockReason, Refusal } from "../rule-error.ts";
import { accountActions, type AccountAction, type LockedAction } from "./locked-action.ts";

/** One organization that a person belongs to, as the lock sees it. */
export type LockFacts = {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly isProvisioningOn: boolean;
  /** Provisioning is off, and its owners have decided to keep the person locked (`afterProvisioning`). */
  readonly isKeptLocked: boolean;
  /** Does the identity provider of the organization manage this membership? Not that of a guest who was invited. */
  readonly isManaged: boolean;
  /** Is the person an owner there, who may exempt anybody from the locks? */
  readonly isOwner: boolean;
  /** Is the person on the owners' list of those whom the locks leave alone? */
  readonly isExempt: boolean;
  /** Has another organization verified the domain of the person's address? Then e-mail and password are its to lock. */
  readonly isDomainOfAnother: boolean;
  /** The other owners there, whom the person can ask. */
  readonly owners: readonly Contact[];
};

const ownersMax = 10;

/**
 * Is a person allowed this action (docs/design.md, section 3, rule 2)? `organizationId` is the organization they would leave;
 * leaving is locked by that organization alone, e-mail and password by any that the person belongs to, but once the
 * domain of their address is verified by that one alone (rule 5b). Owners are locked as well. Memberships that have ended or that nobody has accepted hold no lock: leave them out of `memberships`.
 */
export function checkLock(
  accountAction: AccountAction,
  organizationId: string | null,
  memberships: readonly LockFacts[],
): Result<void, Refusal<"memberLocked">> {
  const action = accountActions[accountAction];
  return action === "free" ? ok(undefined) : checkActionLock(action, organizationId, memberships);
}

/** As `checkLock`, for a screen that shows an action as locked before anybody tries it. */
export function checkActionLock(
  action: LockedAction,
  organizationId: string | null,
  memberships: readonly LockFacts[],
): Result<void, Refusal<"memberLocked">> {
  const holders = memberships.filter(
    (one) =>
      (one.isProvisioningOn || one.isKeptLocked) &&
      !one.isExempt &&
      (action === "leave" ? one.organizationId === organizationId : !one.isDomainOfAnother),
  );
  if (holders.length === 0) return ok(undefined);
  const owners = new Map(holders.flatMap((one) => one.owners).map((owner) => [owner.email, owner]));
  return err({
    kind: "memberLocked",
    action,
    holders: holders.map(({ organizationId: id, organizationName: name, isOwner, ...one }) => ({
      id,
      name,
      isOwner,
      reason: reasonOf(one),
    })),
    owners: [...owners.values()].slice(0, ownersMax),
  });
}

function reasonOf({ isProvisioningOn, isManaged }: Pick<LockFacts, "isProvisioningOn" | "isManaged">): LockReason {
  if (!isProvisioningOn) return "kept";
  return isManaged ? "managed" : "everybody";
}
