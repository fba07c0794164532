import { logForAccount } from "../account/account-operation.ts";
import { holdAccount } from "../account/account-row.ts";
import { belongsTo } from "../member/member-columns.ts";
import { anyId } from "../store/id.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Session } from "./session.ts";
import type { RequestStamp } from "../store/write-context.ts";

/** An open session of the account, in any organization. */
export type ListedSession = Awaited<ReturnType<typeof listSessions>>[number];

/** The account's open sessions, newest first, at most 100. */
export function listSessions(
  { db }: Queryable,
  accountId: string,
  { now, idleMs }: { readonly now: Date; readonly idleMs: number },
) {
  return db
    .selectFrom("session as s")
    .innerJoin("organization as o", "o.id", "s.organizationId")
    .where("s.organizationId", "in", organizationsOf(db, [accountId]))
    .where((eb) => eb.and({ "s.accountId": accountId, "s.endedAt": null }))
    .where("s.expiresAt", ">", now)
    .where("s.lastUsedAt", ">", new Date(now.getTime() - idleMs))
    .select(["s.id", "o.name as organizationName", "s.userAgent", "s.ip", "s.createdAt", "s.expiresAt"])
    .select(["s.lastUsedAt", "s.method", "s.passwordAt", "s.secondFactorAt", "s.ssoAt", "s.ssoEntityId"])
    .orderBy("s.id", "desc")
    .limit(100)
    .execute();
}

/** Ends all other sessions in all organizations; returns their number. No lock applies (AR-69). */
export function endOtherSessions(database: Database, session: Session, at: RequestStamp): Promise<number> {
  return database.transaction(async (tx) => {
    const accountId = session.account.id;
    // No session is started meanwhile.
    await holdAccount(tx, accountId);
    const ended = await endSessionsBut(tx, [accountId], session.sessionId, at.now);
    if (ended > 0) await logForAccount(tx, { ...at, accountId, kind: "member.sessions_ended" }, { count: ended });
    return ended;
  });
}

/** Ends the accounts' sessions in all organizations except the one given; null: in all. Must run in a transaction. */
export async function endSessionsBut(
  { db }: Queryable,
  accountIds: readonly string[],
  sessionId: string | null,
  now: Date,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("session")
    .set({ endedAt: now })
    .where("organizationId", "in", organizationsOf(db, accountIds))
    .where("accountId", "=", anyId(accountIds))
    .where("endedAt", "is", null)
    .$if(sessionId !== null, (others) => others.where("id", "<>", sessionId))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/**
 * By the accounts' memberships, pending ones included, because the index of the sessions begins with the organization.
 */
function organizationsOf(db: Queryable["db"], accountIds: readonly string[]) {
  const awaiting = db
    .selectFrom("account as a")
    .innerJoin("member as m", (on) => on.on(belongsTo))
    .where("a.id", "=", anyId(accountIds))
    .where("m.isDeleted", "=", false)
    .select("m.organizationId");
  return db.selectFrom("member").where("accountId", "=", anyId(accountIds)).select("organizationId").union(awaiting);
}
