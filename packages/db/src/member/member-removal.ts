import { checkRemoval, checkConfirmedRemoval, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { readProvisioning } from "../provisioning/provisioning-row.ts";
import type { Database } from "../store/database.ts";
import { otherActiveOwners } from "./active-owners.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { tombstoneMember } from "./member-save.ts";
import { lockMemberRow, type MemberWithRoles } from "./member-with-roles.ts";

type Removal = Result<
  void,
  Refusal<"memberNotFound" | "selfRemoval" | "lastOwner" | "onlyDirectoryRemoves" | "confirmationWrong">
>;

/**
 * Removes a member for the owners: no access, roles or sessions here from the next request; the account and other
 * organizations are not affected. `typed`: the name of a managed person, typed to confirm.
 */
export function removeMember(
  database: Database,
  context: WriteContext,
  { memberId, typed }: { readonly memberId: string; readonly typed?: string | undefined },
): Promise<Removal> {
  const { organizationId, now } = context;
  const attempt = { kind: "member.removed", subject: { kind: "member", id: memberId, name: "" } } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Removal> => {
    const member = await lockMemberRow(uow, organizationId, memberId);
    if (member === undefined) return err({ kind: "memberNotFound", memberId });
    const decided = checkConfirmedRemoval(member, await removalFacts(uow, context, member), typed);
    if (!decided.ok) return decided;
    const roles = await tombstoneMember(uow, { organizationId, memberId, now });
    const { name, active, userName } = member;
    uow.log({ ...attempt, subject: { ...attempt.subject, name }, before: { active, userName, roles } });
    return ok(undefined);
  });
}

/** Why the reader cannot remove this person, for display. */
export async function removalOf(
  queryable: Queryable,
  context: WriteContext,
  member: MemberWithRoles,
): Promise<ReturnType<typeof checkRemoval>> {
  return checkRemoval(member, await removalFacts(queryable, context, member));
}

async function removalFacts(
  queryable: Queryable,
  { organizationId, actor }: WriteContext,
  member: MemberWithRoles,
): Promise<Parameters<typeof checkRemoval>[1]> {
  const settings = await readProvisioning(queryable, organizationId);
  return {
    isSelf: actor.kind === "person" && actor.id === member.accountId,
    otherActiveOwners: await otherActiveOwners(queryable, organizationId, member.id),
    // While provisioning is off, no directory could remove them instead.
    onlyDirectoryRemoves: settings.onlyDirectoryRemoves && settings.isEnabled,
  };
}
