import {
  guardApprovalMs,
  guardHoldsMax,
  guardLimit,
  guardReminderMs,
  guardWindowMs,
  isGuardLatched,
  type GuardDecision,
} from "@rollcall/domain";
import { sql, type NotNull } from "kysely";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { anyId, newId } from "../store/id.ts";
import { lockOrganization } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { ago, countLosses, type GuardLoss, type GuardRefusal } from "./guard-check.ts";
import { mailHold, mailRejected, mailReminder } from "./guard-mail.ts";
import { countWaiting, isOfHold, isStillThere, waitingHolds } from "./held-change.ts";

/** A request refused by the guard: its losses and its log entry. */
type Stopped = { readonly losses: readonly GuardLoss[]; readonly entry: NewChange };

/**
 * Records a refused request in its own transaction, under the organization's lock: the held changes and, for the first
 * one, the start of the hold, with a mail to the owners. A retry increments its row without another log entry. A
 * decision made in the meantime stands.
 */
export async function recordStopped(database: Database, context: WriteContext, stopped: Stopped): Promise<void> {
  const isTripped = stopped.entry.refusal === ("guardTripped" satisfies GuardRefusal["kind"]);
  await database.transaction(async (tx) => {
    const { organizationId, now } = context;
    await lockOrganization(tx, organizationId);
    const state = await readState(tx, organizationId);
    const isReleased = state.releasedUntil !== null && state.releasedUntil > now;
    const mayHold = isTripped && state.isGuardOn && state.isEnabled && !isReleased;
    await forgetEnded(tx, context);
    const rows = await saveHolds(tx, context, stopped.losses, mayHold ? guardHoldsMax : 0);
    const isUnknown = rows.length < stopped.losses.length || rows.some(({ tries }) => tries === 1);
    if (isTripped && isUnknown) await recordChanges(tx, [stopped.entry]);
    if (!isTripped) await mailRejectedOnceADay(tx, context, state, stopped.losses);
    // If everything was approved in the meantime, the retry passes.
    if (mayHold && (rows.length < stopped.losses.length || rows.some(({ decision }) => decision === null))) {
      await hold(tx, context, state);
    }
  });
}

type State = Awaited<ReturnType<typeof readState>>;

