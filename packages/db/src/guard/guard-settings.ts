import { err, ok, type Result } from "@rollcall/scim-protocol";
import { guardReleaseMinutes, type Refusal } from "@rollcall/domain";
import { GuardHoldSchema } from "../model/provisioning.ts";
import { loadProvisioning } from "../provisioning/provisioning-row.ts";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import type { Database } from "../store/database.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { countWaiting } from "./held-change.ts";

/** Tolerates clock differences between processes, so that a loss right after a hold counts. */
const clockSkewMs = 60_000;
const noHold = { guardLatchedAt: null, guardHoldsUntil: null };

export async function setGuard(database: Database, context: WriteContext, isOn: boolean): Promise<void> {
  const attempt = { kind: "provisioning.guard_changed", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (uow) => ok(await applyGuard(uow, isOn)));
}

/** Turns the guard on or off, in a unit of work. Deletes held changes and decisions, and counts losses from now on. */
export async function applyGuard(uow: UnitOfWork, isOn: boolean): Promise<void> {
  const { organizationId, now } = uow;
  const settings = await loadProvisioning(uow);
  const { isGuardOn } = settings;
  if (isGuardOn === isOn) return;
  const held = await countWaiting(uow, organizationId);
  uow.em.assign(settings, { isGuardOn: isOn, guardReleasedUntil: null, guardCountedFrom: now, updatedAt: now });
  await forgetHolds(uow);
  const [before, after] = [{ isGuardOn }, { isGuardOn: isOn, held }];
  uow.log({ kind: "provisioning.guard_changed", subject: provisioningSubject, before, after });
}

/** Ends a hold and deletes all held changes with their decisions. */
export async function forgetHolds(uow: UnitOfWork): Promise<void> {
  uow.em.assign(await loadProvisioning(uow), noHold);
  await uow.em.nativeDelete(GuardHoldSchema, { organizationId: uow.organizationId });
}

/**
 * Lets everything pass the guard for an hour from now, and held changes at any retry; only rejected removals stay
 * refused. Returns the end of that hour.
 */
export async function releaseGuard(database: Database, context: WriteContext): Promise<Date> {
  const { organizationId, now, actor } = context;
  const releasedUntil = new Date(now.getTime() + guardReleaseMinutes * 60_000);
  const attempt = { kind: "provisioning.guard_released", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (uow) => {
    const settings = await loadProvisioning(uow);
    const before = { releasedUntil: settings.guardReleasedUntil };
    uow.em.assign(settings, { ...releasedTo(releasedUntil, now), ...noHold });
    const approval = { decision: "approved", decidedAt: now, decidedBy: actor.name } as const;
    const held = await uow.em.nativeUpdate(GuardHoldSchema, { organizationId, decision: null }, approval);
    const after = { releasedUntil, minutes: guardReleaseMinutes, held };
    uow.log({ ...attempt, before, after });
    return ok(undefined);
  });
  return releasedUntil;
}

/** Ends a release immediately; losses are counted from now on. Does nothing without a release. */
export async function endGuardRelease(database: Database, context: WriteContext): Promise<void> {
  const { now } = context;
  const attempt = { kind: "provisioning.guard_release_ended", subject: provisioningSubject } as const;
  await inOrganization(database, context, attempt, async (uow) => {
    const settings = await loadProvisioning(uow);
    const { guardReleasedUntil } = settings;
    if (guardReleasedUntil === null || guardReleasedUntil <= now) return ok(undefined);
    uow.em.assign(settings, releasedTo(now, now));
    uow.log({ ...attempt, before: { releasedUntil: guardReleasedUntil }, after: { releasedUntil: now } });
    return ok(undefined);
  });
}

/** Losses before the end of a release never count. */
const releasedTo = (until: Date, now: Date) => ({ guardReleasedUntil: until, guardCountedFrom: until, updatedAt: now });

/** Ends a hold early if everything is decided; losses are counted from now on. */
export function resumeGuard(
  database: Database,
  context: WriteContext,
): Promise<Result<void, Refusal<"guardUndecided">>> {
  const { organizationId, now } = context;
  const attempt = { kind: "provisioning.guard_resumed", subject: provisioningSubject } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, Refusal<"guardUndecided">>> => {
    const count = await countWaiting(uow, organizationId);
    if (count > 0) return err({ kind: "guardUndecided", count });
    const settings = await loadProvisioning(uow);
    const latchedAt = settings.guardLatchedAt;
    if (latchedAt === null) return ok(undefined);
    uow.em.assign(settings, { ...noHold, guardCountedFrom: new Date(now.getTime() - clockSkewMs) });
    uow.log({ ...attempt, before: { latchedAt } });
    return ok(undefined);
  });
}
