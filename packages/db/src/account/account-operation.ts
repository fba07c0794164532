import type { ChangeKind, Refusal, RuleError } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { Queryable, Transaction } from "../store/queryable.ts";
import { activeMembers, lockingMembers, checkMemberLock, type LockCheck } from "./member-lock.ts";
import type { RequestStamp } from "../store/write-context.ts";

type Attempt = RequestStamp & { readonly accountId: string; readonly kind: ChangeKind };
/** A person's action on their own account, the lock that applies to it, and its kind in the change log. */
type AccountAct = Attempt & LockCheck;

/** A transaction on a person's own account. */
export type AccountWork = Transaction &
  AccountAct & {
    /** Logs the action in every organization of which the person is an active member. */
    log(after?: object): Promise<void>;
  };

/**
 * Runs a person's action on their own account in one transaction: checks the organizations' locks, then runs `work`. A
 * refusal rolls it back; a refusal by a lock is logged in the locking organizations.
 */
export async function actOnAccount<T, E extends RuleError>(
  database: Database,
  act: AccountAct,
  work: (uow: AccountWork) => Promise<Result<T, E>>,
): Promise<Result<T, E | Refusal<"memberLocked">>> {
  const result = await database.transaction(
    async (tx): Promise<Result<T, E | Refusal<"memberLocked">>> => {
      const passed = await checkMemberLock(tx, act);
      return passed.ok ? work({ ...tx, ...act, log: (after) => logForAccount(tx, act, after) }) : passed;
    },
    (outcome) => outcome.ok,
  );
  if (!result.ok && isLocked(result.error)) await recordLockRefusal(database.sql, act, result.error);
  return result;
}

/** Logs an action in every organization of which the person is an active member. Must run in a transaction. */
export async function logForAccount(tx: Queryable, attempt: Attempt, after: object | null = null): Promise<void> {
  const members = await activeMembers(tx, attempt.accountId).execute();
  const changes = members.map((member) => ({ ...ownEntry(attempt, member), after }));
  await recordChanges(tx, changes);
}

type OwnMember = { readonly organizationId: string; readonly id: string; readonly name: string };

/** The log entry of a person's action on their own member. */
export function ownEntry(
  { accountId, kind, now, requestId }: Attempt,
  { organizationId, id, name }: OwnMember,
): NewChange {
  const [actor, subject] = [{ kind: "person", id: accountId, name } as const, { kind: "member", id, name } as const];
  return { organizationId, at: now, requestId, actor, subject, kind };
}

/** Logs a refused attempt in the locking organizations. Must run after the rollback. */
async function recordLockRefusal(
  sql: Queryable,
  act: AccountAct,
  { kind: refusal, action, holders }: Refusal<"memberLocked">,
): Promise<void> {
  const members = await lockingMembers(sql, act.accountId).execute();
  const refusing = members.filter((member) => holders.some(({ id }) => id === member.organizationId));
  const changes = refusing.map((member) => ({ ...ownEntry(act, member), refusal, after: { action } }));
  await recordChanges(sql, changes);
}

function isLocked(refusal: RuleError): refusal is Refusal<"memberLocked"> {
  return refusal.kind === "memberLocked";
}
