import { domainOf, emailKey, type LockedFacts } from "@rollcall/domain";
import { addAccount } from "../account/account-add.ts";
import { holderOf, releaseAddress } from "../account/address-release.ts";
import { recordChanges } from "../store/change-log.ts";
import { fieldColumns } from "../member/member-fields.ts";
import { inviteFrom, type MemberRow } from "../member/member-row.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/**
 * Gives an inactive member's place to another person (design section 3, rule 5a): sessions, exemptions, roles by hand and
 * offers of roles here end. Where the organization has verified the domain, the former account loses the address and the new person gets
 * an account of their own; elsewhere the new person has to accept first, and the former one stays as a removed member, so
 * that their account is known not to be the new person's. In a transaction that holds the member.
 */
export async function handOver<M extends MemberRow>(
  tx: Queryable,
  context: WriteContext,
  member: M,
  { accountEmail, verifiedDomains }: LockedFacts,
): Promise<M> {
  const { organizationId, now } = context;
  const isVerified = (address: string): boolean => verifiedDomains.has(domainOf(address));
  const lost = await tx.query(endHere, [organizationId, member.id, now]);
  if (member.accountId !== null && accountEmail !== null && isVerified(accountEmail)) {
    await releaseAddress(tx, { id: member.accountId, isInUse: true }, context);
  } else if (member.accountId !== null) {
    await tx.query(keepFormer, [organizationId, member.id, newId(), now]);
  }
  const awaitsAcceptance = !isVerified(member.userName);
  const accountId = awaitsAcceptance ? null : await accountOf(tx, context, member);
  await tx.query(setAccount, [organizationId, member.id, accountId, now]);
  const subject = { kind: "member", id: member.id, name: member.name } as const;
  const before = lost.length > 0 ? { roles: lost } : null;
  const after = awaitsAcceptance ? { awaitsAcceptance } : null;
  await recordChanges(tx, [{ ...entryOf(context), kind: "member.handed_over", subject, before, after }]);
  return { ...member, accountId };
}

/** The account that the holder of the address uses elsewhere, or a new one. */
async function accountOf(tx: Queryable, context: WriteContext, member: MemberRow): Promise<string> {
  const { userName, name } = member;
  const holder = await holderOf(tx, emailKey(userName));
  if (holder?.isInUse === true) return holder.id;
  if (holder !== undefined) await releaseAddress(tx, holder, context);
  const added = await addAccount(tx, { email: userName, name }, { now: context.now, endsInvitations: true });
  // Somebody has made one of that address at this moment.
  return added ?? accountOf(tx, context, member);
}

const endHere = {
  name: "member_end_here",
  text: `with ended as (update session s set ended_at = $3 from member m where m.organization_id = $1 and m.id = $2
      and s.organization_id = $1 and s.account_id = m.account_id and s.ended_at is null),
    exempted as (delete from exemption where organization_id = $1 and member_id = $2)
    delete from role_grant where organization_id = $1 and member_id = $2 and source not in ('group', 'mapping')
      returning role_id as id, source`,
};
const keepFormer = {
  name: "member_keep_former",
  text: `insert into member (organization_id, id, account_id, ${fieldColumns}, last_external_id, is_managed,
      awaits_acceptance, version, created_at, updated_at, deleted_at)
    select organization_id, $3, account_id, ${fieldColumns}, coalesce(last_external_id, external_id), is_managed,
      false, 1, created_at, $4, $4 from member where organization_id = $1 and id = $2`,
};
/** The version stays, as the change that this belongs to is saved next and moves it. */
const setAccount = {
  name: "member_set_account",
  text: `update member set account_id = $3::uuid, awaits_acceptance = $3::uuid is null, accepted_at = null,
    invite_at = case when $3::uuid is null then ${inviteFrom(4)} end
    where organization_id = $1 and id = $2`,
};
