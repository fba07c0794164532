import { domainKey } from "@rollcall/domain";
import { z } from "zod";
import { releaseAddress } from "../account/address-release.ts";
import { endMailedTo } from "../account/link-end.ts";
import type { At } from "../account/account-operation.ts";
import { changeOfEachCte, changeValue, recordChanges } from "../store/change-log.ts";
import { inviteFrom, isOwnerColumn, touched, wasAnother } from "./member-row.ts";
import { idOfNow } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

type Accepting = { readonly organizationId: string; readonly account: { readonly id: string; readonly name: string } };
type Accepted = { readonly id: string; readonly name: string };
const acceptedRow = z.object({ id: z.string(), name: z.string() });

/**
 * Gives the account the membership that awaits whoever holds its address; undefined where there is none, or where the
 * account is a member there already. Nor by a session where it was another person's there: `isMailed` says that a link that was
 * mailed for this membership proves who it is. In a transaction; `logAcceptance` belongs to it.
 */
export async function takeMembership(
  tx: Queryable,
  { organizationId, account }: Accepting,
  { isMailed, now }: { readonly isMailed: boolean; readonly now: Date },
): Promise<Accepted | undefined> {
  const [row] = await tx.query(take, [organizationId, account.id, now, isMailed]);
  return row === undefined ? undefined : acceptedRow.parse(row);
}

/** `roles`: those that came with an invitation. */
export function logAcceptance(
  tx: Queryable,
  { organizationId, account }: Accepting,
  { now, requestId }: At,
  member: Accepted,
  roles: readonly string[] = [],
): Promise<void> {
  return recordChanges(tx, [
    {
      organizationId,
      at: now,
      requestId,
      actor: { kind: "person", ...account },
      subject: { kind: "member", ...member },
      kind: "member.accepted",
      before: { awaitsAcceptance: true },
      after: { awaitsAcceptance: false, ...(roles.length > 0 ? { roles } : {}) },
    },
  ]);
}

/**
 * Accepts the memberships of a domain that the organization has verified: each person joins with the account that holds
 * the address, or with a new one. An account that was another person's here (rule 5a), or that nobody uses, gives it up.
 * `userNameKey`: of one person alone; null: of all. In a transaction.
 */
export async function acceptByDomain(
  tx: Queryable,
  what: { readonly organizationId: string; readonly domain: string; readonly userNameKey: string | null },
  at: At,
): Promise<void> {
  const { organizationId } = what;
  const { now } = at;
  const values = [organizationId, domainKey(what.domain), what.userNameKey];
  for (const row of await tx.query(formerHolders, values)) {
    const { isAnother, ...holder } = holderRow.parse(row);
    const isReleased = await releaseAddress(tx, holder, { organizationId, now });
    // Another person's account gives way also where somebody has begun or ceased to use it meanwhile; it is held now.
    if (!isReleased && isAnother) {
      await releaseAddress(tx, { ...holder, isInUse: !holder.isInUse }, { organizationId, now });
    }
  }
  await tx.query(acceptAll, [...values, now, entryOfEach(organizationId, at, false)]);
}

/**
 * Has the memberships of a domain that the organization has lost await acceptance where nobody has accepted them or signed in
 * to the organization; how many. The last owners stay. In the transaction of the loss, which keeps the provider's writes out.
 */
export async function awaitByDomain(
  tx: Queryable,
  what: { readonly organizationId: string; readonly domain: string },
  at: At,
): Promise<number> {
  const { organizationId } = what;
  const values = [organizationId, domainKey(what.domain), at.now, entryOfEach(organizationId, at, true)];
  const [row] = await tx.query(awaitAll, values);
  return z.object({ count: z.number() }).parse(row).count;
}

/** The entry of the log for each person whose acceptance a domain has decided. */
function entryOfEach(organizationId: string, { now, requestId }: At, awaitsAcceptance: boolean): string {
  return changeValue([
    {
      organizationId,
      at: now,
      requestId,
      actor: { kind: "system", id: null, name: "" },
      subject: { kind: "member", id: null, name: "" },
      kind: awaitsAcceptance ? "member.acceptance_asked" : "member.accepted",
      before: { awaitsAcceptance: !awaitsAcceptance },
      after: { awaitsAcceptance },
    },
  ]);
}

