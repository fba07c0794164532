import { sql, type Expression } from "kysely";
import { parts } from "../store/statement.ts";

type Value<T> = T | Expression<T>;

/** Ends the open changes of an account's address. Links that take one back stay: whoever made it must not end them. */
export const endChanges = (accountId: Value<string>, now: Value<Date>) =>
  sql<object>`(${parts
    .updateTable("email_challenge")
    .set({ endedAt: now })
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)
    .where("isUndo", "=", sql.lit(false))})`;

/** Ends the open links by which an account's forgotten password is set anew. */
export const endResets = (accountId: Value<string>, now: Value<Date>) =>
  sql<object>`(${parts
    .updateTable("password_reset")
    .set({ endedAt: now })
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)})`;

/** An address as `emailKey` makes it that somebody has now; whoever read the mail to it may be a former holder. */
type Key = Value<string>;

/** Ends the links to change any account's address to that one, or back to it, where `isGiven` holds. */
export const endMailedChanges = (key: Key, now: Value<Date>, isGiven: Expression<boolean>) =>
  sql<object>`(${parts
    .updateTable("email_challenge")
    .set({ endedAt: now })
    .where("emailKey", "=", key)
    .where("endedAt", "is", null)
    .where(isGiven)})`;

/** Ends the invitations of any organization that were mailed to that address, where `isNew`: the account is new there. */
export const endMailedInvitations = (key: Key, now: Value<Date>, isNew: Expression<boolean>) =>
  sql<object>`(${parts
    .updateTable("invitation")
    .set({ endedAt: now, endReason: sql.lit("provisioned") })
    .where("emailKey", "=", key)
    .where("endReason", "is", null)
    .where(isNew)})`;
