import { grantByOwner, offeredRoles, offerKinds, changeKinds, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { RoleRow } from "../role/role-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { giveByHand } from "./member-roles.ts";
import { holdMember, readStanding, type MemberStanding } from "./member-standing.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRole } from "../provisioning/provisioning-row.ts";

type OfferRefusal = Refusal<"memberNotFound">;

/** The roles that owners may restore for somebody who is back (AR-52); none while they are away. */
export async function readRolesOffer(
  sql: Queryable,
  organizationId: string,
  memberId: string,
): Promise<Result<readonly RoleRow[], OfferRefusal>> {
  const member = await readStanding(sql, organizationId, memberId);
  return member === undefined
    ? err({ kind: "memberNotFound", memberId })
    : ok(await readOffer(sql, organizationId, member));
}

/** Gives back what is offered, as an owner would by hand; returns how many roles that were. */
export function restoreRoles(
  database: Database,
  context: WriteContext,
  memberId: string,
): Promise<Result<number, OfferRefusal>> {
  return onOffer(database, context, { memberId, kind: "member.role_granted" }, async (tx, member, roles) => {
    for (const role of roles) await giveByHand(tx, context, member, role);
  });
}

/** Decides that what is offered is not given back; it is not offered again. */
export function dismissRolesOffer(
  database: Database,
  context: WriteContext,
  memberId: string,
): Promise<Result<number, OfferRefusal>> {
  return onOffer(database, context, { memberId, kind: "member.roles_offer_dismissed" }, async (tx, member, roles) => {
    if (roles.length === 0) return;
    const subject = { kind: "member", id: member.id, name: member.name } as const;
    const before = { roles: roles.map(({ id, name }) => ({ id, name })) };
    await recordChanges(tx, [{ ...entryOf(context), kind: "member.roles_offer_dismissed", subject, before }]);
  });
}

function onOffer(
  database: Database,
  context: WriteContext,
  act: { readonly memberId: string; readonly kind: "member.role_granted" | "member.roles_offer_dismissed" },
  work: (tx: Queryable, member: MemberStanding, roles: readonly RoleRow[]) => Promise<void>,
): Promise<Result<number, OfferRefusal>> {
  const { memberId, kind } = act;
  const subject = { kind: "member", id: memberId, name: "" } as const;
  return inOrganization(database, context, { kind, subject }, async (tx): Promise<Result<number, OfferRefusal>> => {
    const member = await holdMember(tx, context.organizationId, memberId);
    if (member === undefined) return err({ kind: "memberNotFound", memberId });
    const roles = await readOffer(tx, context.organizationId, member);
    await work(tx, member, roles);
    return ok(roles.length);
  });
}

/** What is offered, as far as it still exists, is not held by hand and is not the directory's to give. */
export async function readOffer(
  sql: Queryable,
  organizationId: string,
  member: MemberStanding,
): Promise<readonly RoleRow[]> {
  if (!member.active) return [];
  const rows = await sql.query(entries, [organizationId, member.id, offerKinds]);
  const wanted = offeredRoles(rows.map((row) => entryRow.parse(row)));
  const roles: RoleRow[] = [];
  for (const id of wanted.filter((one) => !member.heldRoleIds.includes(one))) {
    const role = await findRole(sql, organizationId, id);
    if (role !== null && grantByOwner(member.isManaged, role).ok) roles.push(role);
  }
  return roles;
}

const entryRow = z.object({
  kind: z.enum(changeKinds),
  lost: z.array(z.object({ id: z.string(), source: z.string() })),
  grantedRoleId: z.string().nullable(),
});

/** The newest 200; what the groups gave is no answer to an offer. */
const entries = {
  name: "member_offer_entries",
  text: `select kind, case when kind = 'member.roles_offer_dismissed' then '[]' else coalesce(before -> 'roles', '[]') end as lost,
      case when kind = 'member.role_granted' then after ->> 'roleId' end as "grantedRoleId"
    from change where organization_id = $1 and subject_id = $2 and subject_kind = 'member' and refusal is null
      and kind = any($3::text[]) and (kind <> 'member.role_granted' or after ->> 'source' = 'manual')
    order by id desc limit 200`,
};
