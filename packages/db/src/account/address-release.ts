import { emailKey, type AddressHolder } from "@rollcall/domain";
import { sql } from "kysely";
import { endSessionsBut } from "../session/sessions.ts";
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
export async function releaseAddress(
  tx: Queryable,
  holder: AddressHolder,
  { organizationId, now }: Release,
): Promise<boolean> {
  // A concurrent write that adds a member to the account has either committed and is seen, or finds no address.
  const held = await holdAddress(tx, holder.id);
  if (held === undefined || (await isInUse(tx, holder.id)) !== holder.isInUse) return false;
  await endSessionsBut(tx, holder.id, null, now);
  const { email } = await takeAddress(tx, holder.id, now);
  const members = await visibleElsewhere(tx, holder.id, organizationId);
  await recordChanges(
    tx,
    members.map((member) => ({
      organizationId: member.organizationId,
      at: now,
      requestId: null,
      actor: { kind: "system", id: null, name: "" },
      subject: { kind: "member", id: member.id, name: member.name },
      kind: "member.address_lost",
      before: { userName: email },
    })),
  );
  return true;
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
  if (!holder.isInUse || (await isRemovedHere(tx, move, holder.id))) await releaseAddress(tx, holder, move);
}

/** The account with the address (`key`: see `emailKey`), and whether a visible membership uses it. */
export async function holderOf(tx: Queryable, key: string): Promise<AddressHolder | undefined> {
  const account = await tx.db.selectFrom("account").where("emailKey", "=", key).select("id").executeTakeFirst();
  return account && { id: account.id, isInUse: await isInUse(tx, account.id) };
}

async function isInUse({ db }: Queryable, accountId: string): Promise<boolean> {
  const visible = db.selectFrom("member").where("accountId", "=", accountId).where("isDeleted", "=", sql.lit(false));
  return (await visible.select("id").limit(1).executeTakeFirst()) !== undefined;
}

function holdAddress({ db }: Queryable, accountId: string) {
  const account = db.selectFrom("account").where("id", "=", accountId).where("email", "is not", null);
  return account.select("id").forUpdate().executeTakeFirst();
}

function takeAddress({ db }: Queryable, accountId: string, now: Date) {
  const gone = { email: null, emailKey: null, addressProvenAt: null, passwordHash: null, passwordChangedAt: null };
  return db
    .with("changes", endChanges(accountId, now))
    .with("resets", endResets(accountId, now))
    .with("codes", (from) => from.deleteFrom("recovery_code").where("accountId", "=", accountId))
    .with("undos", (to) =>
      to
        .updateTable("email_challenge")
        .set({ endedAt: now })
        .where("accountId", "=", accountId)
        .where("endedAt", "is", null)
        .where("isUndo", "=", true),
    )
    .updateTable("account")
    .set((eb) => ({ formerEmail: eb.ref("email"), ...gone, updatedAt: now }))
    .set({ totpSecret: null, totpConfirmedAt: null, totpLastStep: null })
    .where("id", "=", accountId)
    .returning("formerEmail as email")
    .executeTakeFirstOrThrow();
}

function visibleElsewhere({ db }: Queryable, accountId: string, organizationId: string | null) {
  return db
    .selectFrom("member")
    .where("accountId", "=", accountId)
    .where("organizationId", "is distinct from", organizationId)
    .where("isDeleted", "=", sql.lit(false))
    .select(["organizationId", "id", "name"])
    .orderBy("organizationId")
    .execute();
}

/** Whether the organization has removed the holder, as a person other than the one whose address changes. */
async function isRemovedHere({ db }: Queryable, move: Move, holderId: string): Promise<boolean> {
  const { organizationId } = move;
  if (organizationId === null) return false;
  const own = db
    .selectFrom("member as own")
    .where("own.organizationId", "=", organizationId)
    .where("own.accountId", "=", holderId)
    .where("own.isDeleted", "=", sql.lit(false));
  const removed = await db
    .selectFrom("member as was")
    .innerJoin("member as m", "m.organizationId", "was.organizationId")
    .where("m.accountId", "=", move.accountId)
    .where("m.isDeleted", "=", sql.lit(false))
    .where("was.organizationId", "=", organizationId)
    .where("was.accountId", "=", holderId)
    .where("was.isDeleted", "=", sql.lit(true))
    .where(sql<boolean>`coalesce(was.last_external_id, was.external_id) <> m.external_id`)
    .where((eb) => eb.not(eb.exists(own.select("own.id"))))
    .select("was.id")
    .limit(1)
    .executeTakeFirst();
  return removed !== undefined;
}
