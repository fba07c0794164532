import type { Queryable } from "../store/queryable.ts";
import type { UnitOfWork } from "../store/unit-of-work.ts";

export type InvitationRow = NonNullable<Awaited<ReturnType<typeof findInvitation>>>;

/** The invitation of that id, whatever its state, or undefined. `id` must be a UUID. */
export function findInvitation(sql: Queryable, organizationId: string, id: string) {
  return invitationsOf(sql, organizationId).where("i.id", "=", id).executeTakeFirst();
}

/** The invitation to that address that has not ended, expired or not. */
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
    .select("o.name as organizationName");
}

/**
 * Is there a member, active or not, of this userName or with this account's address? An active one whose acceptance is
 * awaited accepts by an invitation.
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

/** Ends an invitation that has not ended; false where another write was faster. */
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
