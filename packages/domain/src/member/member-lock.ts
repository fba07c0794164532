import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Contact, LockReason, Refusal } from "../rule-error.ts";
import { accountActions, type AccountAction, type LockedAction } from "./locked-action.ts";

/** One organization that a person belongs to, as far as locks depend on it. */
export type LockFacts = {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly isProvisioningOn: boolean;
  /** Provisioning is off, and its owners have decided to keep the person locked (`afterProvisioning`). */
  readonly isKeptLocked: boolean;
  /** Does the organization's identity provider manage this membership? An invited guest's is not managed. */
  readonly isManaged: boolean;
  /** Is the person an owner there, who may exempt anyone from the locks? */
  readonly isOwner: boolean;
  /** Is the person exempt from the locks? */
  readonly isExempt: boolean;
  /**
   * Has another organization verified the domain of the person's address? Then only that one locks email and password.
   */
  readonly isDomainOfAnother: boolean;
  /** The other owners there, as contacts. */
  readonly owners: readonly Contact[];
};

const ownersMax = 10;

/**
 * Checks whether a person is allowed this action (docs/design.md, section 3, rule 2). `organizationId` is the
 * organization they would leave. Leaving is locked by that organization alone; email and password by any organization
 * of the person, but once one has verified the domain of their address, by that one alone (rule 5b). Owners are locked
 * as well. Ended and unaccepted memberships hold no lock: leave them out of `memberships`.
 */
export function checkLock(
  accountAction: AccountAction,
  organizationId: string | null,
  memberships: readonly LockFacts[],
): Result<void, Refusal<"memberLocked">> {
  const action = accountActions[accountAction];
  return action === "free" ? ok(undefined) : checkActionLock(action, organizationId, memberships);
}

/** As `checkLock`, for a screen that shows an action as locked in advance. */
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
