import {
  guardApprovalMs,
  guardHoldsMax,
  guardLimit,
  guardReminderMs,
  guardWindowMs,
  isGuardLatched,
} from "@rollcall/domain";
import { z } from "zod";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import { lockOrganization } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import type { GuardLoss, GuardRefusal } from "./guard-check.ts";
import { mailHold, mailRejected } from "./guard-mail.ts";
import { isStillThere } from "./held-change.ts";

/** A call that the guard has refused: what it would have taken, and the entry that tells of it. */
type Stopped = { readonly losses: readonly GuardLoss[]; readonly entry: NewChange };

/**
 * Records a refused call in a transaction of its own, under the organization's lock: what is held, and at the first one
 * that the guard holds from now on, with a mail to the owners. A retry counts up its row and leaves no further entry in
 * the log. Where an owner has decided between the refusal and this, the decision stands.
 */
export async function recordStopped(database: Database, context: WriteContext, stopped: Stopped): Promise<void> {
  const isTripped = stopped.entry.refusal === ("guardTripped" satisfies GuardRefusal["kind"]);
  await database.transaction(async (tx) => {
    const { organizationId, now } = context;
    await lockOrganization(tx, organizationId);
    const state = stateRow.parse((await tx.query(holdState, [organizationId]))[0]);
    const isReleased = state.releasedUntil !== null && state.releasedUntil > now;
    const mayHold = isTripped && state.isOn && !isReleased;
    const rows = await saveHolds(tx, context, stopped.losses, mayHold);
    const isUnknown = rows.length < stopped.losses.length || rows.some(({ tries }) => tries === 1);
    if (isTripped && isUnknown) await recordChanges(tx, [stopped.entry]);
    if (!isTripped) await tellOfRejected(tx, context, state, stopped.losses);
    // Everything may have been approved in the meantime; the next try passes then.
    if (mayHold && (rows.length < stopped.losses.length || rows.some(({ decision }) => decision === null))) {
      await hold(tx, context, state);
    }
  });
}

/** Once a day for each removal that owners have rejected. */
async function tellOfRejected(
  tx: Queryable,
  { organizationId, now }: WriteContext,
  { organization }: z.infer<typeof stateRow>,
  losses: readonly GuardLoss[],
): Promise<void> {
  const dayAgo = new Date(now.getTime() - guardReminderMs);
  const rows = await tx.query(noteRejected, [organizationId, losses.map(({ memberId }) => memberId), now, dayAgo]);
  const names = [...new Set(rows.map((row) => z.object({ name: z.string() }).parse(row).name))].sort();
  if (names.length > 0) await mailRejected(tx, { organizationId, organization, names }, now);
}

async function saveHolds(
  tx: Queryable,
  { organizationId, now, requestId }: WriteContext,
  losses: readonly GuardLoss[],
  mayAdd: boolean,
): Promise<readonly z.infer<typeof heldRow>[]> {
  const windowStart = new Date(now.getTime() - guardWindowMs);
  await tx.query(forgetEnded, [organizationId, windowStart, new Date(now.getTime() - guardApprovalMs)]);
  const rows = await tx.query(save, [
    organizationId,
    now,
    requestId ?? "",
    losses.map(newId),
    losses.map(({ memberId }) => memberId),
    losses.map(({ kind }) => kind),
    losses.map(({ roleId }) => roleId),
    mayAdd ? guardHoldsMax : 0,
  ]);
  return rows.map((row) => heldRow.parse(row));
}

/** Starts the hold, or keeps it from ending by itself where everything so far was decided. */
async function hold(tx: Queryable, context: WriteContext, state: z.infer<typeof stateRow>): Promise<void> {
  const { organizationId, now } = context;
  const isLatched = isGuardLatched(state, now);
  if (isLatched && state.holdsUntil === null) return;
  const since = isLatched ? state.latchedAt : now;
  await tx.query(latch, [organizationId, since, now]);
  const rollcall = { kind: "system", id: null, name: "" } as const;
  const subject = { kind: "provisioning", id: null, name: "Provisioning" } as const;
  const limit = guardLimit(state.managedMembers);
  await recordChanges(tx, [
    { ...entryOf(context), actor: rollcall, subject, kind: "provisioning.guard_latched", after: { limit } },
  ]);
  await mailHold(tx, { organizationId, organization: state.organization, limit }, now);
}

const heldRow = z.object({ tries: z.number(), decision: z.string().nullable() });
const stateRow = z.object({
  organization: z.string(),
  isOn: z.boolean(),
  releasedUntil: z.date().nullable(),
  latchedAt: z.date().nullable(),
  holdsUntil: z.date().nullable(),
  managedMembers: z.number(),
});

const holdState = {
  name: "guard_state",
  text: `select o.name as organization, p.is_guard_on and p.is_enabled as "isOn", p.guard_released_until as "releasedUntil",
      p.guard_latched_at as "latchedAt", p.guard_holds_until as "holdsUntil",
      (select count(*)::int from member m where m.organization_id = $1 and m.is_managed and not m.is_deleted)
        as "managedMembers"
    from provisioning p join organization o on o.id = p.organization_id where p.organization_id = $1`,
};
/** What was applied matters to the count until the window has passed. */
const forgetEnded = {
  name: "guard_hold_forget",
  text: `delete from guard_hold h using member m where h.organization_id = $1
    and m.organization_id = h.organization_id and m.id = h.member_id
    and case when h.applied_at is not null then h.applied_at <= $2
      when h.decision = 'approved' then h.decided_at <= $3 else not (${isStillThere}) end`,
};
/** $8: so many rows an organization may have; a change that is known finds its row in any case. */
const save = {
  name: "guard_hold_save",
  text: `with loss as (select loss.*, known.id is not null as is_known,
        row_number() over (partition by known.id is null order by loss.id) as place
      from unnest($4::uuid[], $5::uuid[], $6::text[], $7::uuid[]) as loss (id, member_id, kind, role_id)
      left join guard_hold known on known.organization_id = $1 and known.member_id = loss.member_id
        and known.kind = loss.kind and known.role_id is not distinct from loss.role_id)
    insert into guard_hold as h (organization_id, id, member_id, kind, role_id, request_id, first_tried_at, last_tried_at,
      tries)
    select $1, id, member_id, kind, role_id, $3, $2, $2, 1 from loss
    where is_known or place <= $8 - (select count(*) from guard_hold where organization_id = $1)
    on conflict (organization_id, member_id, kind, role_id) do update set request_id = excluded.request_id,
      last_tried_at = excluded.last_tried_at,
      first_tried_at = case when h.applied_at is null then h.first_tried_at else excluded.first_tried_at end,
      tries = case when h.applied_at is null then h.tries + 1 else 1 end,
      decision = case when h.applied_at is null then h.decision end,
      decided_at = case when h.applied_at is null then h.decided_at end,
      decided_by = case when h.applied_at is null then h.decided_by end, applied_at = null
    returning h.tries, h.decision`,
};
/** Of the people at $2: what was tried at $3 and of which owners have not been told since $4. */
const noteRejected = {
  name: "guard_hold_note_rejected",
  text: `update guard_hold h set rejected_mailed_at = $3 from member m
    where h.organization_id = $1 and h.member_id = any($2::uuid[]) and h.decision = 'rejected' and h.last_tried_at = $3
      and coalesce(h.rejected_mailed_at <= $4, true) and m.organization_id = h.organization_id and m.id = h.member_id
    returning m.name`,
};
const latch = {
  name: "guard_latch",
  text: `update provisioning set guard_latched_at = $2, guard_holds_until = null, guard_mailed_at = $3
    where organization_id = $1`,
};
