import { personName, type MemberFields, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { noticeOwners } from "../account/security-notice.ts";
import { recordChanges } from "../store/change-log.ts";
import { fieldColumns, fieldValues, places } from "../member/member-fields.ts";
import { logAcceptance, takeMembership } from "../member/member-acceptance.ts";
import { touched } from "../member/member-row.ts";
import { newId } from "../store/id.ts";
import { mailTemplate } from "../mail/mail-text.ts";
import type { Queryable } from "../store/queryable.ts";
import { violatedUnique } from "../store/violation.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import type { Joiner } from "./invitation-account.ts";

/**
 * Accepts the membership that awaits the holder of the address, makes the account an active member that nobody manages, or
 * brings its former membership back under the same id, and gives those of the roles that still exist, or else the default role. Under the organization's lock.
 */
export async function joinByInvitation(
  tx: Queryable,
  context: WriteContext,
  account: Pick<Joiner, "id" | "email" | "name">,
  roleIds: readonly string[],
): Promise<Result<void, Refusal<"memberAlready">>> {
  const { organizationId, now } = context;
  const accepting = { organizationId, account: { id: account.id, name: account.name } };
  const accepted = await takeMembership(tx, accepting, { isMailed: true, now });
  if (accepted !== undefined) {
    const given = await giveRoles(tx, context, accepted.id, roleIds);
    const names = given.map(({ name }) => name);
    await logAcceptance(tx, accepting, context, accepted, names);
    await noticeNewOwner(tx, context, given);
    return ok(undefined);
  }
  const fields = fieldsOf(account);
  const id = newId();
  let joined: z.infer<typeof memberRow>;
  try {
    const values = [organizationId, id, account.id, now, ...fieldValues(fields)];
    const [revived] = await tx.query(revive, values);
    joined = memberRow.parse(revived ?? (await tx.query(insert, values))[0]);
  } catch (cause) {
    if (violatedUnique(cause) === undefined) throw cause;
    return err({ kind: "memberAlready", email: account.email });
  }
  const given = await giveRoles(tx, context, joined.id, roleIds);
  const roles = given.map(({ name }) => name);
  if (roles.length === 0) await tx.query(grantDefault, [organizationId, joined.id, now]);
  const kind = joined.id === id ? "member.created" : "member.revived";
  const subject = { kind: "member", id: joined.id, name: fields.name } as const;
  await recordChanges(tx, [{ ...entryOf(context), kind, subject, after: { ...fields, roles } }]);
  await noticeNewOwner(tx, context, given);
  return ok(undefined);
}

type GivenRole = z.infer<typeof roleRow>;

async function noticeNewOwner(tx: Queryable, context: WriteContext, given: readonly GivenRole[]): Promise<void> {
  if (!given.some(({ kind }) => kind === "owner")) return;
  const deed = mailTemplate`accepted an invitation and is now an owner of your organization`;
  await noticeOwners(tx, context, { kind: "newOwner", subject: mailTemplate`Your organization has a new owner`, deed });
}

/** Gives those of the roles that still exist, and returns them. */
async function giveRoles(
  tx: Queryable,
  { organizationId, now }: WriteContext,
  memberId: string,
  roleIds: readonly string[],
): Promise<readonly GivenRole[]> {
  return (await tx.query(grant, [organizationId, memberId, roleIds, now])).map((row) => roleRow.parse(row));
}

function fieldsOf({ email, name }: Pick<Joiner, "email" | "name">): MemberFields {
  const [givenName = null, ...rest] = name.split(/\s+/u).filter((word) => word !== "");
  const parts = { givenName, familyName: rest.length > 0 ? rest.join(" ") : null, displayName: null };
  return { ...parts, userName: email, externalId: null, name: personName(parts, email), active: true };
}

const memberRow = z.object({ id: z.string() });
const roleRow = z.object({ name: z.string(), kind: z.string() });

/** The membership that ended last; what the directory called them is over, until it finds them by their address again. */
const revive = {
  name: "member_revive_invited",
  text: `update member set (${fieldColumns}) = (${places(5, 16)}), is_managed = false, awaits_acceptance = false,
      accepted_at = $4, deleted_at = null, ${touched(4)}
    where $2::uuid is not null and organization_id = $1 and id = (select id from member
      where organization_id = $1 and account_id = $3 and is_deleted order by deleted_at desc limit 1)
    returning id`,
};
const insert = {
  name: "member_insert_invited",
  text: `insert into member (organization_id, id, account_id, ${fieldColumns}, is_managed, awaits_acceptance, accepted_at,
      version, created_at, updated_at) values ($1, $2, $3, ${places(5, 16)}, false, false, $4, 1, $4, $4) returning id`,
};
const grant = {
  name: "invitation_grant",
  text: `with living as materialized (select id, name, name_key, kind from role
      where organization_id = $1 and id = any($3::uuid[]) and deleted_at is null for share),
    given as (insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select $1, $2, id, 'manual', $4 from living on conflict do nothing)
    select name, kind from living order by name_key`,
};
const grantDefault = {
  name: "invitation_grant_default",
  text: `insert into role_grant (organization_id, member_id, role_id, source, created_at)
    select p.organization_id, $2, p.default_role_id, 'default', $3 from provisioning p
    where p.organization_id = $1 and p.default_role_id is not null on conflict do nothing`,
};
