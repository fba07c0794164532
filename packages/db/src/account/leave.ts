import { checkOwnerRemains, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { belongsTo, isOwner, wasAnother } from "../member/member-columns.ts";
import { tombstoneMember } from "../member/member-save.ts";
import { holdOwnAccount, type Session } from "../session/session.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "../member/active-owners.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount, ownEntry } from "./account-operation.ts";
import type { RequestStamp } from "../store/write-context.ts";

/**
 * Leaves an organization: ends the membership with its roles and sessions; the account and other memberships stay. A
 * membership that the person has not accepted is declined, regardless of locks (rule 5b). A membership that the
 * directory has ended cannot be left: it is the directory's record.
 */
export function leaveOrganization(
  database: Database,
  session: Session,
  organizationId: string,
  at: RequestStamp,
): Promise<Result<void, Refusal<"memberLocked" | "memberNotFound" | "lastOwner">>> {
  const accountId = session.account.id;
  const act = {
    ...at,
    accountId,
    organizationId,
    accountAction: "leave the organization",
    kind: "member.left",
  } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<void, Refusal<"memberNotFound" | "lastOwner">>> => {
    await holdOwnAccount(uow, session);
    const own = await ownMembership(uow, organizationId, accountId);
    if (own === undefined) return err({ kind: "memberNotFound", memberId: accountId });
    const others = await otherActiveOwners(uow, organizationId, own.id);
    const kept = checkOwnerRemains(own.isOwner && !own.awaitsAcceptance, others, own.name);
    if (!kept.ok) return kept;
    const roles = await tombstoneMember(uow, { organizationId, memberId: own.id, now: at.now });
    await recordChanges(uow, [{ ...ownEntry(uow, own), before: { roles } }]);
    return ok(undefined);
  });
}

/** Locked for the rest of the transaction; the accepted one first. */
function ownMembership({ db }: Queryable, organizationId: string, accountId: string) {
  return db
    .selectFrom("account as a")
    .innerJoin("member as m", (on) => on.on("m.organizationId", "=", organizationId).on(belongsTo))
    .where("a.id", "=", accountId)
    .where("m.active", "=", true)
    .where("m.isDeleted", "=", false)
    .where((eb) => eb.not(eb.and([eb("m.awaitsAcceptance", "=", true), wasAnother])))
    .select(["m.organizationId", "m.id", "m.name", "m.awaitsAcceptance", isOwner.$castTo<boolean>().as("isOwner")])
    .orderBy("m.awaitsAcceptance")
    .limit(1)
    .forNoKeyUpdate("m")
    .executeTakeFirst();
}
