import {
  accountActions,
  checkLock,
  checkActionLock,
  type AccountAction,
  type lockedActions,
  type Refusal,
} from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { isExempt, isOwner, otherOwners } from "../member/member-columns.ts";
import { lockOrganization } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { isActiveMember, isDomainOfAnother, isKeptLocked, isLocking } from "./lock-columns.ts";

/** A person's action on an account. `organizationId`: the organization to leave. */
export type LockCheck = {
  readonly accountAction: AccountAction;
  readonly accountId: string;
  readonly organizationId?: string | null;
};

/**
 * Checks the locks of the organizations, in the transaction of the action. Holds the settings of the person's
 * organizations, so that provisioning is enabled either before the check or after the action. Leaving needs only the
 * lock of one organization and updates it, so it takes that lock exclusively at once: two shared locks would deadlock.
 */
export async function checkMemberLock(
  tx: Queryable,
  attempt: LockCheck,
): Promise<Result<void, Refusal<"memberLocked">>> {
  const { accountAction, accountId, organizationId = null } = attempt;
  if (accountActions[accountAction] !== "leave") await holdSettings(tx, accountId);
  else if (organizationId !== null) await lockOrganization(tx, organizationId);
  return checkLock(accountAction, organizationId, await lockFacts(tx, accountId));
}

type LockedAction = (typeof lockedActions)[number];

/**
 * The lock of each action on the account, for display; undefined: not locked. `isOwnOnly`: without the locks of other
 * organizations than `organizationId`, which a session that is valid only there must not see.
 */
export async function readLocks(
  sql: Queryable,
  accountId: string,
  organizationId: string | null,
  isOwnOnly = false,
): Promise<Readonly<Record<LockedAction, Refusal<"memberLocked"> | undefined>>> {
  const all = await lockFacts(sql, accountId);
  const facts = isOwnOnly ? all.filter((one) => one.organizationId === organizationId) : all;
  const lockOf = (action: LockedAction): Refusal<"memberLocked"> | undefined => {
    const passed = checkActionLock(action, organizationId, facts);
    return passed.ok ? undefined : passed.error;
  };
  return { leave: lockOf("leave"), changeEmail: lockOf("changeEmail"), changePassword: lockOf("changePassword") };
}

/** The account's active members; at most 100. */
export function activeMembers({ db }: Queryable, accountId: string) {
  return db
    .selectFrom("member as m")
    .where("m.accountId", "=", accountId)
    .where(isActiveMember)
    .select(["m.organizationId", "m.id", "m.name"])
    .orderBy("m.organizationId")
    .limit(100);
}

/** The active members in organizations that lock, exempt or not. */
export function lockingMembers(sql: Queryable, accountId: string) {
  return activeMembers(sql, accountId)
    .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
    .where(isLocking);
}

function lockFacts({ db }: Queryable, accountId: string) {
  return (
    db
      .selectFrom("member as m")
      .innerJoin("account as a", "a.id", "m.accountId")
      .innerJoin("organization as o", "o.id", "m.organizationId")
      .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
      .where("m.accountId", "=", accountId)
      .where(isActiveMember)
      .where(isLocking)
      .select(["m.organizationId", "o.name as organizationName", "p.isEnabled as isProvisioningOn", "m.isManaged"])
      .select([
        isKeptLocked.as("isKeptLocked"),
        isExempt("locks").as("isExempt"),
        isOwner.$castTo<boolean>().as("isOwner"),
      ])
      .select([isDomainOfAnother.as("isDomainOfAnother"), otherOwners.as("owners")])
      // The locks come before the exemptions, so that no bound hides one.
      .orderBy("isExempt")
      .orderBy("o.name")
      .orderBy("o.id")
      .limit(100)
      .execute()
  );
}

/** In the order of the organizations, to avoid deadlocks. */
async function holdSettings({ db }: Queryable, accountId: string): Promise<void> {
  const members = db.selectFrom("member as m").where("m.accountId", "=", accountId).where(isActiveMember);
  await db
    .selectFrom("provisioning as p")
    .where("p.organizationId", "in", members.select("m.organizationId"))
    .select("p.organizationId")
    .orderBy("p.organizationId")
    .forShare()
    .execute();
}
