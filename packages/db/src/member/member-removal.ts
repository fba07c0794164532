import { mayRemove, removeMember as decide, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import { buryMember } from "./member-save.ts";
import { otherActiveOwners } from "../store/organization-lock.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { holdMember, type MemberStanding } from "./member-standing.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { readProvisioning } from "../provisioning/provisioning-row.ts";

type RemovalRefusal = Refusal<
  "memberNotFound" | "selfRemoval" | "lastOwner" | "onlyDirectoryRemoves" | "confirmationWrong"
>;

/**
 * Ends a membership for its owners: no access, no roles and no session here from the next request on; the account and
 * other organizations stay as they are. `typed`: the name of a managed person, as a word that it is meant.
 */
export function removeMember(
  database: Database,
  context: WriteContext,
  wish: { readonly memberId: string; readonly typed?: string | undefined },
): Promise<Result<void, RemovalRefusal>> {
  const { memberId, typed } = wish;
  const { organizationId, now } = context;
  const nobody = { kind: "member", id: memberId, name: "" } as const;
  return inOrganization(
    database,
    context,
    { kind: "member.removed", subject: nobody },
    async (tx): Promise<Result<void, RemovalRefusal>> => {
      const member = await holdMember(tx, organizationId, memberId);
      if (member === undefined) return err({ kind: "memberNotFound", memberId });
      const decided = decide(member, await removalFacts(tx, context, member), typed);
      if (!decided.ok) return decided;
      const roles = await buryMember(tx, { organizationId, memberId, now });
      const subject = { ...nobody, name: member.name };
      const before = { active: member.active, userName: member.userName, roles };
      await recordChanges(tx, [{ ...entryOf(context), kind: "member.removed", subject, before }]);
      return ok(undefined);
    },
  );
}

/** Why this person cannot be removed by the reader, for the screen. */
export async function removalOf(
  sql: Queryable,
  context: WriteContext,
  member: MemberStanding,
): Promise<ReturnType<typeof mayRemove>> {
  return mayRemove(member, await removalFacts(sql, context, member));
}

async function removalFacts(
  sql: Queryable,
  { organizationId, actor }: WriteContext,
  member: MemberStanding,
): Promise<Parameters<typeof mayRemove>[1]> {
  const settings = await readProvisioning(sql, organizationId);
  return {
    isSelf: actor.kind === "person" && actor.id === member.accountId,
    otherActiveOwners: await otherActiveOwners(sql, organizationId, member.id),
    // Where provisioning is off there is no directory that could remove them instead.
    onlyDirectoryRemoves: settings.onlyDirectoryRemoves && settings.isEnabled,
  };
}
