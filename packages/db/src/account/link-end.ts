/**
 * Common table expressions that end every open link of an account: changes of its address and of a forgotten password.
 * Links that take a change of the address back stay: whoever made the change must not end them.
 */
export function endLinks(accountId: string, now: string): string {
  return `changes as (update email_challenge set ended_at = ${now}
      where account_id = ${accountId} and ended_at is null and not is_undo),
    resets as (update password_reset set ended_at = ${now} where account_id = ${accountId} and ended_at is null)`;
}
