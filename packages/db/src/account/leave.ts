import { keepAnOwner, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { belongsTo, isOwnerColumn, memberColumns, memberOf, wasAnother, type MemberRow } from "../member/member-row.ts";
import { buryMember } from "../member/member-save.ts";
import { otherActiveOwners } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount, type At } from "./account-operation.ts";

/**
 * Leaves an organization: the membership ends with its roles and sessions; the account and others stay as they are. One
 * that the person has not accepted is declined so, which no lock ever stops (rule 5b). One that the directory has ended is
 * its record.
 */
export function leaveOrganization(
  database: Database,
  session: Session,
  organizationId: string,
  at: At,
): Promise<Result<void, Refusal<"memberLocked" | "memberNotFound" | "lastOwner">>> {
  const accountId = session.account.id;
  const act = { ...at, accountId, organizationId, door: "leave the organization", kind: "member.left" } as const;
  return actOnAccount(database, act, async (tx): Promise<Result<void, Refusal<"memberNotFound" | "lastOwner">>> => {
    const own = await ownMembership(tx, organizationId, accountId);
    if (own === null) return err({ kind: "memberNotFound", memberId: accountId });
    const others = await otherActiveOwners(tx, organizationId, own.member.id);
    const kept = keepAnOwner(own.isOwner && own.member.accountId !== null, others, own.member.name);
    if (!kept.ok) return kept;
    const roles = await buryMember(tx, { organizationId, memberId: own.member.id, now: at.now });
    await recordChanges(tx, [
      {
        organizationId,
        at: at.now,
        requestId: at.requestId,
        actor: { kind: "person", id: accountId, name: own.member.name },
        subject: { kind: "member", id: own.member.id, name: own.member.name },
        kind: act.kind,
        before: { roles },
      },
    ]);
    return ok(undefined);
  });
}

async function ownMembership(
  tx: Queryable,
  organizationId: string,
  accountId: string,
): Promise<{ readonly member: MemberRow; readonly isOwner: boolean } | null> {
  const [row] = await tx.query(membership, [organizationId, accountId]);
  const member = memberOf(row);
  return member === null ? null : { member, isOwner: z.object({ isOwner: z.boolean() }).parse(row).isOwner };
}

const membership = {
  name: "own_membership",
  text: `select ${memberColumns}, ${isOwnerColumn} as "isOwner"
    from account a join member m on m.organization_id = $1 and ${belongsTo}
    where a.id = $2 and m.active and not m.is_deleted and not (m.awaits_acceptance and ${wasAnother})
    order by m.awaits_acceptance limit 1
    for no key update of m`,
};
