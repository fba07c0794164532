import {
  guardApprovalMs,
  guardHoldsMax,
  guardLimit,
  guardReminderMs,
  guardWindowMs,
  isGuardLatched,
} from "@rollcall/domain";
import { sql } from "kysely";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { anyId, newId } from "../store/id.ts";
import { lockOrganization } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { ago, countLosses, type GuardLoss, type GuardRefusal } from "./guard-check.ts";
import { mailHold, mailRejected } from "./guard-mail.ts";
import { isOfHold, isStillThere } from "./held-change.ts";

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

/** Deletes obsolete holds; an applied one counts until the window has passed. */
async function forgetEnded({ db }: Queryable, { organizationId, now }: WriteContext): Promise<void> {
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

/** Adds or increments the row of each loss; adds only while the organization has fewer than `rowsMax` undecided ones. */
async function saveHolds(
  { db }: Queryable,
  { organizationId, now, requestId }: WriteContext,
  losses: readonly GuardLoss[],
  rowsMax: number,
) {
  const rows = db.selectFrom("guard_hold").where("organizationId", "=", organizationId);
  const waiting = rows.where("decision", "is", null);
  const { count } = await waiting.select((eb) => eb.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const ofThem = rows.where("memberId", "=", anyMemberOf(losses)).select(["memberId", "kind", "roleId"]);
  const known = new Set((await ofThem.execute()).map(keyOf));
  const added = losses.filter((loss) => !known.has(keyOf(loss))).slice(0, Math.max(0, rowsMax - count));
  const held = [...losses.filter((loss) => known.has(keyOf(loss))), ...added];
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
