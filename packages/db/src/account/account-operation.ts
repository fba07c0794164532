import type { ChangeKind, Refusal, RuleError } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { Queryable } from "../store/queryable.ts";
import { recordLockRefusal, tryDoor, type DoorVisit } from "./member-lock.ts";

/** When and in which request something is done. */
export type At = { readonly now: Date; readonly requestId: string | null };

/** What a person does to their own account, through which door, and how the change logs call it. */
export type AccountAct = At & DoorVisit & { readonly kind: ChangeKind };

/**
 * Runs what a person does to their own account: the door first, then `work`, in one transaction. A refusal rolls it back;
 * one of a lock is recorded where its owners see it.
 */
export async function actOnAccount<T, E extends RuleError>(
  database: Database,
  act: AccountAct,
  work: (tx: Queryable) => Promise<Result<T, E>>,
): Promise<Result<T, E | Refusal<"memberLocked">>> {
  const result = await database.transaction(
    async (tx): Promise<Result<T, E | Refusal<"memberLocked">>> => {
      const passed = await tryDoor(tx, act);
      return passed.ok ? work(tx) : passed;
    },
    (outcome) => outcome.ok,
  );
  if (!result.ok && isLocked(result.error)) await recordLockRefusal(database.sql, { ...act, refusal: result.error });
  return result;
}

/** Writes down what the person has done in every organization where they are an active member. In the transaction. */
export async function logForAccount(
  tx: Queryable,
  act: Pick<AccountAct, "accountId" | "kind" | "now" | "requestId">,
  after: object | null = null,
): Promise<void> {
  const rows = await tx.query(membersOf, [act.accountId]);
  await recordChanges(
    tx,
    rows.map((row) => {
      const { organizationId, memberId, name } = memberRow.parse(row);
      return {
        organizationId,
        at: act.now,
        requestId: act.requestId,
        actor: { kind: "person", id: act.accountId, name },
        subject: { kind: "member", id: memberId, name },
        kind: act.kind,
        after,
      };
    }),
  );
}

function isLocked(refusal: RuleError): refusal is Refusal<"memberLocked"> {
  return refusal.kind === "memberLocked";
}

const memberRow = z.object({ organizationId: z.string(), memberId: z.string(), name: z.string() });
const membersOf = {
  name: "account_members",
  text: `select m.organization_id as "organizationId", m.id as "memberId", m.name from member m
    where m.account_id = $1 and m.active and not m.awaits_acceptance and not m.is_deleted
    order by m.organization_id limit 100`,
};
