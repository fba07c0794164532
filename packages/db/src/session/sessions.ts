import { signInMethods, type SignInMethod } from "@rollcall/domain";
import { z } from "zod";
import type { Database } from "../store/database.ts";
import type { Session } from "./session.ts";
import { belongsTo } from "../member/member-row.ts";
import type { Queryable } from "../store/queryable.ts";
import { logForAccount, type At } from "../account/account-operation.ts";

/** A signed-in browser of the account, in any organization. */
export type ListedSession = {
  readonly id: string;
  readonly organizationName: string;
  readonly userAgent: string | null;
  readonly ip: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date;
  readonly method: SignInMethod;
  readonly passwordAt: Date | null;
  readonly secondFactorAt: Date | null;
  readonly ssoAt: Date | null;
  /** The identity provider that vouched for the person; null: none did. */
  readonly ssoEntityId: string | null;
};

/** The account's open sessions, newest first, at most 100. */
export async function listSessions(
  sql: Queryable,
  accountId: string,
  at: { readonly now: Date; readonly idleMs: number },
): Promise<readonly ListedSession[]> {
  const usedAfter = new Date(at.now.getTime() - at.idleMs);
  return (await sql.query(list, [accountId, at.now, usedAfter])).map((row) => listedRow.parse(row));
}

/** Signs every other browser out, everywhere; returns how many. No lock ever stops this (AR-69). */
export function endOtherSessions(database: Database, session: Session, at: At): Promise<number> {
  return database.transaction(async (tx) => {
    const accountId = session.account.id;
    const ended = await endSessionsBut(tx, accountId, session.sessionId, at.now);
    if (ended > 0) await logForAccount(tx, { ...at, accountId, kind: "member.sessions_ended" }, { count: ended });
    return ended;
  });
}

/** Ends the account's sessions in all organizations but the one named; null: that one too. In a transaction. */
export async function endSessionsBut(
  tx: Queryable,
  accountId: string,
  sessionId: string | null,
  now: Date,
): Promise<number> {
  return (await tx.query(endOthers, [accountId, sessionId, now])).length;
}

const listedRow = z.object({
  id: z.string(),
  organizationName: z.string(),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: z.date(),
  expiresAt: z.date(),
  lastUsedAt: z.date(),
  method: z.enum(signInMethods),
  passwordAt: z.date().nullable(),
  secondFactorAt: z.date().nullable(),
  ssoAt: z.date().nullable(),
  ssoEntityId: z.string().nullable(),
});

/** By the account's memberships, those that await acceptance too, whose organizations lead the index of the sessions. */
const organizationsOf = `select organization_id from member where account_id = $1
  union select m.organization_id from account a join member m on ${belongsTo} where a.id = $1 and not m.is_deleted`;

const list = {
  name: "account_sessions",
  text: `select s.id, o.name as "organizationName", s.user_agent as "userAgent", s.ip, s.created_at as "createdAt",
      s.expires_at as "expiresAt", s.last_used_at as "lastUsedAt", s.method, s.password_at as "passwordAt",
      s.second_factor_at as "secondFactorAt", s.sso_at as "ssoAt", s.sso_entity_id as "ssoEntityId"
    from session s join organization o on o.id = s.organization_id
    where s.organization_id in (${organizationsOf}) and s.account_id = $1 and s.ended_at is null and s.expires_at > $2
      and s.last_used_at > $3
    order by s.id desc limit 100`,
};
const endOthers = {
  name: "account_sessions_end",
  text: `update session set ended_at = $3 where organization_id in (${organizationsOf}) and account_id = $1
    and ended_at is null and ($2::uuid is null or id <> $2) returning id`,
};
