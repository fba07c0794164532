import {
  guardApprovalMs,
  guardLimit,
  guardWindowMs,
  judgeLosses,
  lossKinds,
  type GuardFacts,
  type GuardLatch,
  type Refusal,
} from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";

export type GuardRefusal = Refusal<"guardTripped" | "guardRejected">;

const isLoss = `c.actor_kind = 'token' and c.refusal is null
  and c.kind in (${lossKinds.map((kind) => `'${kind}'`).join(", ")})`;
/** An entry about a role keeps the role's id in `before`. */
const roleOfEntry = "(c.before ->> 'roleId')::uuid";

/**
 * Counts the people of organization `p` who have lost something since $2 and since the guard counts anew, but for what
 * an owner has approved.
 */
export const countedLosses = `(select count(distinct c.subject_id)::int from change c
  where c.organization_id = p.organization_id and ${isLoss} and c.at > $2
    and c.at >= coalesce(p.guard_counted_from, '-infinity')
    and not exists (select 1 from guard_hold h where h.organization_id = c.organization_id
      and h.member_id = c.subject_id and h.kind = c.kind and h.role_id is not distinct from ${roleOfEntry}
      and h.decision = 'approved' and (h.applied_at >= c.at or (h.applied_at is null
        and h.decided_at between c.at - interval '${guardApprovalMs / 1000} seconds' and c.at))))`;

/** What the caller's transaction has taken: entries at $2, its `now`, that no other transaction has written. */
const taken = `taken as materialized (select c.subject_id as member_id, c.subject_name as name, c.kind,
    ${roleOfEntry} as role_id
  from change c where c.organization_id = $1 and c.at = $2 and ${isLoss} and c.xmin = pg_current_xact_id()::xid)`;
const isHoldOfTaken = `h.organization_id = $1 and h.member_id = taken.member_id and h.kind = taken.kind
  and h.role_id is not distinct from taken.role_id and h.applied_at is null
  and (h.decision = 'rejected' or (h.decision = 'approved' and h.decided_at > $3))`;

/** The people are counted only where more of them lost something than any organization allows, as that reads them all. */
const facts = {
  name: "guard_facts",
  text: `with ${taken.replace("$2", "$4")},
    judged as (select taken.name, h.decision from taken left join guard_hold h on ${isHoldOfTaken}),
    loss as (select ${countedLosses} as count from provisioning p where p.organization_id = $1)
    select p.is_guard_on as "isOn", p.guard_released_until as "releasedUntil", p.guard_latched_at as "latchedAt",
      p.guard_holds_until as "holdsUntil", loss.count as losses,
      case when loss.count > $5 then (select count(*)::int from member m where m.organization_id = p.organization_id
        and m.is_managed and not m.is_deleted) else 0 end as "managedMembers",
      (select count(*)::int from judged where decision = 'approved') as approved,
      (select count(*)::int from judged where decision is distinct from 'approved') as unapproved,
      array(select distinct name from judged where decision = 'rejected' order by name limit 10) as rejected
    from provisioning p cross join loss where p.organization_id = $1`,
};
const markApplied = {
  name: "guard_hold_applied",
  text: `with ${taken} update guard_hold h set applied_at = $2 from taken where ${isHoldOfTaken}`,
};
const takenByCall = {
  name: "guard_taken",
  text: `with ${taken} select member_id as "memberId", kind, role_id as "roleId" from taken order by 1, 2, 3`,
};

const shape = z.object({
  isOn: z.boolean(),
  releasedUntil: z.date().nullable(),
  latchedAt: z.date().nullable(),
  holdsUntil: z.date().nullable(),
  managedMembers: z.number(),
  losses: z.number(),
  approved: z.number(),
  unapproved: z.number(),
  rejected: z.array(z.string()),
}) satisfies z.ZodType<GuardFacts & GuardLatch>;

type CallContext = Pick<WriteContext, "organizationId" | "now">;

/**
 * May what the provider has just taken stand? Call it after the write, in its transaction and under the organization's
 * lock; a refusal rolls the write back. A person who loses several things counts once. An approval is used up by it.
 */
export async function checkGuard(
  tx: Queryable,
  { organizationId, now }: CallContext,
): Promise<Result<void, GuardRefusal>> {
  const [windowStart, approvedSince] = [before(now, guardWindowMs), before(now, guardApprovalMs)];
  const [row] = await tx.query(facts, [organizationId, windowStart, approvedSince, now, guardLimit(0)]);
  const found = shape.parse(row);
  const judged = judgeLosses(found, now);
  if (judged.ok && found.approved > 0) await tx.query(markApplied, [organizationId, now, approvedSince]);
  return judged;
}

/** Something that a person would lose by a call. */
export type GuardLoss = z.infer<typeof lossRow>;
const lossRow = z.object({ memberId: z.string(), kind: z.enum(lossKinds), roleId: z.string().nullable() });

/** All that the caller's transaction has taken so far, before it is rolled back. */
export async function readTaken(tx: Queryable, { organizationId, now }: CallContext): Promise<readonly GuardLoss[]> {
  return (await tx.query(takenByCall, [organizationId, now])).map((row) => lossRow.parse(row));
}

function before(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() - milliseconds);
}
