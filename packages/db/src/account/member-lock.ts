import { doors, passDoor, passLock, lockedActions, type Door, type LockFacts, type Refusal } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import { isOwnerColumn, otherOwners } from "../member/member-row.ts";
import { lockOrganization } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";

/** Whose door it is. `organizationId`: the one that the door leads out of; null where it leads out of none. */
export type DoorVisit = { readonly door: Door; readonly accountId: string; readonly organizationId: string | null };

/**
 * May this account pass the door? Call it in the transaction of what comes after: the settings of every organization of
 * the person are held, so that provisioning is turned on either before the answer or after the act. A way out asks one
 * organization alone and changes it, so that it takes that one's lock at once: two people who held it for share would
 * wait for each other.
 */
export async function tryDoor(tx: Queryable, visit: DoorVisit): Promise<Result<void, Refusal<"memberLocked">>> {
  const { accountId, organizationId } = visit;
  if (doors[visit.door] !== "leave") await tx.query(holdSettings, [accountId]);
  else if (organizationId !== null) await lockOrganization(tx, organizationId);
  return passDoor(visit.door, organizationId, await lockFacts(tx, accountId));
}

/** What is locked for the account now, for the screens: the lock of each action, undefined where it is open. */
export async function readLocks(
  sql: Queryable,
  accountId: string,
  organizationId: string | null,
): Promise<Readonly<Record<(typeof lockedActions)[number], Refusal<"memberLocked"> | undefined>>> {
  const facts = await lockFacts(sql, accountId);
  const lockOf = (action: (typeof lockedActions)[number]): Refusal<"memberLocked"> | undefined => {
    const passed = passLock(action, organizationId, facts);
    return passed.ok ? undefined : passed.error;
  };
  return { leave: lockOf("leave"), changeEmail: lockOf("changeEmail"), changePassword: lockOf("changePassword") };
}

/** How an attempt that a lock has stopped is written down: as what was attempted, by whom, in each locking organization. */
export type RefusedAttempt = Pick<NewChange, "kind" | "requestId"> & {
  readonly now: Date;
  readonly accountId: string;
  readonly refusal: Refusal<"memberLocked">;
};

/** Records a refused attempt where its owners see it. After the rolled-back transaction, on its own. */
export async function recordLockRefusal(sql: Queryable, attempt: RefusedAttempt): Promise<void> {
  const { accountId, kind, now, requestId, refusal } = attempt;
  const rows = await sql.query(lockingMembers, [accountId]);
  const members = rows
    .map((row) => lockingRow.parse(row))
    .filter((one) => refusal.holders.some(({ id }) => id === one.organizationId));
  await recordChanges(
    sql,
    members.map(({ organizationId, memberId, name }) => ({
      organizationId,
      at: now,
      requestId,
      actor: { kind: "person", id: accountId, name },
      subject: { kind: "member", id: memberId, name },
      kind,
      refusal: refusal.kind,
      after: { action: refusal.action },
    })),
  );
}

const factsRow = z.object({
  organizationId: z.string(),
  organizationName: z.string(),
  isProvisioningOn: z.boolean(),
  isKeptLocked: z.boolean(),
  isExempt: z.boolean(),
  isManaged: z.boolean(),
  isOwner: z.boolean(),
  isDomainOfAnother: z.boolean(),
  owners: z.array(z.object({ name: z.string(), email: z.string() })),
});
const lockingRow = z.object({
  organizationId: z.string(),
  memberId: z.string(),
  name: z.string(),
});

async function lockFacts(sql: Queryable, accountId: string): Promise<readonly LockFacts[]> {
  return (await sql.query(facts, [accountId])).map((row) => factsRow.parse(row));
}

/** In the order of the organizations, so that two visits never wait for each other in a circle. */
const holdSettings = {
  name: "lock_hold_settings",
  text: `select 1 from provisioning p where p.organization_id in (select m.organization_id from member m
      where m.account_id = $1 and m.active and not m.awaits_acceptance and not m.is_deleted)
    order by p.organization_id for share`,
};

const membershipsOf = `from member m join organization o on o.id = m.organization_id
  join provisioning p on p.organization_id = m.organization_id
  where m.account_id = $1 and m.active and not m.awaits_acceptance and not m.is_deleted`;

/** Provisioning is off, and whom the directory managed was kept locked. */
const isKeptLocked = "(p.keeps_locks and m.is_managed and not p.is_enabled)";
const isExempt = `exists (select 1 from exemption e where e.kind = 'locks' and e.organization_id = m.organization_id
  and e.member_id = m.id)`;

/** Does any membership of the account that is called `a` lock its password? As `passLock` decides. */
export const isPasswordLocked = `exists (select 1 from member m join provisioning p on p.organization_id = m.organization_id
  where m.account_id = a.id and m.active and not m.awaits_acceptance and not m.is_deleted
    and (p.is_enabled or ${isKeptLocked}) and not ${isExempt}
    and not exists (select 1 from verified_domain v where v.domain_key = substring(a.email_key from '[^@]*$')
      and v.organization_id <> m.organization_id))`;

const facts = {
  name: "lock_facts",
  text: `select m.organization_id as "organizationId", o.name as "organizationName", p.is_enabled as "isProvisioningOn",
      ${isKeptLocked} as "isKeptLocked", m.is_managed as "isManaged", ${isOwnerColumn} as "isOwner",
      ${isExempt} as "isExempt",
      exists (select 1 from account a join verified_domain v on v.domain_key = substring(a.email_key from '[^@]*$')
        where a.id = m.account_id and v.organization_id <> m.organization_id) as "isDomainOfAnother",
      ${otherOwners} as owners
    ${membershipsOf} order by o.name, o.id limit 100`,
};
const lockingMembers = {
  name: "lock_members",
  text: `select m.organization_id as "organizationId", m.id as "memberId", m.name
    ${membershipsOf} and (p.is_enabled or ${isKeptLocked}) order by m.organization_id limit 100`,
};
