import { expressionBuilder, sql, type NotNull } from "kysely";
import { belongsTo, isBeingRemoved } from "../member/member-columns.ts";
import type { Session } from "../session/session.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";

/**
 * An account with its credentials. `totpSecret` is encrypted (`SecretBox`). `hasAccess`: the person is an active member
 * of an organization, accepted or not; otherwise the account can do nothing. `isInUse`: it has a visible membership,
 * active or not; otherwise another person may take its address.
 */
export type AccountRow = NonNullable<Awaited<ReturnType<typeof readAccount>>>;

export function readAccount(sql: Queryable, accountId: string) {
  return accounts(sql).where("a.id", "=", accountId).executeTakeFirst();
}

/** Reads the account and locks it for the rest of the transaction. */
export function holdAccount(tx: Queryable, accountId: string): Promise<AccountRow | undefined> {
  return accounts(tx).where("a.id", "=", accountId).forNoKeyUpdate().executeTakeFirst();
}

/** `key`: the normalized address (`emailKey`). */
export function accountByEmail(sql: Queryable, key: string): Promise<AccountRow | undefined> {
  return accounts(sql).where("a.emailKey", "=", key).executeTakeFirst();
}

/** Renames the account. The names of its members belong to the organizations or their directories. */
export async function renameAccount({ db }: Queryable, { account }: Session, name: string, now: Date): Promise<void> {
  await db.updateTable("account").set({ name, updatedAt: now }).where("id", "=", account.id).execute();
}

/** Accounts with an address; others cannot be used. */
function accounts({ db }: Queryable) {
  return db
    .selectFrom("account as a")
    .where("a.email", "is not", null)
    .select(["a.id", "a.email", "a.name", "a.passwordHash", "a.passwordChangedAt"])
    .select(["a.totpSecret", "a.totpConfirmedAt", "a.totpLastStep", hasAccess.as("hasAccess"), isInUse.as("isInUse")])
    .$narrowType<{ email: NotNull }>();
}

const eb = expressionBuilder<Tables & { a: Tables["account"] }, "a">();
const visibleMembers = eb.selectFrom("member as m").where("m.isDeleted", "=", sql.lit(false)).select("m.id");
const hasAccess = eb
  .exists(
    visibleMembers
      .where(belongsTo)
      .where("m.active", "=", sql.lit(true))
      .where((one) => one.not(isBeingRemoved)),
  )
  .$castTo<boolean>();
const isInUse = eb.exists(visibleMembers.whereRef("m.accountId", "=", "a.id")).$castTo<boolean>();
