import { choosePassword, type Refusal } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import type { Queryable } from "../store/queryable.ts";
import { actOnAccount, logForAccount, type At } from "./account-operation.ts";
import { holdAccount } from "./account-row.ts";
import { commonPasswords } from "./common-passwords.ts";
import { endLinks } from "./link-end.ts";
import { noticeAccount, passwordChanged } from "./security-notice.ts";
import { endSessionsBut } from "../session/sessions.ts";

type ChangeRefusal = Refusal<"memberLocked" | "passwordWrong" | "passwordWeak">;

/** Changes one's own password, for who knows the current one; every other browser is signed out. */
export function changePassword(
  database: Database,
  session: Session,
  given: { readonly current: string; readonly next: string },
  at: At,
): Promise<Result<void, ChangeRefusal>> {
  const accountId = session.account.id;
  const act = {
    ...at,
    accountId,
    organizationId: null,
    door: "change the password",
    kind: "member.password_changed",
  } as const;
  return actOnAccount(database, act, async (tx): Promise<Result<void, ChangeRefusal>> => {
    const account = await holdAccount(tx, accountId);
    const isRight = await verifyPassword(given.current, account?.passwordHash ?? null);
    if (account === undefined || !isRight) return err({ kind: "passwordWrong" });
    const chosen = choosePassword(given.next, account, await commonPasswords());
    if (!chosen.ok) return chosen;
    await setPassword(tx, accountId, given.next, at.now);
    await endSessionsBut(tx, accountId, session.sessionId, at.now);
    await noticeAccount(tx, accountId, passwordChanged, at.now);
    await logForAccount(tx, act);
    return ok(undefined);
  });
}

/**
 * Keeps the hash of a password that the policy has let through, and ends every link that was sent before: whoever had got
 * in by the former password may have asked for it. In a transaction.
 */
export async function setPassword(tx: Queryable, accountId: string, password: string, now: Date): Promise<void> {
  await tx.query(save, [accountId, await hashPassword(password), now]);
}

const save = {
  name: "account_password",
  text: `with ${endLinks("$1", "$3")}
    update account set password_hash = $2, password_changed_at = $3, updated_at = $3 where id = $1`,
};
