import { sql, type Expression } from "kysely";
import { parts } from "../store/statement.ts";

type Value<T> = T | Expression<T>;

/**
 * Ends the open changes of an account's address. Links that revert a change stay, because the person who made the change
 * must not end them, unless the address or the account has a new holder (`isOfAnother`).
 */
export const endChanges = (accountId: Value<string>, now: Value<Date>, isOfAnother = false) =>
  sql<object>`(${parts
    .updateTable("email_challenge")
    .set({ endedAt: now })
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)
    .$if(!isOfAnother, (open) => open.where("isUndo", "=", sql.lit(false)))})`;

/** Ends the open password resets of an account. */
export const endResets = (accountId: Value<string>, now: Value<Date>) =>
  sql<object>`(${parts
    .updateTable("password_reset")
    .set({ endedAt: now })
    .where("accountId", "=", accountId)
    .where("endedAt", "is", null)})`;

/** A normalized address (`emailKey`) with a new holder; a former holder may have read mails to it. */
type Key = Value<string>;

/** Ends the links that would set any account's address to that one, if `isGiven`. */
export const endMailedChanges = (key: Key, now: Value<Date>, isGiven: Expression<boolean>) =>
  sql<object>`(${parts
    .updateTable("email_challenge")
    .set({ endedAt: now })
    .where("emailKey", "=", key)
    .where("endedAt", "is", null)
    .where(isGiven)})`;

/** Ends the invitations to that address in all organizations, if `isNew`: the account is new there. */
export const endMailedInvitations = (key: Key, now: Value<Date>, isNew: Expression<boolean>) =>
  sql<object>`(${parts
    .updateTable("invitation")
    .set({ endedAt: now, endReason: sql.lit("provisioned") })
    .where("emailKey", "=", key)
    .where("endReason", "is", null)
    .where(isNew)})`;
