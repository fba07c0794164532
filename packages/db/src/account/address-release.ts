import { emailKey, type AddressHolder } from "@rollcall/domain";
import { sql } from "kysely";
import { endSessionsBut } from "../session/sessions.ts";
import { anyId } from "../store/id.ts";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { endChanges, endResets } from "./link-end.ts";

/** The time and the organization that causes the release, whose log has an entry of its own; null: none. */
type Release = { readonly organizationId: string | null; readonly now: Date };

/**
 * Removes the address from an account because another person has it now. Ends password, second factor, recovery codes,
 * links and sessions, keeps memberships, and logs in the other organizations that the person needs a new address. False
 * if the account has no address any more, or is in use contrary to `holder`. Must run in a transaction.
 */
export async function releaseAddress(tx: Queryable, holder: AddressHolder, release: Release): Promise<boolean> {
  return (await releaseAddresses(tx, [holder], release)).has(holder.id);
}

/** The same for many accounts in as many statements as for one; returns the ids of those released. */
export async function releaseAddresses(
  tx: Queryable,
  holders: readonly AddressHolder[],
  { organizationId, now }: Release,
): Promise<ReadonlySet<string>> {
  if (holders.length === 0) return new Set();
  const byId = new Map(holders.map(({ id, isInUse }) => [id, isInUse]));
  // A concurrent write that adds a member to the account has either committed and is seen, or finds no address.
  const held = await holdAddresses(tx, [...byId.keys()]);
  const used = await usedAmong(tx, held);
  const released = held.filter((id) => byId.get(id) === used.has(id));
  if (released.length === 0) return new Set();
  await endSessionsBut(tx, released, null, now);
  const emails = new Map((await takeAddresses(tx, released, now)).map(({ id, email }) => [id, email]));
  const members = await visibleElsewhere(tx, released, organizationId);
  await recordChanges(
    tx,
    members.map((member) => ({
      organizationId: member.organizationId,
      at: now,
      requestId: null,
      actor: { kind: "system", id: null, name: "" },
      subject: { kind: "member", id: member.id, name: member.name },
      kind: "member.address_lost",
      before: { userName: emails.get(member.accountId) },
    })),
  );
  return new Set(released);
}

type Move = Release & { readonly accountId: string; readonly email: string };

/**
 * Takes the address from another person's account if nobody uses that account and the directory that changes the
 * address has removed that person, so that it could give the address away by a POST as well (rule 5a). Must run in a
 * transaction.
 */
export async function freeAddress(tx: Queryable, move: Move): Promise<void> {
  const holder = await holderOf(tx, emailKey(move.email));
  if (holder === undefined || holder.id === move.accountId) return;
  if (!holder.isInUse || (await isFreeHere(tx, move, holder.id))) await releaseAddress(tx, holder, move);
}

/** The account with the address (`key`: see `emailKey`), and whether a visible membership uses it. */
export async function holderOf(tx: Queryable, key: string): Promise<AddressHolder | undefined> {
  const account = await tx.db.selectFrom("account").where("emailKey", "=", key).select("id").executeTakeFirst();
  return account && { id: account.id, isInUse: (await usedAmong(tx, [account.id])).has(account.id) };
}

async function usedAmong({ db }: Queryable, accountIds: readonly string[]): Promise<ReadonlySet<string>> {
  const visible = db.selectFrom("member").where("isDeleted", "=", sql.lit(false));
  const used = await visible.where("accountId", "=", anyId(accountIds)).select("accountId").distinct().execute();
  return new Set(used.flatMap(({ accountId }) => accountId ?? []));
}

/** Locks the accounts in the order of their ids; returns those with an address. */
async function holdAddresses({ db }: Queryable, accountIds: readonly string[]): Promise<readonly string[]> {
  const accounts = db.selectFrom("account").where("id", "=", anyId(accountIds)).where("email", "is not", null);
  return (await accounts.select("id").orderBy("id").forUpdate().execute()).map(({ id }) => id);
}

function takeAddresses({ db }: Queryable, accountIds: readonly string[], now: Date) {
  const gone = { email: null, emailKey: null, addressProvenAt: null, passwordHash: null, passwordChangedAt: null };
  const ids = anyId(accountIds);
  return db
    .with("changes", endChanges(ids, now, true))
    .with("resets", endResets(ids, now))
    .with("codes", (from) => from.deleteFrom("recovery_code").where("accountId", "=", ids))
    .updateTable("account")
    .set((eb) => ({ formerEmail: eb.ref("email"), ...gone, updatedAt: now }))
    .set({ totpSecret: null, totpConfirmedAt: null, totpLastStep: null })
    .where("id", "=", ids)
    .returning(["id", "formerEmail as email"])
    .execute();
}

function visibleElsewhere({ db }: Queryable, accountIds: readonly string[], organizationId: string | null) {
  return db
    .selectFrom("member")
    .where("accountId", "=", anyId(accountIds))
    .where("organizationId", "is distinct from", organizationId)
    .where("isDeleted", "=", sql.lit(false))
    .select(["organizationId", "id", "name", sql<string>`account_id`.as("accountId")])
    .orderBy("organizationId")
    .execute();
}

/** Whether the organization has removed the holder of the account, as a person with another externalId than this one. */
export async function isRemovedHere(
  { db }: Queryable,
  { organizationId, externalId }: { readonly organizationId: string; readonly externalId: string | null },
  holderId: string,
): Promise<boolean> {
  const members = db
    .selectFrom("member as m")
    .where("organizationId", "=", organizationId)
    .where("accountId", "=", holderId);
  const own = members.where("isDeleted", "=", sql.lit(false)).select("m.id");
  const removed = await members
    .where("isDeleted", "=", sql.lit(true))
    .where(sql<boolean>`coalesce(last_external_id, external_id) <> ${externalId}`)
    .where((eb) => eb.not(eb.exists(own)))
    .select("m.id")
    .limit(1)
    .executeTakeFirst();
  return removed !== undefined;
}

/** Whether the organization that moves an address has removed its holder as another person than the one moved. */
async function isFreeHere(tx: Queryable, { organizationId, accountId }: Move, holderId: string): Promise<boolean> {
  if (organizationId === null) return false;
  const members = tx.db.selectFrom("member").where((eb) => eb.and({ organizationId, accountId, isDeleted: false }));
  const moved = await members.select("externalId").executeTakeFirst();
  return moved !== undefined && isRemovedHere(tx, { organizationId, externalId: moved.externalId }, holderId);
}
