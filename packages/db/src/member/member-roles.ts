import {
  accessEndKinds,
  checkOwnerGrant,
  isMappingGroup,
  grantSources,
  isOnlyRole,
  roleUndoMs,
  checkOwnerRevocation,
  type GrantSource,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { checkMemberLock } from "../account/member-lock.ts";
import { newOwners, noticeOwners } from "../account/security-notice.ts";
import { findRole } from "../provisioning/provisioning-row.ts";
import { applyMappings } from "../role-mapping/role-mapping.ts";
import type { RoleRow } from "../role/role-columns.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "./active-owners.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { lockMemberRow, type MemberWithRoles } from "./member-with-roles.ts";

/** The id of the log entry, for undo; null if nothing changed. */
type RoleChange = { readonly changeId: string | null };

/** Ids must be UUIDs. */
type RoleOfMember = { readonly memberId: string; readonly roleId: string };

type Grant = Result<RoleChange, Refusal<"memberNotFound" | "roleNotFound" | "roleManagedByScim">>;
type TakeRefusal = Refusal<"roleManagedByScim" | "onlyRole" | "lastOwner" | "memberLocked" | "roleMapped">;
type Take = Result<RoleChange, TakeRefusal | Refusal<"memberNotFound" | "roleNotFound">>;
type Undo = Result<RoleChange, TakeRefusal | Refusal<"memberNotFound" | "roleNotFound" | "undoOver">>;

/** Grants a role manually; does nothing if it was granted manually before. */
export function grantRole(database: Database, context: WriteContext, ids: RoleOfMember): Promise<Grant> {
  const attempt = { kind: "member.role_granted", subject: subjectOf(ids) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Grant> => {
    const known = await load(uow, ids);
    if (!known.ok) return known;
    const { member, role } = known.value;
    const allowed = checkOwnerGrant(member.isManaged, role);
    return allowed.ok ? ok({ changeId: await giveByHand(uow, member, role) }) : allowed;
  });
}

/**
 * Revokes a role from all sources. Giving up one's only role equals leaving, so the directory's lock is checked first.
 */
export function revokeRole(database: Database, context: WriteContext, ids: RoleOfMember): Promise<Take> {
  const attempt = { kind: "member.role_revoked", subject: subjectOf(ids) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Take> => {
    const known = await load(uow, ids);
    if (!known.ok) return known;
    const { member, role } = known.value;
    return member.heldRoleIds.includes(role.id) ? take(uow, member, role, grantSources) : ok({ changeId: null });
  });
}

/**
 * Undoes the owner's last change: revokes the manual grant, or restores the revoked grants with their sources and
 * times, so that the directory can revoke its own; a revocation that it has sent meanwhile had no effect and is not sent
 * again. The rules of granting and revoking apply. `undoOver`: after `roleUndoMs`, or if the role was granted or
 * revoked, or the person's access ended, since.
 */
export function undoRoleChange(
  database: Database,
  context: WriteContext,
  input: RoleOfMember & { readonly changeId: string },
): Promise<Undo> {
  const attempt = { kind: "member.role_granted", subject: subjectOf(input) } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Undo> => {
    const known = await load(uow, input);
    if (!known.ok) return known;
    const { member, role } = known.value;
    const undone = await findUndoable(uow, input);
    if (undone === undefined) return err({ kind: "undoOver", name: role.name });
    if (undone.kind === "member.role_granted") return take(uow, member, role, ["manual"]);
    const allowed = checkOwnerGrant(member.isManaged, role);
    if (!allowed.ok) return allowed;
    await restore(uow, input);
    const changeId = await afterGrant(uow, member, role);
    if (isMappingGroup(role)) await applyMappings(uow, uow, { memberIds: [member.id], group: role.name });
    return ok({ changeId });
  });
}

/** Revokes the grants of these sources. The log entry contains them for `undoRoleChange`. */
async function take(
  uow: UnitOfWork,
  member: MemberWithRoles,
  role: RoleRow,
  sources: readonly GrantSource[],
): Promise<Result<RoleChange, TakeRefusal>> {
  const { db, organizationId, actor } = uow;
  if (member.accountId !== null && actor.id === member.accountId && isOnlyRole(member, role.id)) {
    const attempt = { accountAction: "give up the last role", accountId: member.accountId, organizationId } as const;
    const passed = await checkMemberLock(uow, attempt);
    if (!passed.ok) return passed;
  }
  const others = await otherActiveOwners(uow, organizationId, member.id);
  const allowed = checkOwnerRevocation({ ...member, otherActiveOwners: others }, role);
  if (!allowed.ok) return allowed;
  const grants = await db
    .deleteFrom("role_grant")
    .where("organizationId", "=", organizationId)
    .where("memberId", "=", member.id)
    .where("roleId", "=", role.id)
    .where("source", "in", sources)
    .returning(["source", "createdAt as at"])
    .execute();
  const before = { ...whatOf(role), grants };
  const changeId = uow.log({ kind: "member.role_revoked", subject: subjectOf(member), before });
  await moveVersion(uow, member);
  if (isMappingGroup(role)) await applyMappings(uow, uow, { memberIds: [member.id], group: role.name });
  return ok({ changeId });
}

