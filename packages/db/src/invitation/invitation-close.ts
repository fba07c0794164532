import { besidesCte, changeValue } from "../store/change-log.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";

/**
 * Common table expressions that close the open invitation to the userName $6 of organization $1 at $4, where `condition`
 * holds, and log it with the entry at `place`: whom the directory adds, renames to that address or takes away does not come
 * in by an old link as well (AR-35). The invitation is asked for as the first one from its key on, so that a kept plan goes by that
 * key, and is open while `end_reason` is null, as a condition on `ended_at` would lead to the partial index.
 */
export function closeInvitation(condition: string, place: number): string {
  return `waiting as (select i.id from (select id, organization_id, email_key from invitation
        where (organization_id, email_key) >= ($1::uuid, $6::text) and ended_at is null
        order by organization_id, email_key limit 1) i
      where i.organization_id = $1::uuid and i.email_key = $6::text),
    closed as (update invitation i set ended_at = $4, end_reason = 'provisioned'
      where i.organization_id = $1 and i.id = (select id from waiting) and i.end_reason is null and ${condition}
      returning i.id),
    ${besidesCte("closed", place)}`;
}

/** The entry for that place; it names the invited person by the directory's userName, which is the address. */
export function closingValue(context: WriteContext, userName: string): string {
  const subject = { kind: "invitation", id: null, name: userName } as const;
  return changeValue([{ ...entryOf(context), kind: "invitation.closed", subject }]);
}
