import type { RuleError } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { ChangeSchema } from "../model/change.ts";
import { isOwner } from "../member/member-columns.ts";
import { changeRow, type NewChange } from "./change-log.ts";
import type { Database } from "./database.ts";
import { lockOrganization, lockOutProvider } from "./organization-lock.ts";
import type { Transaction } from "./queryable.ts";
import { AccessEnded, entryOf, type WriteContext } from "./write-context.ts";

/** The log entry for a refused write. `locksOut`: see `lockOutProvider`; `seesOthers`: see `Database.tenantOf`. */
export type Attempt = Pick<NewChange, "kind" | "subject"> & {
  readonly locksOut?: boolean;
  readonly seesOthers?: boolean;
};
type Entry = Pick<NewChange, "kind" | "subject" | "before" | "after" | "refusal">;

/** A transaction of one organization. */
export type UnitOfWork = Transaction &
  WriteContext & {
    /** Writes an entry of the change log in the same transaction and returns its id. */
    log(entry: Entry): string;
  };

/**
 * Runs an owner's or operator's write in one transaction under the organization's lock, so that concurrent writes are
 * decided one after the other. A refusal rolls it back and is logged separately, unless the subject does not exist.
 * Throws `AccessEnded` if the owner was removed by an earlier one.
 */
export async function inOrganization<T, E extends RuleError>(
  database: Database,
  context: WriteContext,
  { locksOut = false, seesOthers = false, ...attempt }: Attempt,
  work: (uow: UnitOfWork) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  const { transaction } = database.tenantOf(context.organizationId, { seesOthers });
  const result = await transaction(
    async (tx) => {
      await (locksOut ? lockOutProvider : lockOrganization)(tx, context.organizationId);
      const { organizationId, sessionId } = context;
      // A statement of its own, as that of the lock sees the state before the wait.
      if (sessionId !== undefined && !(await isOwnersSession(tx, { organizationId, sessionId })))
        throw new AccessEnded();
      return work(unitOf(tx, context));
    },
    (outcome) => outcome.ok,
  );
  if (!result.ok && !isUnknown(result.error)) {
    const { kind, ...facts } = result.error;
    await transaction(async (tx) => unitOf(tx, context).log({ ...attempt, refusal: kind, after: facts }));
  }
  return result;
}

/** Whether the session is open and an owner's. */
async function isOwnersSession(
  { db }: Transaction,
  { organizationId, sessionId }: { readonly organizationId: string; readonly sessionId: string },
): Promise<boolean> {
  const owner = await db
    .selectFrom("session as s")
    .innerJoin("member as m", (on) =>
      on.onRef("m.organizationId", "=", "s.organizationId").onRef("m.accountId", "=", "s.accountId"),
    )
    .where((eb) => eb.and({ "s.organizationId": organizationId, "s.id": sessionId, "s.endedAt": null }))
    .where((eb) => eb.and({ "m.active": true, "m.awaitsAcceptance": false, "m.isDeleted": false }))
    .where(isOwner)
    .select("s.id")
    .limit(1)
    .executeTakeFirst();
  return owner !== undefined;
}

/** Continues an open transaction as an organization's. */
export function unitOf(tx: Transaction, context: WriteContext): UnitOfWork {
  return {
    ...context,
    db: tx.db,
    get em() {
      return tx.em;
    },
    run: tx.run,
    send: tx.send,
    query: tx.query,
    secrets: tx.secrets,
    identity: tx.identity,
    log(entry) {
      const row = changeRow({ ...entryOf(context), ...entry });
      tx.em.create(ChangeSchema, row);
      return row.id;
    },
  };
}

function isUnknown(refusal: RuleError): boolean {
  return unknownKinds.includes(refusal.kind);
}

const unknownKinds: readonly RuleError["kind"][] = [
  "roleNotFound",
  "tokenNotFound",
  "memberNotFound",
  "domainNotFound",
  "invitationNotFound",
  "heldChangeNotFound",
];
