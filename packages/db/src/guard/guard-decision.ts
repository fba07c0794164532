import {
  checkMemberDeletion,
  isGuardLatched,
  updateMember,
  type ChangeKind,
  type GuardDecision,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { saveChange, saveDeletion } from "../member/member-save.ts";
import { lockMemberRow, type MemberWithRoles } from "../member/member-with-roles.ts";
import { GuardHoldSchema } from "../model/provisioning.ts";
import { loadProvisioning } from "../provisioning/provisioning-row.ts";
import { provisioningSubject } from "../provisioning/provisioning-settings.ts";
import { anyId } from "../store/id.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "../member/active-owners.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { settleHold } from "./guard-hold.ts";
import { isOfHold } from "./held-change.ts";

type NotFound = Refusal<"heldChangeNotFound">;
type DeactivationRefusal = ReturnType<typeof updateMember> extends Result<unknown, infer E> ? NotFound | E : never;

/** The number of names in a log entry. */
const loggedNamesMax = 10;

/**
 * Approves or rejects held changes, or reverses a decision; unknown ids are left out. When none waits, the guard holds
 * for another 15 minutes. Returns the number of decided changes.
 */
export function decideHeld(
  database: Database,
  context: WriteContext,
  { decision, ids }: { readonly decision: GuardDecision; readonly ids: readonly string[] },
): Promise<Result<number, NotFound>> {
  const { now, actor } = context;
  const kind = decision === "approved" ? "provisioning.guard_approved" : "provisioning.guard_rejected";
  return inOrganization(database, context, { kind, subject: provisioningSubject }, async (uow) => {
    const rows = await changeHolds(uow, ids)
      .set({ decision, decidedAt: now, decidedBy: actor.name, rejectedMailedAt: null })
      .where("h.appliedAt", "is", null)
      .where("h.decision", "is distinct from", decision)
      .execute();
    const decided = logDecision(uow, kind, rows);
    if (decided.ok) await settleHold(uow, uow);
    return decided;
  });
}

/**
 * Ends decisions: an approved change that was not made yet is held again; a rejected one is deleted, so that its next
 * attempt is checked like any new change. Returns the number of ended decisions.
 */
export function endDecisions(
  database: Database,
  context: WriteContext,
  ids: readonly string[],
): Promise<Result<number, NotFound>> {
  const { organizationId, now } = context;
  const kind = "provisioning.guard_decision_ended";
  return inOrganization(database, context, { kind, subject: provisioningSubject }, async (uow) => {
    const held = await changeHolds(uow, ids)
      .set({ decision: null, decidedAt: null, decidedBy: null })
      .where("h.appliedAt", "is", null)
      .where("h.decision", "=", "approved")
      .execute();
    const forgotten = await uow.db
      .deleteFrom("guard_hold as h")
      .using("member as m")
      .where("h.organizationId", "=", organizationId)
      .where("h.id", "=", anyId(ids))
      .where(isOfHold)
      .where("h.decision", "=", "rejected")
      .returning("m.name")
      .execute();
    if (held.length > 0) {
      const settings = await loadProvisioning(uow);
      const { guardLatchedAt: latchedAt, guardHoldsUntil: holdsUntil } = settings;
      const guardLatchedAt = isGuardLatched({ latchedAt, holdsUntil }, now) ? latchedAt : now;
      uow.em.assign(settings, { guardLatchedAt, guardHoldsUntil: null, guardMailedAt: now });
    }
    return logDecision(uow, kind, [...held, ...forgotten]);
  });
}

/** Updates those holds; returns the names of their members. */
function changeHolds({ db, organizationId }: UnitOfWork, ids: readonly string[]) {
  return db
    .updateTable("guard_hold as h")
    .from("member as m")
    .where("h.organizationId", "=", organizationId)
    .where("h.id", "=", anyId(ids))
    .where(isOfHold)
    .returning("m.name");
}

/** Makes a held deactivation or deletion now, in the owner's name; the provider's retry then changes nothing. */
export function deactivateHeld(
  database: Database,
  context: WriteContext,
  id: string,
): Promise<Result<void, DeactivationRefusal>> {
  const { organizationId, now, actor } = context;
  const attempt = { kind: "member.deactivated", subject: { kind: "member", id: null, name: "" } } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, DeactivationRefusal>> => {
    const isOpen = { id, appliedAt: null, kind: { $ne: "member.role_revoked" } } as const;
    const hold = await uow.em.findOne(GuardHoldSchema, isOpen);
    if (hold === null) return err({ kind: "heldChangeNotFound" });
    const member = await lockMemberRow(uow, organizationId, hold.memberId);
    if (member === undefined) return err({ kind: "heldChangeNotFound" });
    const ended = hold.kind === "member.deleted" ? await remove(uow, member) : await deactivate(uow, member);
    if (!ended.ok) return ended;
    uow.em.assign(hold, { decision: "approved", decidedAt: now, decidedBy: actor.name, appliedAt: now });
    await uow.em.flush();
    await settleHold(uow, uow);
    return ok(undefined);
  });
}

async function deactivate(uow: UnitOfWork, member: MemberWithRoles): Promise<Result<void, DeactivationRefusal>> {
  const asItIs = { ...member, formattedName: member.name, active: false };
  const decided = updateMember(member, asItIs, await factsOf(uow, member));
  if (!decided.ok) return decided;
  if (decided.value !== undefined) mustBeSaved(await saveChange(uow, uow, member, decided.value));
  return ok(undefined);
}

async function remove(uow: UnitOfWork, member: MemberWithRoles): Promise<Result<void, DeactivationRefusal>> {
  const decided = checkMemberDeletion(member, await factsOf(uow, member));
  if (!decided.ok) return decided;
  mustBeSaved(await saveDeletion(uow, uow, member));
  return ok(undefined);
}

/** Neither write changes an email, so that no verified domain is needed. */
async function factsOf(
  uow: UnitOfWork,
  { id, userName }: MemberWithRoles,
): Promise<Parameters<typeof updateMember>[2]> {
  const others = await otherActiveOwners(uow, uow.organizationId, id);
  return { accountEmail: userName, verifiedDomains: new Set(), otherActiveOwners: others };
}

function mustBeSaved(saved: unknown): void {
  if (saved === undefined) throw new Error("A member changed while it was locked.");
}

function logDecision(
  uow: UnitOfWork,
  kind: ChangeKind,
  rows: readonly { readonly name: string }[],
): Result<number, NotFound> {
  if (rows.length === 0) return err({ kind: "heldChangeNotFound" });
  const names = rows.map(({ name }) => name).sort();
  const after = { count: rows.length, names: names.slice(0, loggedNamesMax) };
  uow.log({ kind, subject: provisioningSubject, after });
  return ok(rows.length);
}
