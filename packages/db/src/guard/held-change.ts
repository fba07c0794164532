import { guardDecisions, guardHoldsMax, lossKinds } from "@rollcall/domain";
import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

/** Does somebody still have what hold `h` would take from member `m`? What has gone in another way needs no decision. */
export const isStillThere = `not m.is_deleted and case h.kind when 'member.deleted' then true
  when 'member.deactivated' then m.active
  else exists (select 1 from role_grant g where g.organization_id = h.organization_id and g.member_id = h.member_id
    and g.role_id = h.role_id) end`;

/** The changes of organization `organizationId` that wait for an owner, as the part of a statement after `select`. */
export const waitingHolds = (organizationId: string): string => `from guard_hold h
  join member m on m.organization_id = h.organization_id and m.id = h.member_id
  where h.organization_id = ${organizationId} and h.decision is null and ${isStillThere}`;

/** How many changes wait for an owner. */
export async function countWaiting(sql: Queryable, organizationId: string): Promise<number> {
  const [row] = await sql.query(waiting, [organizationId]);
  return z.object({ count: z.number() }).parse(row).count;
}

/** Since when the guard holds and how many changes wait; null where it does not hold. */
export async function readGuardHold(
  sql: Queryable,
  organizationId: string,
  now: Date,
): Promise<{ readonly latchedAt: Date; readonly held: number } | null> {
  const [row] = await sql.query(hold, [organizationId, now]);
  return row === undefined ? null : z.object({ latchedAt: z.date(), held: z.number() }).parse(row);
}

/** A change that the guard has refused and that has not been made since. */
export type HeldChange = z.infer<typeof heldRow>;
const heldRow = z.object({
  id: z.string(),
  memberId: z.string(),
  name: z.string(),
  userName: z.string(),
  kind: z.enum(lossKinds),
  /** The role that is revoked; null for other kinds. */
  role: z.string().nullable(),
  /** The request of the last try. */
  requestId: z.string(),
  firstTriedAt: z.date(),
  lastTriedAt: z.date(),
  tries: z.number(),
  decision: z.enum(guardDecisions).nullable(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
});

/** All changes on record that still matter, the oldest first; at most `guardHoldsMax`. */
export async function listHeldChanges(sql: Queryable, organizationId: string): Promise<readonly HeldChange[]> {
  return (await sql.query(list, [organizationId, guardHoldsMax])).map((row) => heldRow.parse(row));
}

const waiting = { name: "guard_hold_waiting", text: `select count(*)::int as count ${waitingHolds("$1")}` };
/** As `isGuardLatched` of the domain, where the guard is on and not released. */
const hold = {
  name: "guard_hold_now",
  text: `select p.guard_latched_at as "latchedAt", (select count(*)::int ${waitingHolds("p.organization_id")}) as held
    from provisioning p where p.organization_id = $1 and p.is_guard_on and p.guard_latched_at is not null
      and coalesce(p.guard_holds_until > $2, true) and coalesce(p.guard_released_until <= $2, true)`,
};
const list = {
  name: "guard_hold_list",
  text: `select h.id, h.member_id as "memberId", m.name, m.user_name as "userName", h.kind, r.name as role,
      h.request_id as "requestId", h.first_tried_at as "firstTriedAt", h.last_tried_at as "lastTriedAt", h.tries,
      h.decision, h.decided_at as "decidedAt", h.decided_by as "decidedBy"
    from guard_hold h join member m on m.organization_id = h.organization_id and m.id = h.member_id
    left join role r on r.organization_id = h.organization_id and r.id = h.role_id
    where h.organization_id = $1 and h.applied_at is null and ${isStillThere}
    order by h.first_tried_at, m.name_key, h.id limit $2`,
};
