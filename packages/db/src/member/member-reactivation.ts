import { accessKinds, reactivateByOwner, undoReactivation as decideUndo, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { touched } from "./member-row.ts";
import { otherActiveOwners } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { holdMember, type MemberStanding } from "./member-standing.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import { readOffer } from "./roles-offer.ts";

type ReactivationRefusal = Refusal<"memberNotFound" | "onlyDirectoryReactivates" | "defaultRoleRequired">;
type UndoRefusal = Refusal<"memberNotFound" | "onlyDirectoryReactivates" | "reactivationOver" | "lastOwner">;

/** In the log of a refusal: the person, where it is one alone. */
const subjectOf = ([id, ...more]: readonly string[]) =>
  ({ kind: "member", id: id === undefined || more.length > 0 ? null : id, name: "" }) as const;

/**
 * Gives inactive people back their access: the same identity, with the default role and what the groups give; roles that
 * were given by hand are offered. A person who has not accepted the membership still has to. All of them or, where one is
 * refused, none; those who are active are left as they are. Ids must be UUIDs.
 */
export function reactivateMembers(
  database: Database,
  context: WriteContext,
  ids: readonly string[],
): Promise<Result<void, ReactivationRefusal>> {
  const { organizationId, now } = context;
  const attempt = { kind: "member.reactivated", subject: subjectOf(ids) } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, ReactivationRefusal>> => {
    const { isEnabled, defaultRoleId } = await readProvisioning(tx, organizationId);
    if (defaultRoleId === null) return err({ kind: "defaultRoleRequired" });
    for (const id of inLockOrder(ids)) {
      const member = await holdMember(tx, organizationId, id);
      if (member === undefined) return err({ kind: "memberNotFound", memberId: id });
      if (member.active) continue;
      const decided = reactivateByOwner(member, isEnabled);
      if (!decided.ok) return decided;
      await tx.query(reactivate, [organizationId, id, now, defaultRoleId]);
      const awaits = member.accountId === null ? { awaitsAcceptance: true } : {};
      await log(tx, context, member, { before: { active: false }, after: { active: true, ...awaits } });
    }
    return ok(undefined);
  });
}

/**
 * Takes reactivations back: the people are inactive again with the roles that they had before, and what was offered then
 * is offered again later. All of them or none; those who are inactive are left as they are. Ids must be UUIDs.
 */
export function undoReactivations(
  database: Database,
  context: WriteContext,
  ids: readonly string[],
): Promise<Result<void, UndoRefusal>> {
  const { organizationId, now } = context;
  const attempt = { kind: "member.deactivated", subject: subjectOf(ids) } as const;
  return inOrganization(database, context, attempt, async (tx): Promise<Result<void, UndoRefusal>> => {
    const { isEnabled: isProvisioningOn } = await readProvisioning(tx, organizationId);
    for (const id of inLockOrder(ids)) {
      const member = await holdMember(tx, organizationId, id);
      if (member === undefined) return err({ kind: "memberNotFound", memberId: id });
      if (!member.active) continue;
      const since = await reactivatedAt(tx, organizationId, id);
      const others = await otherActiveOwners(tx, organizationId, id);
      const facts = { isProvisioningOn, otherActiveOwners: others, isLastReactivation: since !== null };
      const decided = decideUndo(member, facts);
      if (!decided.ok) return decided;
      const offered = await readOffer(tx, organizationId, member);
      const lost = (await tx.query(deactivate, [organizationId, id, now, since])).map((row) => lostRow.parse(row));
      const roles = [...lost, ...offered.map((role) => ({ id: role.id, source: "manual" }))];
      await log(tx, context, member, { before: { active: true, roles }, after: { active: false } });
    }
    return ok(undefined);
  });
}

/** The lock order is organization, role, members by id. */
function inLockOrder(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].toSorted();
}

type Entry = { readonly before: object; readonly after: { readonly active: boolean } };

function log(tx: Queryable, context: WriteContext, { id, name }: MemberStanding, entry: Entry): Promise<void> {
  const kind = entry.after.active ? "member.reactivated" : "member.deactivated";
  return recordChanges(tx, [{ ...entryOf(context), subject: { kind: "member", id, name }, kind, ...entry }]);
}

const newestRow = z.object({ at: z.date(), isByOwner: z.boolean() });
const lostRow = z.object({ id: z.string(), source: z.string() });

/** When an owner has reactivated the person; null where that is not the last thing that happened to their access. */
async function reactivatedAt(tx: Queryable, organizationId: string, id: string): Promise<Date | null> {
  const [row] = await tx.query(newest, [organizationId, id, accessKinds]);
  if (row === undefined) return null;
  const { at, isByOwner } = newestRow.parse(row);
  return isByOwner ? at : null;
}

const reactivate = {
  name: "member_reactivate",
  text: `with saved as (update member set active = true, ${touched(3)} where organization_id = $1 and id = $2 returning id)
    insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select $1, saved.id, $4, 'default', $3 from saved on conflict do nothing`,
};
/** What was given since is taken: by the reactivation itself, and by hand. What the groups give stays, as it does everywhere. */
const deactivate = {
  name: "member_reactivation_undo",
  text: `with saved as (update member set active = false, ${touched(3)} where organization_id = $1 and id = $2
      returning account_id),
    ended as (update session set ended_at = $3 where organization_id = $1
      and account_id = (select account_id from saved) and ended_at is null)
    delete from role_grant where organization_id = $1 and member_id = $2 and created_at >= $4
      and source not in ('group', 'mapping') and exists (select 1 from saved) returning role_id as id, source`,
};
const newest = {
  name: "member_access_entry",
  text: `select at, kind = 'member.reactivated' and actor_kind = 'person' as "isByOwner" from change
    where organization_id = $1 and subject_kind = 'member' and subject_id = $2 and refusal is null
      and kind = any($3::text[]) order by id desc limit 1`,
};
