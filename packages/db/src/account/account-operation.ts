import type { ChangeKind, Refusal, RuleError } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { recordChanges, type NewChange } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { Queryable, Transaction } from "../store/queryable.ts";
import { activeMembers, lockingMembers, checkMemberLock, type LockCheck } from "./member-lock.ts";

/** When and in which request something is done. */
export type At = { readonly now: Date; readonly requestId: string | null };

type Deed = At & { readonly accountId: string; readonly kind: ChangeKind };
/** What a person does to their own account, which lock applies to it, and how the change logs call it. */
type AccountAct = Deed & LockCheck;

/** One transaction of what a person does to their own account. */
export type AccountWork = Transaction &
  AccountAct & {
    /** Writes an entry into the change log of every organization where the person is an active member. */
    log(after?: object): Promise<void>;
  };

/**
 * Runs what a person does to their own account in one transaction: first the locks of the organizations are checked, then
 * `work`. A refusal rolls it back; one of a lock is logged in the organizations that lock.
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

/** Logs what the person has done in every organization where they are an active member. In the transaction. */
export async function logForAccount(tx: Queryable, deed: Deed, after: object | null = null): Promise<void> {
  const members = await activeMembers(tx, deed.accountId).execute();
  const changes = members.map((member) => ({ ...ownEntry(deed, member), after }));
  await recordChanges(tx, changes);
}

type OwnMember = { readonly organizationId: string; readonly id: string; readonly name: string };

/** The entry of what a person has done to their own member. */
export function ownEntry(
  { accountId, kind, now, requestId }: Deed,
  { organizationId, id, name }: OwnMember,
): NewChange {
  const [actor, subject] = [{ kind: "person", id: accountId, name } as const, { kind: "member", id, name } as const];
  return { organizationId, at: now, requestId, actor, subject, kind };
}

/** Logs a refused attempt in the organizations that lock. After the transaction was rolled back. */
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