/** Grants the role manually. Returns the id of the log entry, or null if it was granted manually before. */
export async function giveByHand(uow: UnitOfWork, member: MemberWithRoles, role: RoleRow): Promise<string | null> {
  const { db, organizationId, now } = uow;
  const given = await db
    .insertInto("role_grant")
    .values({ organizationId, memberId: member.id, roleId: role.id, source: "manual", createdAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("roleId")
    .executeTakeFirst();
  return given === undefined ? null : afterGrant(uow, member, role);
}

/** Logs a granted role and notifies the owners of a new owner. Returns the id of the entry. */
async function afterGrant(uow: UnitOfWork, member: MemberWithRoles, role: RoleRow): Promise<string> {
  const changeId = uow.log({ kind: "member.role_granted", subject: subjectOf(member), after: whatOf(role) });
  await moveVersion(uow, member);
  if (role.kind === "owner") await noticeOwners(uow, uow, newOwners([member.name]));
  return changeId;
}

async function load(uow: UnitOfWork, { memberId, roleId }: RoleOfMember) {
  const role = await findRole(uow, uow.organizationId, roleId);
  if (role === null) return err({ kind: "roleNotFound", roleId } as const);
  const member = await lockMemberRow(uow, uow.organizationId, memberId);
  return member === undefined ? err({ kind: "memberNotFound", memberId } as const) : ok({ member, role });
}

/** Increments the version, so that no SCIM write based on the old facts and roles is saved. */
async function moveVersion({ db, organizationId }: UnitOfWork, member: MemberWithRoles): Promise<void> {
  await db
    .updateTable("member")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("organizationId", "=", organizationId)
    .where("id", "=", member.id)
    .execute();
}

/**
 * The actor's change of the role by that entry, if it can be undone: it must be newer than all other entries about the
 * role and about the end of the person's access.
 */
function findUndoable(
  { db, organizationId, actor, now }: UnitOfWork,
  { memberId, roleId, changeId }: RoleOfMember & { readonly changeId: string },
) {
  const newest = db
    .selectFrom("change")
    .where("organizationId", "=", organizationId)
    .where("subjectId", "=", memberId)
    .where("refusal", "is", null)
    .where((eb) => {
      const isTick = eb("kind", "in", ["member.role_granted", "member.role_revoked"]);
      const isOfRole = eb(sql`coalesce(after, before) ->> 'roleId'`, "=", roleId);
      return eb.or([eb("kind", "in", accessEndKinds), eb.and([isTick, isOfRole])]);
    })
    .orderBy("id", "desc")
    .limit(1)
    .selectAll();
  return db
    .selectFrom(newest.as("c"))
    .where("c.id", "=", changeId)
    .where("c.actorId", "=", actor.id)
    .where("c.at", ">=", new Date(now.getTime() - roleUndoMs))
    .where(sql`coalesce(c.after, c.before) ->> 'source'`, "=", "manual")
    .select("c.kind")
    .executeTakeFirst();
}

/** Restores the grants in the entry. */
function restore(
  { db, organizationId }: UnitOfWork,
  { memberId, roleId, changeId }: RoleOfMember & { readonly changeId: string },
) {
  // The query builder cannot express a set of rows from a JSON array.
  const taken = sql<{ source: GrantSource; at: Date }>`jsonb_to_recordset(c.before -> 'grants')`;
  return db
    .insertInto("role_grant")
    .columns(["organizationId", "memberId", "roleId", "source", "createdAt"])
    .expression((eb) =>
      eb
        .selectFrom("change as c")
        .crossJoin(taken.as<"taken">(sql`taken (source text, at timestamptz)`))
        .where("c.organizationId", "=", organizationId)
        .where("c.id", "=", changeId)
        .select(["c.organizationId", eb.val(memberId).as("memberId"), eb.val(roleId).as("roleId")])
        .select(["taken.source", "taken.at"]),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const whatOf = (role: RoleRow) => ({ roleId: role.id, role: role.name, source: "manual" });
const subjectOf = (of: RoleOfMember | MemberWithRoles) =>
  "memberId" in of
    ? ({ kind: "member", id: of.memberId, name: "" } as const)
    : ({ kind: "member", id: of.id, name: of.name } as const);
