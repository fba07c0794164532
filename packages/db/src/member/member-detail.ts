import { checkOwnerGrant, checkOwnerRevocation, type Refusal } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { otherActiveOwners } from "./active-owners.ts";
import type { Queryable } from "../store/queryable.ts";
import type { WriteContext } from "../store/write-context.ts";
import { readListedMember, type ListedMember } from "./member-list.ts";
import { removalOf } from "./member-removal.ts";
import { readMemberWithRoles } from "./member-with-roles.ts";
import { listRoles, type ListedRole } from "../role/role-list.ts";

/** A role for the page of a person: whether they have it, and why an owner cannot change that. */
type RoleOfPerson = {
  readonly role: ListedRole;
  readonly isHeld: boolean;
  readonly lock: Refusal<"roleManagedByScim" | "roleMapped" | "onlyRole" | "lastOwner"> | null;
};

/** The owners' page of one person. */
export type MemberDetail = {
  readonly member: ListedMember;
  readonly roles: readonly RoleOfPerson[];
  /** Why the reader cannot remove this person; null: they can. */
  readonly removal: Refusal<"selfRemoval" | "lastOwner" | "onlyDirectoryRemoves"> | null;
};

/** `memberId` must be a UUID. */
export async function readMemberDetail(
  sql: Queryable,
  context: WriteContext,
  memberId: string,
): Promise<MemberDetail | undefined> {
  const { organizationId } = context;
  const [member, standing] = await Promise.all([
    readListedMember(sql, organizationId, memberId),
    readMemberWithRoles(sql, organizationId, memberId),
  ]);
  if (member === undefined || standing === undefined) return undefined;
  const others = await otherActiveOwners(sql, organizationId, memberId);
  const roles = (await listRoles(sql, organizationId)).map((role) => {
    const isHeld = standing.heldRoleIds.includes(role.id);
    const asRule = { ...role, externalId: null };
    const change = isHeld
      ? checkOwnerRevocation({ ...standing, otherActiveOwners: others }, asRule)
      : checkOwnerGrant(standing.isManaged, asRule);
    return { role, isHeld, lock: refusalOf<NonNullable<RoleOfPerson["lock"]>>(change) };
  });
  return { member, roles, removal: refusalOf(await removalOf(sql, context, standing)) };
}

function refusalOf<E>(result: Result<void, E>): E | null {
  return result.ok ? null : result.error;
}
