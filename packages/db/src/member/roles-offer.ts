import { checkOwnerGrant, offeredRoles, offerKinds, type OfferEntry, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import { existingRoles } from "../provisioning/provisioning-row.ts";
import type { RoleRow } from "../role/role-columns.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { giveByHand } from "./member-roles.ts";
import { lockMemberRow, readMemberWithRoles, type MemberWithRoles } from "./member-with-roles.ts";

type OfferRefusal = Refusal<"memberNotFound">;

/** The roles that owners may restore for a reactivated person (AR-52); none while the person is inactive. */
export async function readRolesOffer(
  queryable: Queryable,
  organizationId: string,
  memberId: string,
): Promise<Result<readonly RoleRow[], OfferRefusal>> {
  const member = await readMemberWithRoles(queryable, organizationId, memberId);
  if (member === undefined) return err({ kind: "memberNotFound", memberId });
  return ok(await readOffer(queryable, organizationId, member));
}

/** Grants the offered roles manually; returns their number. */
export function restoreRoles(
  database: Database,
  context: WriteContext,
  memberId: string,
): Promise<Result<number, OfferRefusal>> {
  return onOffer(database, context, { memberId, kind: "member.role_granted" }, async (uow, member, roles) => {
    for (const role of roles) await giveByHand(uow, member, role);
  });
}

/** Declines the offer permanently. */
export function dismissRolesOffer(
  database: Database,
  context: WriteContext,
  memberId: string,
): Promise<Result<number, OfferRefusal>> {
  const kind = "member.roles_offer_dismissed";
  return onOffer(database, context, { memberId, kind }, async (uow, { id, name }, roles) => {
    if (roles.length === 0) return;
    const before = { roles: roles.map((role) => ({ id: role.id, name: role.name })) };
    uow.log({ kind, subject: { kind: "member", id, name }, before });
  });
}

function onOffer(
  database: Database,
  context: WriteContext,
  act: { readonly memberId: string; readonly kind: "member.role_granted" | "member.roles_offer_dismissed" },
  work: (uow: UnitOfWork, member: MemberWithRoles, roles: readonly RoleRow[]) => Promise<void>,
): Promise<Result<number, OfferRefusal>> {
  const { memberId, kind } = act;
  const subject = { kind: "member", id: memberId, name: "" } as const;
  return inOrganization(database, context, { kind, subject }, async (uow): Promise<Result<number, OfferRefusal>> => {
    const member = await lockMemberRow(uow, context.organizationId, memberId);
    if (member === undefined) return err({ kind: "memberNotFound", memberId });
    const roles = await readOffer(uow, context.organizationId, member);
    await work(uow, member, roles);
    return ok(roles.length);
  });
}

/** The offered roles that exist, are not held and do not belong to the directory. */
export async function readOffer(
  queryable: Queryable,
  organizationId: string,
  member: MemberWithRoles,
): Promise<readonly RoleRow[]> {
  if (!member.active) return [];
  const wanted = offeredRoles(await newestEntries(queryable, organizationId, member.id));
  const missing = wanted.filter((id) => !member.heldRoleIds.includes(id));
  if (missing.length === 0) return [];
  // Without a lock: it would wait for a push to one of the roles.
  const roles = await existingRoles(queryable, organizationId).where("r.id", "in", missing).execute();
  const byId = new Map(roles.map((role) => [role.id, role]));
  const offered = missing.flatMap((id) => byId.get(id) ?? []);
  return offered.filter((role) => checkOwnerGrant(member.isManaged, role).ok);
}

/** The newest 200 entries; roles from groups do not affect an offer. */
function newestEntries({ db }: Queryable, organizationId: string, memberId: string) {
  const lost = sql<OfferEntry["lost"]>`case when kind = 'member.roles_offer_dismissed' then '[]'
    else coalesce(before -> 'roles', '[]') end`;
  const grantedRoleId = sql<string | null>`case when kind = 'member.role_granted' then after ->> 'roleId' end`;
  return db
    .selectFrom("change")
    .where("organizationId", "=", organizationId)
    .where("subjectId", "=", memberId)
    .where("subjectKind", "=", "member")
    .where("refusal", "is", null)
    .where("kind", "in", offerKinds)
    .where((eb) => eb.or([eb("kind", "<>", "member.role_granted"), eb(sql`after ->> 'source'`, "=", "manual")]))
    .orderBy("id", "desc")
    .limit(200)
    .select(["kind", lost.as("lost"), grantedRoleId.as("grantedRoleId")])
    .execute();
}
