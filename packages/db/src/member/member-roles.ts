import { grantByOwner, isMappingGroup, isOnlyRole, takeByOwner, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { tryDoor } from "../account/member-lock.ts";
import { newOwners, noticeOwners } from "../account/security-notice.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "../store/organization-lock.ts";
import { applyMappings } from "../role-mapping/role-mapping.ts";
import type { RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { newId } from "../store/id.ts";
import { holdMember, type MemberStanding } from "./member-standing.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRole } from "../provisioning/provisioning-row.ts";

/** What was done, by the id of its entry in the log, by which it can be undone; null where it was so already. */
export type RoleTick = { readonly changeId: string | null };

/** Ids must be UUIDs. */
export type RoleOfMember = { readonly memberId: string; readonly roleId: string };

type UnknownRefusal = Refusal<"memberNotFound" | "roleNotFound">;
type GrantRefusal = UnknownRefusal | Refusal<"roleManagedByScim">;
export type TakeRefusal = GrantRefusal | Refusal<"onlyRole" | "lastOwner" | "memberLocked" | "roleMapped">;

/** Gives a role by hand; where it was given by hand already nothing happens. */
export function grantRole(
  database: Database,
  context: WriteContext,
  wish: RoleOfMember,
): Promise<Result<RoleTick, GrantRefusal>> {
  const subject = { kind: "member", id: wish.memberId, name: "" } as const;
  return inOrganization(
    database,
    context,
    { kind: "member.role_granted", subject },
    async (tx): Promise<Result<RoleTick, GrantRefusal>> => {
      const known = await load(tx, context, wish);
      if (!known.ok) return known;
      const { member, role } = known.value;
      const allowed = grantByOwner(member.isManaged, role);
      if (!allowed.ok) return allowed;
      return ok({ changeId: await giveByHand(tx, context, member, role) });
    },
  );
}

/**
 * Takes a role by hand, whatever gave it. Giving up one's own only role is leaving by another name, so that the
 * directory's lock is asked first.
 */
export function revokeRole(
  database: Database,
  context: WriteContext,
  wish: RoleOfMember,
): Promise<Result<RoleTick, TakeRefusal>> {
  const subject = { kind: "member", id: wish.memberId, name: "" } as const;
  return inOrganization(
    database,
    context,
    { kind: "member.role_revoked", subject },
    async (tx): Promise<Result<RoleTick, TakeRefusal>> => {
      const known = await load(tx, context, wish);
      if (!known.ok) return known;
      const { member, role } = known.value;
      if (!member.heldRoleIds.includes(role.id)) return ok({ changeId: null });
      return takeByHand(tx, context, member, role, "every source");
    },
  );
}

/**
 * Takes the role as an owner does, in a transaction under the organization's lock: what was given by hand alone, or
 * whatever gave it. The entry keeps the grants that went, so that `undoRoleTick` can restore the very same.
 */
export async function takeByHand(
  tx: Queryable,
  context: WriteContext,
  member: MemberStanding,
  role: RoleRow,
  what: "given by hand" | "every source",
): Promise<Result<RoleTick, Exclude<TakeRefusal, UnknownRefusal>>> {
  const { organizationId, actor } = context;
  if (member.accountId !== null && actor.id === member.accountId && isOnlyRole(member, role.id)) {
    const visit = { door: "give up the last role", accountId: member.accountId, organizationId } as const;
    const passed = await tryDoor(tx, visit);
    if (!passed.ok) return passed;
  }
  const others = await otherActiveOwners(tx, organizationId, member.id);
  const allowed = takeByOwner({ ...member, otherActiveOwners: others }, role);
  if (!allowed.ok) return allowed;
  const grants = await tx.query(take, [organizationId, member.id, role.id, what === "given by hand"]);
  const changeId = await follow(tx, context, member, role, { kind: "member.role_revoked", grants });
  if (isMappingGroup(role)) await applyMappings(tx, context, { memberIds: [member.id], group: role.name });
  return ok({ changeId });
}

/** Gives the role as an owner does, in a transaction under the organization's lock. Returns the entry's id, or null. */
export async function giveByHand(
  tx: Queryable,
  context: WriteContext,
  member: MemberStanding,
  role: RoleRow,
): Promise<string | null> {
  const given = await tx.query(give, [context.organizationId, member.id, role.id, context.now]);
  return given.length === 0 ? null : afterGrant(tx, context, member, role);
}

/** Logs a role that was given, and tells the owners of a new one. Returns the entry's id. */
export async function afterGrant(
  tx: Queryable,
  context: WriteContext,
  member: MemberStanding,
  role: RoleRow,
): Promise<string> {
  const changeId = await follow(tx, context, member, role, { kind: "member.role_granted" });
  if (role.kind === "owner") await noticeOwners(tx, context, newOwners([member.name]));
  return changeId;
}

export async function load(
  tx: Queryable,
  { organizationId }: WriteContext,
  { memberId, roleId }: RoleOfMember,
): Promise<Result<{ readonly member: MemberStanding; readonly role: RoleRow }, UnknownRefusal>> {
  const role = await findRole(tx, organizationId, roleId);
  if (role === null) return err({ kind: "roleNotFound", roleId });
  const member = await holdMember(tx, organizationId, memberId);
  return member === undefined ? err({ kind: "memberNotFound", memberId }) : ok({ member, role });
}

/** A new or former owner's version moves, so that no decision of the directory on the old facts is saved. */
async function follow(
  tx: Queryable,
  context: WriteContext,
  member: MemberStanding,
  role: RoleRow,
  act: { readonly kind: "member.role_granted" } | { readonly kind: "member.role_revoked"; readonly grants: object },
): Promise<string> {
  const { kind } = act;
  const id = newId();
  const what = { roleId: role.id, role: role.name, source: "manual" };
  const subject = { kind: "member", id: member.id, name: member.name } as const;
  const sides = act.kind === "member.role_granted" ? { after: what } : { before: { ...what, grants: act.grants } };
  await recordChanges(tx, [{ ...entryOf(context), id, kind, subject, ...sides }]);
  if (role.kind !== "custom") await tx.query(bump, [context.organizationId, member.id]);
  return id;
}

const give = {
  name: "role_give_by_hand",
  text: `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    values ($1, $2, $3, 'manual', $4) on conflict do nothing returning role_id`,
};
const take = {
  name: "role_take_by_hand",
  text: `delete from role_grant where organization_id = $1 and member_id = $2 and role_id = $3
    and (not $4::boolean or source = 'manual') returning source, created_at as at`,
};
const bump = {
  name: "member_bump_one",
  text: "update member set version = version + 1 where organization_id = $1 and id = $2",
};
