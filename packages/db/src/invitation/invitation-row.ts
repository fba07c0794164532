import { expressionBuilder, sql } from "kysely";
import { ownersAsMembers } from "../member/active-owners.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";

export type InvitationRow = NonNullable<Awaited<ReturnType<typeof findInvitation>>>;

/** The invitation in any state. `id` must be a UUID. */
export function findInvitation(sql: Queryable, organizationId: string, id: string) {
  return invitationsOf(sql, organizationId).where("i.id", "=", id).executeTakeFirst();
}

/** The invitation to that address that has not ended. */
export function waitingInvitation(sql: Queryable, organizationId: string, key: string) {
  return invitationsOf(sql, organizationId)
    .where("i.emailKey", "=", key)
    .where("i.endedAt", "is", null)
    .executeTakeFirst();
}

function invitationsOf({ db }: Queryable, organizationId: string) {
  return db
    .selectFrom("invitation as i")
    .innerJoin("organization as o", "o.id", "i.organizationId")
    .where("i.organizationId", "=", organizationId)
    .select(["i.id", "i.email", "i.roleIds", "i.secretHash", "i.invitedByName", "i.expiresAt", "i.endedAt"])
    .select("o.name as organizationName")
    .select(isSuspended(db).as("isSuspended"));
}

/**
 * Whether invitation `i` gives a built-in role and the person who sent it is no longer an owner. It gives the default
 * role once none of its own exists.
 */
export function isSuspended(db: Queryable["db"]) {
  const eb = expressionBuilder<Tables & { i: Tables["invitation"] }, "i">();
  const rolesOf = eb
    .selectFrom("role as r")
    .whereRef("r.organizationId", "=", "i.organizationId")
    .where("r.deletedAt", "is", null)
    .select("r.id");
  const own = rolesOf.where(sql<boolean>`r.id = any (i.role_ids)`);
  const byDefault = rolesOf.innerJoin("provisioning as p", (on) =>
    on.onRef("p.organizationId", "=", "r.organizationId").onRef("p.defaultRoleId", "=", "r.id"),
  );
  const builtIn = eb.or([
    eb.exists(own.where("r.kind", "<>", "custom")),
    eb.and([eb.not(eb.exists(own)), eb.exists(byDefault.where("r.kind", "<>", "custom"))]),
  ]);
  const inviter = ownersAsMembers(db, eb.ref("i.organizationId"))
    .where("o.accountId", "=", eb.ref("i.invitedBy"))
    .where("o.hasAccess", "=", true);
  const isGone = eb.and([eb("i.invitedBy", "is not", null), builtIn, eb.not(eb.exists(inviter))]);
  return isGone.$castTo<boolean>();
}

/**
 * Whether a member, active or not, has this userName or an account with this address. An active member who must accept
 * does so by an invitation and does not count.
 */
export async function isMemberByEmail({ db }: Queryable, organizationId: string, key: string): Promise<boolean> {
  const members = db
    .selectFrom("member as m")
    .where("m.organizationId", "=", organizationId)
    .where("m.isDeleted", "=", false)
    .select("m.id");
  const named = members
    .where("m.userNameKey", "=", key)
    .where((eb) => eb.or([eb("m.awaitsAcceptance", "=", false), eb("m.active", "=", false)]));
  const joined = members.innerJoin("account as a", "a.id", "m.accountId").where("a.emailKey", "=", key);
  const { isMember } = await db
    .selectNoFrom((eb) =>
      eb
        .or([eb.exists(named), eb.exists(joined)])
        .$castTo<boolean>()
        .as("isMember"),
    )
    .executeTakeFirstOrThrow();
  return isMember;
}

/** Ends an invitation that has not ended; false if a concurrent write has ended it. */
export async function endInvitation(
  { db, organizationId, now }: UnitOfWork,
  id: string,
  endReason: "accepted" | "revoked",
): Promise<boolean> {
  const ended = await db
    .updateTable("invitation")
    .set({ endedAt: now, endReason })
    .where((eb) => eb.and({ organizationId, id, endedAt: null }))
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}
