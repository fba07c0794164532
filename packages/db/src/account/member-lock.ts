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

/** What a person does to which account. `organizationId`: the one that they leave by it. */
export type LockCheck = {
  readonly accountAction: AccountAction;
  readonly accountId: string;
  readonly organizationId?: string | null;
};

/**
 * Do the locks of the organizations allow this? Call it in the transaction of what comes after: the settings of every
 * organization of the person are held, so that provisioning is turned on either before the answer or after the act. Who
 * leaves asks one organization alone and changes it, so that its own lock is taken at once: two people who held it for
 * share would wait for each other.
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

/** What is locked for the account now, for the screens: the lock of each action, undefined where there is none. */
export async function readLocks(
  sql: Queryable,
  accountId: string,
  organizationId: string | null,
): Promise<Readonly<Record<LockedAction, Refusal<"memberLocked"> | undefined>>> {
  const facts = await lockFacts(sql, accountId);
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

/** Those of them in organizations that lock, exempt or not. */
export function lockingMembers(sql: Queryable, accountId: string) {
  return activeMembers(sql, accountId)
    .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
    .where(isLocking);
}

function lockFacts({ db }: Queryable, accountId: string) {
  return db
    .selectFrom("member as m")
    .innerJoin("account as a", "a.id", "m.accountId")
    .innerJoin("organization as o", "o.id", "m.organizationId")
    .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
    .where("m.accountId", "=", accountId)
    .where(isActiveMember)
    .select(["m.organizationId", "o.name as organizationName", "p.isEnabled as isProvisioningOn", "m.isManaged"])
    .select([
      isKeptLocked.as("isKeptLocked"),
      isExempt("locks").as("isExempt"),
      isOwner.$castTo<boolean>().as("isOwner"),
    ])
    .select([isDomainOfAnother.as("isDomainOfAnother"), otherOwners.as("owners")])
    .orderBy("o.name")
    .orderBy("o.id")
    .limit(100)
    .execute();
}

/** In the order of the organizations, so that two transactions never wait for each other in a circle. */
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
