import { accessKinds, checkReactivation, checkReactivationUndo, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "./active-owners.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { touchedAt } from "./member-columns.ts";
import { lockMemberRow, type MemberWithRoles } from "./member-with-roles.ts";
import { readOffer } from "./roles-offer.ts";

type Reactivation = Result<void, Refusal<"memberNotFound" | "onlyDirectoryReactivates" | "defaultRoleRequired">>;
type Undo = Result<void, Refusal<"memberNotFound" | "onlyDirectoryReactivates" | "reactivationOver" | "lastOwner">>;

/**
 * Restores the access of inactive people: the same identity, with the default role and the roles from groups; manually
 * granted roles are offered. Pending memberships stay pending. All or, after a refusal, none; active people are left
 * unchanged. Ids must be UUIDs.
 */
export function reactivateMembers(
  database: Database,
  context: WriteContext,
  ids: readonly string[],
): Promise<Reactivation> {
  const attempt = { kind: "member.reactivated", subject: subjectOf(ids) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Reactivation> => {
    const { isEnabled, defaultRoleId } = await readProvisioning(uow, uow.organizationId);
    if (defaultRoleId === null) return err({ kind: "defaultRoleRequired" });
    for (const id of inLockOrder(ids)) {
      const member = await lockMemberRow(uow, uow.organizationId, id);
      if (member === undefined) return err({ kind: "memberNotFound", memberId: id });
      if (member.active) continue;
      const decided = checkReactivation(member, isEnabled);
      if (!decided.ok) return decided;
      await reactivate(uow, id, defaultRoleId);
      const awaits = member.accountId === null ? { awaitsAcceptance: true } : {};
      log(uow, member, { before: { active: false }, after: { active: true, ...awaits } });
    }
    return ok(undefined);
  });
}

/**
 * Reverts reactivations: the people are inactive again with their former roles, and offers are made again at the next
 * reactivation. All or none; inactive people are left unchanged. Ids must be UUIDs.
 */
export function undoReactivations(database: Database, context: WriteContext, ids: readonly string[]): Promise<Undo> {
  const attempt = { kind: "member.deactivated", subject: subjectOf(ids) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Undo> => {
    const { isEnabled: isProvisioningOn } = await readProvisioning(uow, uow.organizationId);
    for (const id of inLockOrder(ids)) {
      const member = await lockMemberRow(uow, uow.organizationId, id);
      if (member === undefined) return err({ kind: "memberNotFound", memberId: id });
      if (!member.active) continue;
      const newest = await newestAccessEntry(uow, id);
      const isLastReactivation = newest?.kind === "member.reactivated" && newest.actorKind === "person";
      const others = await otherActiveOwners(uow, uow.organizationId, id);
      const decided = checkReactivationUndo(member, {
        isProvisioningOn,
        otherActiveOwners: others,
        isLastReactivation,
      });
      if (!decided.ok) return decided;
      const offered = await readOffer(uow, uow.organizationId, member);
      const lost = await deactivate(uow, id, newest?.at ?? uow.now);
      const roles = [...lost, ...offered.map((role) => ({ id: role.id, source: "manual" }))];
      log(uow, member, { before: { active: true, roles }, after: { active: false } });
    }
    return ok(undefined);
  });
}

/** The person in the log of a refusal, if it is only one. */
const subjectOf = ([id, ...more]: readonly string[]) =>
  ({ kind: "member", id: id === undefined || more.length > 0 ? null : id, name: "" }) as const;

/** The lock order is organization, role, members by id. */
function inLockOrder(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].toSorted();
}

type Entry = { readonly before: object; readonly after: { readonly active: boolean } };

function log(uow: UnitOfWork, { id, name }: MemberWithRoles, entry: Entry): void {
  const kind = entry.after.active ? "member.reactivated" : "member.deactivated";
  uow.log({ kind, subject: { kind: "member", id, name }, ...entry });
}

function newestAccessEntry({ db, organizationId }: UnitOfWork, memberId: string) {
  return db
    .selectFrom("change")
    .where("organizationId", "=", organizationId)
    .where("subjectKind", "=", "member")
    .where("subjectId", "=", memberId)
    .where("refusal", "is", null)
    .where("kind", "in", accessKinds)
    .orderBy("id", "desc")
    .select(["at", "kind", "actorKind"])
    .limit(1)
    .executeTakeFirst();
}

function reactivate(uow: UnitOfWork, memberId: string, roleId: string) {
  return uow.db
    .with("saved", () => setActive(uow, memberId, true))
    .insertInto("role_grant")
    .values({ organizationId: uow.organizationId, memberId, roleId, source: "default", createdAt: uow.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Ends access and removes the roles granted since by the reactivation or manually; roles from groups stay. Returns the
 * removed roles.
 */
function deactivate(uow: UnitOfWork, memberId: string, since: Date) {
  return uow.db
    .with("saved", () => setActive(uow, memberId, false).returning("accountId"))
    .with("ended", (db) =>
      db
        .updateTable("session")
        .set({ endedAt: uow.now })
        .where("organizationId", "=", uow.organizationId)
        .where("accountId", "=", sql<string>`(select account_id from saved)`)
        .where("endedAt", "is", null),
    )
    .deleteFrom("role_grant")
    .where("organizationId", "=", uow.organizationId)
    .where("memberId", "=", memberId)
    .where("createdAt", ">=", since)
    .where("source", "not in", ["group", "mapping"])
    .returning(["roleId as id", "source"])
    .execute();
}

function setActive({ db, organizationId, now }: UnitOfWork, memberId: string, active: boolean) {
  return db
    .updateTable("member")
    .set({ active, ...touchedAt(now) })
    .where("organizationId", "=", organizationId)
    .where("id", "=", memberId);
}
