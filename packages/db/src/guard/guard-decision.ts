import {
  deleteMember,
  guardWindowMs,
  isGuardLatched,
  lossKinds,
  updateMember,
  type ChangeKind,
  type GuardDecision,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import { holdMember, type MemberStanding } from "../member/member-standing.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import type { Database } from "../store/database.ts";
import { saveChange, saveDeletion } from "../member/member-save.ts";
import { otherActiveOwners } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { waitingHolds } from "./held-change.ts";

type NotFound = Refusal<"heldChangeNotFound">;
type DeactivationRefusal = ReturnType<typeof updateMember> extends Result<unknown, infer E> ? NotFound | E : never;

/** Names in a log entry. */
const loggedNamesMax = 10;

/**
 * Approves or rejects held changes, or decides the other way; those that are not on record any more are left out. Once
 * nothing waits, the guard holds for another 15 minutes. Returns how many changes were decided.
 */
export function decideHeld(
  database: Database,
  context: WriteContext,
  wish: { readonly decision: GuardDecision; readonly ids: readonly string[] },
): Promise<Result<number, NotFound>> {
  const { organizationId, now, actor } = context;
  const kind = wish.decision === "approved" ? "provisioning.guard_approved" : "provisioning.guard_rejected";
  return inOrganization(database, context, { kind, subject: provisioningSubject }, async (tx) => {
    const values = [organizationId, wish.ids, wish.decision, now, actor.name];
    const decided = await logDecision(tx, context, kind, await tx.query(decide, values));
    if (decided.ok) await settle(tx, context);
    return decided;
  });
}

/**
 * Ends decisions: what was approved and not made yet is held again, what was rejected is forgotten, so that the next try
 * is judged like any new change. Returns how many decisions ended.
 */
export function endDecisions(
  database: Database,
  context: WriteContext,
  ids: readonly string[],
): Promise<Result<number, NotFound>> {
  const { organizationId, now } = context;
  const kind = "provisioning.guard_decision_ended";
  return inOrganization(database, context, { kind, subject: provisioningSubject }, async (tx) => {
    const held = await tx.query(holdAgain, [organizationId, ids]);
    const forgotten = await tx.query(forget, [organizationId, ids]);
    const ended = await logDecision(tx, context, kind, [...held, ...forgotten]);
    if (held.length > 0) {
      const { guardLatchedAt: latchedAt, guardHoldsUntil: holdsUntil } = await readProvisioning(tx, organizationId);
      const since = isGuardLatched({ latchedAt, holdsUntil }, now) ? latchedAt : now;
      await tx.query(latchAgain, [organizationId, since, now]);
    }
    return ended;
  });
}

/** Makes a held deactivation or deletion now, in the owner's name, so that the provider's next try finds it done. */
export function deactivateHeld(
  database: Database,
  context: WriteContext,
  id: string,
): Promise<Result<void, DeactivationRefusal>> {
  const { organizationId, now, actor } = context;
  const attempt = { kind: "member.deactivated", subject: { kind: "member", id: null, name: "" } } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, DeactivationRefusal>> => {
    const [row] = await tx.query(byId, [organizationId, id]);
    if (row === undefined) return err({ kind: "heldChangeNotFound" });
    const { memberId, kind } = holdRow.parse(row);
    const member = await holdMember(tx, organizationId, memberId);
    if (member === undefined) return err({ kind: "heldChangeNotFound" });
    const ended = kind === "member.deleted" ? await remove(tx, context, member) : await deactivate(tx, context, member);
    if (!ended.ok) return ended;
    await tx.query(applied, [organizationId, id, now, actor.name]);
    await settle(tx, context);
    return ok(undefined);
  });
}

async function deactivate(
  tx: Queryable,
  context: WriteContext,
  member: MemberStanding,
): Promise<Result<void, DeactivationRefusal>> {
  const asItIs = { ...member, formattedName: member.name, active: false };
  const decided = updateMember(member, asItIs, await factsOf(tx, context, member));
  if (!decided.ok) return decided;
  if (decided.value !== undefined) mustBeSaved(await saveChange(tx, context, member, decided.value));
  return ok(undefined);
}

