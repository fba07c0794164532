import { choosePassword, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Session } from "../session/session.ts";
import { endSessionsBut } from "../session/sessions.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount } from "./account-operation.ts";
import { endChanges, endResets } from "./link-end.ts";
import { holdAccount, type AccountRow } from "./account-row.ts";
import { commonPasswords } from "./common-passwords.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { noticeAccount, passwordChanged } from "./security-notice.ts";
import type { RequestStamp } from "../store/write-context.ts";

type ChangeRefusal = Refusal<"memberLocked" | "passwordWrong" | "passwordWeak">;

/** Changes a person's password, given the current one, and ends all other sessions. */
export function changePassword(
  database: Database,
  session: Session,
  given: { readonly current: string; readonly next: string },
  at: RequestStamp,
): Promise<Result<void, ChangeRefusal>> {
  const accountId = session.account.id;
  const act = { ...at, accountId, accountAction: "change the password", kind: "member.password_changed" } as const;
  return actOnAccount(database, act, async (uow): Promise<Result<void, ChangeRefusal>> => {
    const account = await holdAccount(uow, accountId);
    const isRight = await verifyPassword(given.current, account?.passwordHash ?? null);
    if (account === undefined || !isRight) return err({ kind: "passwordWrong" });
    const chosen = choosePassword(given.next, account, await commonPasswords());
    if (!chosen.ok) return chosen;
    await setPassword(uow, account, given.next, at.now);
    await endSessionsBut(uow, [accountId], session.sessionId, at.now);
    await noticeAccount(uow, accountId, passwordChanged, at.now);
    await uow.log();
    return ok(undefined);
  });
}

/**
 * Stores the hash of an accepted password and ends all earlier links, which a person with the former password may have
 * requested. Links that revert a change of the address stay open, unless no membership uses the account: then they were
 * mailed to its former holder. Must run in a transaction.
 */
export async function setPassword(
  { db }: Queryable,
  { id, isInUse }: Pick<AccountRow, "id" | "isInUse">,
  password: string,
  now: Date,
): Promise<void> {
  await db
    .with("changes", endChanges(id, now, !isInUse))
    .with("resets", endResets(id, now))
    .updateTable("account")
    .set({ passwordHash: await hashPassword(password), passwordChangedAt: now, updatedAt: now })
    .where("id", "=", id)
    .execute();
}
