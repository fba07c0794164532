import { domainOf, emailKey, type LockedFacts, type MemberChange } from "@rollcall/domain";
import { sql } from "kysely";
import { addAccount, addEmptyAccount } from "../account/account-add.ts";
import { holderOf, isRemovedHere, releaseAddress } from "../account/address-release.ts";
import { inviteFrom, type MemberRow } from "../member/member-columns.ts";
import { providedColumns } from "../member/member-fields.ts";
import { recordChanges } from "../store/change-log.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/**
 * Gives an inactive member's record to another person (docs/design.md, section 3, rule 5a): ends sessions, exemptions,
 * manual roles and offers of roles here. If the organization has verified the domain, the former account loses the
 * address and the new person gets a new account. Otherwise the new person must accept first, and the former person
 * stays as a removed member, so that their account is not taken for the new person's. If the change has a new address,
 * the new person's account gets it by `moveEmail`, under the rules of a rename. Must run in a transaction that
 * has locked the member.
 */
export async function handOver<M extends MemberRow>(
  tx: Queryable,
  context: WriteContext,
  member: M,
  { change, accountEmail, verifiedDomains }: LockedFacts & { readonly change: MemberChange },
): Promise<M> {
  const isVerified = (address: string): boolean => verifiedDomains.has(domainOf(address));
  const lost = await endHere(tx, context, member.id);
  if (member.accountId !== null && accountEmail !== null && isVerified(accountEmail)) {
    await releaseAddress(tx, { id: member.accountId, isInUse: true }, context);
  } else if (member.accountId !== null) {
    await keepFormer(tx, context, member.id);
  }
  const awaitsAcceptance = !isVerified(change.fields.userName);
  const accountId = awaitsAcceptance ? null : await accountFor(tx, context, change, member.accountId);
  await setAccount(tx, context, member.id, accountId);
  const subject = { kind: "member", id: member.id, name: member.name } as const;
  const before = lost.length > 0 ? { roles: lost } : null;
  const after = awaitsAcceptance ? { awaitsAcceptance } : null;
  await recordChanges(tx, [{ ...entryOf(context), kind: "member.handed_over", subject, before, after }]);
  return { ...member, accountId };
}

/**
 * An account without an address if the change has a new one. Otherwise the account of the userName that its holder uses
 * elsewhere, unless that is the former person or another one removed here, who lose the address; else a new one.
 */
async function accountFor(
  tx: Queryable,
  context: WriteContext,
  change: MemberChange,
  formerId: string | null,
): Promise<string> {
  const { now, organizationId } = context;
  const { userName, name, externalId } = change.fields;
  if (change.email !== undefined) return addEmptyAccount(tx, { name, now });
  const holder = await holderOf(tx, emailKey(userName));
  if (holder !== undefined) {
    const isAnother = holder.id === formerId || (await isRemovedHere(tx, { organizationId, externalId }, holder.id));
    if (holder.isInUse && !isAnother) return holder.id;
    await releaseAddress(tx, holder, context);
  }
  const added = await addAccount(tx, { email: userName, name }, { now, endsInvitations: true });
  // A concurrent request has created the account.
  return added ?? accountFor(tx, context, change, formerId);
}

function endHere({ db }: Queryable, { organizationId, now }: WriteContext, memberId: string) {
  return db
    .with("ended", (to) =>
      to
        .updateTable("session as s")
        .from("member as m")
        .set({ endedAt: now })
        .where("m.organizationId", "=", organizationId)
        .where("m.id", "=", memberId)
        .where("s.organizationId", "=", organizationId)
        .whereRef("s.accountId", "=", "m.accountId")
        .where("s.endedAt", "is", null),
    )
    .with("exempted", (from) =>
      from.deleteFrom("exemption").where("organizationId", "=", organizationId).where("memberId", "=", memberId),
    )
    .deleteFrom("role_grant")
    .where("organizationId", "=", organizationId)
    .where("memberId", "=", memberId)
    .where((eb) =>
      eb.or([
        eb("source", "not in", ["group", "mapping"]),
        // Nobody becomes an owner by it: the directory must name the next person in the group itself.
        eb(
          "roleId",
          "in",
          eb
            .selectFrom("role as r")
            .where("r.organizationId", "=", organizationId)
            .where("r.kind", "<>", "custom")
            .select("r.id"),
        ),
      ]),
    )
    .returning(["roleId as id", "source"])
    .execute();
}

/** Adds the former person as a removed member. */
async function keepFormer({ db }: Queryable, { organizationId, now }: WriteContext, memberId: string): Promise<void> {
  const kept = ["organizationId", "accountId", ...providedColumns, "isManaged", "createdAt"] as const;
  const own = ["id", "lastExternalId", "awaitsAcceptance", "version", "updatedAt", "deletedAt"] as const;
  const at = sql<Date>`${now}::timestamptz`;
  await db
    .insertInto("member")
    .columns([...kept, ...own])
    .expression((eb) =>
      eb
        .selectFrom("member")
        .where("organizationId", "=", organizationId)
        .where("id", "=", memberId)
        .select(kept)
        .select([
          sql<string>`${newId()}::uuid`.as("id"),
          sql`coalesce(last_external_id, external_id)`.as("lastExternalId"),
        ])
        .select([sql.lit(false).as("awaitsAcceptance"), sql.lit(1).as("version")])
        .select([at.as("updatedAt"), at.as("deletedAt")]),
    )
    .execute();
}

/** Leaves the version unchanged: the following save increments it. */
async function setAccount(
  { db }: Queryable,
  { organizationId, now }: WriteContext,
  memberId: string,
  accountId: string | null,
): Promise<void> {
  const awaitsAcceptance = accountId === null;
  await db
    .updateTable("member")
    .set({ accountId, awaitsAcceptance, acceptedAt: null, inviteAt: awaitsAcceptance ? inviteFrom(now) : null })
    .where("organizationId", "=", organizationId)
    .where("id", "=", memberId)
    .execute();
}
