import { err, ok, type Result } from "@rollcall/scim-protocol";
import { guardReleaseMinutes, type Refusal } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { countWaiting } from "./held-change.ts";

/** Processes have clocks of their own; what one of them takes right after a hold must count. */
const clockSkewMs = 60_000;

/** Turns the guard on or off. */
export async function setGuard(database: Database, context: WriteContext, isOn: boolean): Promise<void> {
  const attempt = { kind: "provisioning.guard_changed", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (tx) => ok(await applyGuard(tx, context, isOn)));
}

/**
 * As `setGuard`, in a transaction under the organization's lock. What was held and decided is forgotten, and losses are
 * counted from now on.
 */
export async function applyGuard(tx: Queryable, context: WriteContext, isOn: boolean): Promise<void> {
  const { organizationId, now } = context;
  const { isGuardOn } = await readProvisioning(tx, organizationId);
  if (isGuardOn === isOn) return;
  const held = await countWaiting(tx, organizationId);
  await tx.query(saveGuard, [organizationId, isOn, now]);
  await forgetHolds(tx, organizationId);
  const entry = { ...entryOf(context), kind: "provisioning.guard_changed", subject: provisioningSubject } as const;
  await recordChanges(tx, [{ ...entry, before: { isGuardOn }, after: { isGuardOn: isOn, held } }]);
}

/** Ends a hold together with all that is on record of it, in a transaction under the organization's lock. */
export async function forgetHolds(tx: Queryable, organizationId: string): Promise<void> {
  await tx.query(unlatch, [organizationId]);
  await tx.query(forgetAll, [organizationId]);
}

/**
 * Lets everything pass the guard for an hour from now, and what is held whenever it is retried. Only people whom an owner
 * keeps stay. Returns until when.
 */
export async function releaseGuard(database: Database, context: WriteContext): Promise<Date> {
  const { organizationId, now, actor } = context;
  const releasedUntil = new Date(now.getTime() + guardReleaseMinutes * 60_000);
  const attempt = { kind: "provisioning.guard_released", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (tx) => {
    const { guardReleasedUntil } = await readProvisioning(tx, organizationId);
    await tx.query(saveRelease, [organizationId, releasedUntil, now]);
    await tx.query(unlatch, [organizationId]);
    const approved = await tx.query(approveAll, [organizationId, now, actor.name]);
    const after = { releasedUntil, minutes: guardReleaseMinutes, held: approved.length };
    await recordChanges(tx, [
      { ...entryOf(context), ...attempt, before: { releasedUntil: guardReleasedUntil }, after },
    ]);
    return ok(undefined);
  });
  return releasedUntil;
}

/** Ends a release at once; losses are counted from now on. Does nothing where no release is under way. */
export async function endGuardRelease(database: Database, context: WriteContext): Promise<void> {
  const { organizationId, now } = context;
  const attempt = { kind: "provisioning.guard_release_ended", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (tx) => {
    const { guardReleasedUntil } = await readProvisioning(tx, organizationId);
    if (guardReleasedUntil === null || guardReleasedUntil <= now) return ok(undefined);
    await tx.query(saveRelease, [organizationId, now, now]);
    const [before, after] = [{ releasedUntil: guardReleasedUntil }, { releasedUntil: now }];
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before, after }]);
    return ok(undefined);
  });
}

/** Ends a hold in which everything is decided, before its time; losses are counted from now on. */
export function resumeGuard(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"guardUndecided">>> {
  const { organizationId, now } = context;
  const attempt = { kind: "provisioning.guard_resumed", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, Refusal<"guardUndecided">>> => {
    const count = await countWaiting(tx, organizationId);
    if (count > 0) return err({ kind: "guardUndecided", count });
    const [row] = await tx.query(resume, [organizationId, new Date(now.getTime() - clockSkewMs)]);
    if (row === undefined) return ok(undefined);
    const { latchedAt } = z.object({ latchedAt: z.date() }).parse(row);
    await recordChanges(tx, [{ ...entryOf(context), ...attempt, before: { latchedAt } }]);
    return ok(undefined);
  });
}

const saveGuard = {
  name: "provisioning_guard",
  text: `update provisioning set is_guard_on = $2, guard_released_until = null, guard_counted_from = $3, updated_at = $3
    where organization_id = $1`,
};
const saveRelease = {
  name: "provisioning_guard_release",
  text: `update provisioning set guard_released_until = $2, guard_counted_from = $2, updated_at = $3
    where organization_id = $1`,
};
const unlatch = {
  name: "guard_unlatch",
  text: "update provisioning set guard_latched_at = null, guard_holds_until = null where organization_id = $1",
};
const forgetAll = { name: "guard_hold_forget_all", text: "delete from guard_hold where organization_id = $1" };
const approveAll = {
  name: "guard_hold_approve_all",
  text: `update guard_hold set decision = 'approved', decided_at = $2, decided_by = $3
    where organization_id = $1 and decision is null returning id`,
};
const resume = {
  name: "guard_resume",
  text: `with former as (select guard_latched_at from provisioning where organization_id = $1)
    update provisioning p set guard_latched_at = null, guard_holds_until = null, guard_counted_from = $2
    from former where p.organization_id = $1 and p.guard_latched_at is not null
    returning former.guard_latched_at as "latchedAt"`,
};