async function remove(
  tx: Queryable,
  context: WriteContext,
  member: MemberStanding,
): Promise<Result<void, DeactivationRefusal>> {
  const decided = deleteMember(member, await factsOf(tx, context, member));
  if (!decided.ok) return decided;
  mustBeSaved(await saveDeletion(tx, context, member));
  return ok(undefined);
}

/** Neither act moves an e-mail, so that no domain is asked for. */
async function factsOf(
  tx: Queryable,
  { organizationId }: WriteContext,
  { id, userName }: MemberStanding,
): Promise<Parameters<typeof updateMember>[2]> {
  const others = await otherActiveOwners(tx, organizationId, id);
  return { accountEmail: userName, verifiedDomains: new Set(), otherActiveOwners: others };
}

function mustBeSaved(saved: unknown): void {
  if (saved === undefined) throw new Error("A member moved while it was held.");
}

/** From the last decision on, the guard holds for one window more, in case more of the same follows. */
async function settle(tx: Queryable, { organizationId, now }: WriteContext): Promise<void> {
  await tx.query(holdOnce, [organizationId, new Date(now.getTime() + guardWindowMs)]);
}

async function logDecision(
  tx: Queryable,
  context: WriteContext,
  kind: ChangeKind,
  rows: readonly Record<string, unknown>[],
): Promise<Result<number, NotFound>> {
  if (rows.length === 0) return err({ kind: "heldChangeNotFound" });
  const names = rows.map((row) => z.object({ name: z.string() }).parse(row).name).sort();
  const after = { count: rows.length, names: names.slice(0, loggedNamesMax) };
  await recordChanges(tx, [{ ...entryOf(context), kind, subject: provisioningSubject, after }]);
  return ok(rows.length);
}

const holdRow = z.object({ memberId: z.string(), kind: z.enum(lossKinds) });
const member = "m.organization_id = h.organization_id and m.id = h.member_id";

const decide = {
  name: "guard_hold_decide",
  text: `update guard_hold h set decision = $3, decided_at = $4, decided_by = $5, rejected_mailed_at = null from member m
    where h.organization_id = $1 and h.id = any($2::uuid[]) and h.applied_at is null
      and h.decision is distinct from $3 and ${member} returning m.name`,
};
const holdAgain = {
  name: "guard_hold_again",
  text: `update guard_hold h set decision = null, decided_at = null, decided_by = null from member m
    where h.organization_id = $1 and h.id = any($2::uuid[]) and h.applied_at is null and h.decision = 'approved'
      and ${member} returning m.name`,
};
const forget = {
  name: "guard_hold_forget_rejected",
  text: `delete from guard_hold h using member m
    where h.organization_id = $1 and h.id = any($2::uuid[]) and h.decision = 'rejected' and ${member} returning m.name`,
};
const byId = {
  name: "guard_hold_by_id",
  text: `select member_id as "memberId", kind from guard_hold
    where organization_id = $1 and id = $2 and applied_at is null and kind <> 'member.role_revoked'`,
};
const applied = {
  name: "guard_hold_applied_by_owner",
  text: `update guard_hold set decision = 'approved', decided_at = $3, decided_by = $4, applied_at = $3
    where organization_id = $1 and id = $2`,
};
const holdOnce = {
  name: "guard_settle",
  text: `update provisioning set guard_holds_until = $2 where organization_id = $1 and guard_latched_at is not null
    and guard_holds_until is null and not exists (select 1 ${waitingHolds("$1")})`,
};
const latchAgain = {
  name: "guard_latch_again",
  text: `update provisioning set guard_latched_at = $2, guard_holds_until = null, guard_mailed_at = $3
    where organization_id = $1`,
};
