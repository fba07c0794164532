import { emailKey } from "@rollcall/domain";
import { sql } from "kysely";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { endMailedChanges, endMailedInvitations } from "./link-end.ts";

/** `id` is generated if omitted. */
type NewAccount = {
  readonly id?: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash?: string;
};

/**
 * Creates an account and ends all links mailed to its address before (`endMailedChanges`), with `endsInvitations` also
 * the invitations of all organizations. Returns its id, or undefined if another account has the address. Must run in a
 * transaction.
 */
export async function addAccount(
  { db }: Queryable,
  { id = newId(), email, name, passwordHash }: NewAccount,
  { now, endsInvitations }: { readonly now: Date; readonly endsInvitations: boolean },
): Promise<string | undefined> {
  const key = emailKey(email);
  const isMade = sql<boolean>`exists (select from made)`;
  const account = {
    id,
    email,
    emailKey: key,
    name,
    passwordHash: passwordHash ?? null,
    createdAt: now,
    updatedAt: now,
  };
  const made = await db
    .with("made", (into) =>
      into
        .insertInto("account")
        .values(account)
        .onConflict((on) => on.column("emailKey").doNothing())
        .returning("id"),
    )
    .with("mailed", endMailedChanges(key, now, isMade))
    .with("invited", endMailedInvitations(key, now, sql`${endsInvitations} and ${isMade}`))
    .selectFrom("made")
    .select("id")
    .executeTakeFirst();
  return made?.id;
}

/** Creates an account whose address follows in the same transaction; returns its id. */
export async function addEmptyAccount(
  { db }: Queryable,
  { name, now }: { readonly name: string; readonly now: Date },
): Promise<string> {
  const account = { id: newId(), email: null, emailKey: null, name, createdAt: now, updatedAt: now };
  await db.insertInto("account").values(account).execute();
  return account.id;
}