function readState({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("provisioning as p")
    .innerJoin("organization as o", "o.id", "p.organizationId")
    .where("p.organizationId", "=", organizationId)
    .select(["o.name as organization", "p.isGuardOn", "p.isEnabled", "p.guardReleasedUntil as releasedUntil"])
    .select(["p.guardLatchedAt as latchedAt", "p.guardHoldsUntil as holdsUntil"])
    .executeTakeFirstOrThrow();
}

/** Once a day for each removal that owners have rejected. */
async function mailRejectedOnceADay(
  tx: Queryable,
  { organizationId, now }: WriteContext,
  { organization }: State,
  losses: readonly GuardLoss[],
): Promise<void> {
  const dayAgo = ago(now, guardReminderMs);
  const rows = await tx.db
    .updateTable("guard_hold as h")
    .from("member as m")
    .set({ rejectedMailedAt: now })
    .where("h.organizationId", "=", organizationId)
    .where("h.memberId", "=", anyMemberOf(losses))
    .where(isOfHold)
    .where("h.decision", "=", "rejected")
    .where("h.lastTriedAt", "=", now)
    .where((eb) => eb.or([eb("h.rejectedMailedAt", "is", null), eb("h.rejectedMailedAt", "<=", dayAgo)]))
    .returning("m.name")
    .execute();
  const names = [...new Set(rows.map(({ name }) => name))].sort();
  if (names.length > 0) await mailRejected(tx, { organizationId, organization, names }, now);
}

/**
 * Once nothing waits for a decision, the guard holds for another window, in case of further removals. Needs the
 * organization's lock.
 */
export async function settleHold(tx: Queryable, write: OrganizationNow): Promise<void> {
  await forgetEnded(tx, write);
  await tx.db
    .updateTable("provisioning as p")
    .set({ guardHoldsUntil: new Date(write.now.getTime() + guardWindowMs) })
    .where("p.organizationId", "=", write.organizationId)
    .where("p.guardLatchedAt", "is not", null)
    .where("p.guardHoldsUntil", "is", null)
    .where((eb) => eb.not(eb.exists(waitingHolds.select("h.id"))))
    .execute();
}

/**
 * Mails the owners of the next organization whose held changes have waited for a day since the last mail, or settles a
 * hold whose changes have all become obsolete, such as by the owner's removal of the people. One transaction, so that
 * several processes may do this. False: none is due.
 */
export function followUpNextHold(database: Database, now: Date): Promise<boolean> {
  return database.transaction(async (tx) => {
    const found = await takeNext(tx, now);
    if (found === undefined) return false;
    const { organizationId } = found;
    const held = await countWaiting(tx, organizationId);
    if (held === 0) await settleHold(tx, { organizationId, now });
    // A change may have been held since it was found that none waits.
    if (held === 0 || !found.isDue) return true;
    const settings = tx.db.updateTable("provisioning").where("organizationId", "=", organizationId);
    await settings.set({ guardMailedAt: now }).execute();
    await mailReminder(tx, { ...found, held }, now);
    return true;
  });
}

/** The next due organization, by the state before its lock; skips those that another transaction has locked. */
function takeNext({ db }: Queryable, now: Date) {
  const isDue = sql<boolean>`coalesce(p.guard_mailed_at <= ${ago(now, guardReminderMs)}, false)`;
  return db
    .selectFrom("provisioning as p")
    .innerJoin("organization as o", "o.id", "p.organizationId")
    .where("p.guardLatchedAt", "is not", null)
    .where("p.guardHoldsUntil", "is", null)
    .where("p.isGuardOn", "=", true)
    .where("p.isEnabled", "=", true)
    .where((eb) => eb.or([isDue, eb.not(eb.exists(waitingHolds.select("h.id")))]))
    .orderBy("p.guardMailedAt")
    .limit(1)
    .select(["p.organizationId", "o.name as organization", "p.guardLatchedAt as latchedAt", isDue.as("isDue")])
    .$narrowType<{ latchedAt: NotNull }>()
    .forNoKeyUpdate(["p"])
    .skipLocked()
    .executeTakeFirst();
}

type OrganizationNow = Pick<WriteContext, "organizationId" | "now">;

/** Deletes obsolete holds; an applied one counts until the window has passed. */
async function forgetEnded({ db }: Queryable, { organizationId, now }: OrganizationNow): Promise<void> {
  await db
    .deleteFrom("guard_hold as h")
    .using("member as m")
    .where("h.organizationId", "=", organizationId)
    .where(isOfHold)
    .where((eb) =>
      eb
        .case()
        .when("h.appliedAt", "is not", null)
        .then(eb("h.appliedAt", "<=", ago(now, guardWindowMs)))
        .when("h.decision", "=", "approved")
        .then(eb("h.decidedAt", "<=", ago(now, guardApprovalMs)))
        .else(eb.not(isStillThere))
        .end(),
    )
    .execute();
}

/**
 * Adds or increments the row of each loss; adds only while the organization has fewer than `rowsMax` undecided ones. A
 * deletion that is refused because the deactivation was rejected increments that row, and the other way round.
 */
async function saveHolds(
  { db }: Queryable,
  { organizationId, now, requestId }: WriteContext,
  losses: readonly GuardLoss[],
  rowsMax: number,
) {
  const rows = db.selectFrom("guard_hold").where("organizationId", "=", organizationId);
  const waiting = rows.where("decision", "is", null);
  const { count } = await waiting.select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const ofThem = rows.where("memberId", "=", anyMemberOf(losses));
  const inForce = sql<GuardDecision | null>`case when applied_at is null then decision end`.as("decision");
  const known = await ofThem.select(["memberId", "kind", "roleId", inForce]).execute();
  const byKey = new Map(known.map((row) => [keyOf(row), row]));
  const rejected = known.filter((row) => row.decision === "rejected" && row.roleId === null);
  const rejectedOf = new Map(rejected.map((row) => [row.memberId, row.kind]));
  const counted = losses.map((loss) => {
    const isDecided = loss.roleId !== null || (byKey.get(keyOf(loss))?.decision ?? null) !== null;
    return isDecided ? loss : { ...loss, kind: rejectedOf.get(loss.memberId) ?? loss.kind };
  });
  const added = counted.filter((loss) => !byKey.has(keyOf(loss))).slice(0, Math.max(0, rowsMax - count));
  const held = [...counted.filter((loss) => byKey.has(keyOf(loss))), ...added];
  if (held.length === 0) return [];
  const tried = { organizationId, requestId: requestId ?? "", firstTriedAt: now, lastTriedAt: now, tries: 1 };
  return db
    .insertInto("guard_hold")
    .values(held.map((loss) => ({ ...tried, ...loss, id: newId() })))
    .onConflict((oc) =>
      oc.columns(["organizationId", "memberId", "kind", "roleId"]).doUpdateSet((eb) => ({
        requestId: eb.ref("excluded.requestId"),
        lastTriedAt: eb.ref("excluded.lastTriedAt"),
        firstTriedAt: unlessApplied("firstTriedAt"),
        tries: unlessApplied("tries", sql` + 1`),
        decision: unlessApplied("decision"),
        decidedAt: unlessApplied("decidedAt"),
        decidedBy: unlessApplied("decidedBy"),
        appliedAt: null,
      })),
    )
    .returning(["tries", "decision"])
    .execute();
}

const anyMemberOf = (losses: readonly GuardLoss[]) => anyId(losses.map(({ memberId }) => memberId));
const keyOf = ({ memberId, kind, roleId }: GuardLoss): string => `${memberId} ${kind} ${roleId}`;

/** The value of the existing row, or of a new one if its change was applied. */
const unlessApplied = (column: "firstTriedAt" | "tries" | "decision" | "decidedAt" | "decidedBy", more = sql``) =>
  sql<never>`case when guard_hold.applied_at is null then ${sql.ref(`guard_hold.${column}`)}${more}
    else ${sql.ref(`excluded.${column}`)} end`;

/** Starts the hold, or extends it if everything so far was decided. */
async function hold(tx: Queryable, context: WriteContext, state: State): Promise<void> {
  const { organizationId, now } = context;
  const isLatched = isGuardLatched(state, now);
  if (isLatched && state.holdsUntil === null) return;
  await tx.db
    .updateTable("provisioning")
    .set({ guardLatchedAt: isLatched ? state.latchedAt : now, guardHoldsUntil: null, guardMailedAt: now })
    .where("organizationId", "=", organizationId)
    .execute();
  const rollcall = { kind: "system", id: null, name: "" } as const;
  const limit = guardLimit((await countLosses(tx, organizationId, now)).people);
  const latched = { subject: provisioningSubject, kind: "provisioning.guard_latched", after: { limit } } as const;
  await recordChanges(tx, [{ ...entryOf(context), actor: rollcall, ...latched }]);
  await mailHold(tx, { organizationId, organization: state.organization, limit }, now);
}