const take = {
  name: "member_accept",
  text: `with a as (select id, email_key, address_proven_at from account where id = $2 for key share)
    update member m set account_id = a.id, awaits_acceptance = false, accepted_at = $3, ${touched(3)} from a
    where m.organization_id = $1 and m.user_name_key = a.email_key and m.awaits_acceptance and m.active
      and not m.is_deleted and ($4 or not ${wasAnother}) and not exists (select 1 from member own
        where own.organization_id = $1 and own.account_id = a.id and not own.is_deleted)
    returning m.id, m.name`,
};

/** Those of organization $1 in the domain $2, or only the one whose userName is $3. */
const waiting = `m.organization_id = $1 and m.awaits_acceptance and not m.is_deleted
  and substring(m.user_name_key from '[^@]*$') = $2 and ($3::text is null or m.user_name_key = $3)`;

/** Members `m` of organization $1 whose access rests on the domain at `place` alone, but for the last owners. */
function unacceptedIn(place: number): string {
  const rests = (member: string): string =>
    `(${member}.accepted_at is null and substring(${member}.user_name_key from '[^@]*$') = $${place})`;
  return `m.organization_id = $1 and not m.awaits_acceptance and not m.is_deleted and ${rests("m")}
    and not (${isOwnerColumn} and not exists (select 1 from role r
      join role_grant g on g.organization_id = r.organization_id and g.role_id = r.id
      join member o on o.organization_id = g.organization_id and o.id = g.member_id
      where r.organization_id = $1 and r.kind = 'owner' and r.deleted_at is null and o.active
        and not o.awaits_acceptance and not o.is_deleted and not ${rests("o")}))`;
}

const isInUse = "exists (select 1 from member used where used.account_id = a.id and not used.is_deleted)";
const holderRow = z.object({ id: z.string(), isInUse: z.boolean(), isAnother: z.boolean() });
const formerHolders = {
  name: "member_accept_former_holders",
  text: `select a.id, ${isInUse} as "isInUse", ${wasAnother} as "isAnother"
    from member m join account a on a.email_key = m.user_name_key
    where ${waiting} and (not ${isInUse} or ${wasAnother})`,
};
/** A session would be a sign-in, so that none has to end. */
const awaitAll = {
  name: "member_await_domain",
  text: `with unaccepted as materialized (select m.id from member m where ${unacceptedIn(2)} for no key update),
    turned as (update member m set account_id = null, awaits_acceptance = true, invite_at = ${inviteFrom(3)}, ${touched(3)} from unaccepted
      where m.organization_id = $1 and m.id = unaccepted.id returning m.id, m.name),
    logs as (select ${idOfNow} as id, 'member.acceptance_asked' as kind, id as subject_id, name as subject_name from turned),
    ${changeOfEachCte("logs", 4)}
    select count(*)::int as count from turned`,
};
/** Account before member, as everywhere: that is why no member is held before the accounts are made. */
const acceptAll = {
  name: "member_accept_domain",
  text: `with waiting as materialized (select m.id, m.user_name, m.user_name_key, m.name from member m where ${waiting}),
    made as (insert into account (id, email, email_key, name, created_at, updated_at)
      select ${idOfNow}, user_name, user_name_key, name, $4, $4 from waiting
      on conflict (email_key) do nothing returning id, email_key),
    holder as (select id, email_key from made
      union all select a.id, a.email_key from waiting join account a on a.email_key = waiting.user_name_key),
    accepted as (update member m set account_id = holder.id, awaits_acceptance = false, ${touched(4)} from holder
      where ${waiting} and m.user_name_key = holder.email_key and not exists (select 1 from member own
        where own.organization_id = $1 and own.account_id = holder.id and not own.is_deleted)
      returning m.id, m.name),
    ${endMailedTo("any (select email_key from made)", "$4", { isGiven: "true", isNew: "organization_id <> $1" })},
    logs as (select ${idOfNow} as id, 'member.accepted' as kind, id as subject_id, name as subject_name from accepted),
    ${changeOfEachCte("logs", 5)}
    select count(*) from accepted`,
};
