import type { RuleError } from "@rollcall/domain";
import type { Result } from "@rollcall/scim-protocol";
import { recordChanges, type NewChange } from "./change-log.ts";
import type { Database } from "./database.ts";
import { lockOrganization, lockOutProvider } from "./organization-lock.ts";
import type { Queryable } from "./statement.ts";
import { entryOf, type WriteContext } from "./write-context.ts";

/** What is attempted, as the change log names it where it is refused; `locksOut`: see `lockOutProvider`. */
export type Attempt = Pick<NewChange, "kind" | "subject"> & { readonly locksOut?: boolean };

/**
 * Runs an owner's or operator's write in one transaction under the organization's lock, so that two of them at once
 * decide one after the other. A refusal rolls it back and is logged on its own; what does not exist is not logged.
 */
export async function operate<T, E extends RuleError>(
  database: Database,
  context: WriteContext,
  { locksOut = false, ...attempt }: Attempt,
  work: (tx: Queryable) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  const result = await database.transaction(
    async (tx) => {
      await (locksOut ? lockOutProvider : lockOrganization)(tx, context.organizationId);
      return work(tx);
    },
    (outcome) => outcome.ok,
  );
  if (!result.ok && !isUnknown(result.error)) {
    const { kind, ...facts } = result.error;
    await recordChanges(database.sql, [{ ...entryOf(context), ...attempt, refusal: kind, after: facts }]);
  }
  return result;
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
