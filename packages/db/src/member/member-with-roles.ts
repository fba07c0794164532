import { sql } from "kysely";
import type { Queryable } from "../store/queryable.ts";
import { isOwner, memberFields } from "./member-columns.ts";

/**
 * A member with the facts for the owners' rules. `heldRoleIds`: existing roles from any source; `mappedRoleIds`: those
 * from a mapping.
 */
export type MemberWithRoles = NonNullable<Awaited<ReturnType<typeof readMemberWithRoles>>>;

/**
 * Reads the member and locks it for the rest of the transaction. Must run under the organization's lock; `id` must be a
 * UUID.
 */
export function lockMemberRow(tx: Queryable, organizationId: string, id: string): Promise<MemberWithRoles | undefined> {
  return memberWithRoles(tx, organizationId, id).forNoKeyUpdate(["m"]).executeTakeFirst();
}

/** As `lockMemberRow`, for display. */
export function readMemberWithRoles(queryable: Queryable, organizationId: string, id: string) {
  return memberWithRoles(queryable, organizationId, id).executeTakeFirst();
}

function memberWithRoles({ db }: Queryable, organizationId: string, id: string) {
  return db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .where("m.id", "=", id)
    .where("m.isDeleted", "=", false)
    .select(memberFields)
    .select((eb) => {
      const grants = eb
        .selectFrom("role_grant as g")
        .whereRef("g.organizationId", "=", "m.organizationId")
        .whereRef("g.memberId", "=", "m.id")
        .select("g.roleId");
      const held = grants
        .innerJoin("role as r", "r.id", "g.roleId")
        .whereRef("r.organizationId", "=", "g.organizationId")
        .where("r.deletedAt", "is", null)
        .distinct();
      return [
        isOwner.$castTo<boolean>().as("isOwner"),
        sql<string[]>`array(${held})`.as("heldRoleIds"),
        sql<string[]>`array(${grants.where("g.source", "=", "mapping")})`.as("mappedRoleIds"),
      ];
    });
}
