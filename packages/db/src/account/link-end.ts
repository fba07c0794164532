/** Common table expressions that end every open link of an account: changes of its address and of a forgotten password. */
export function endLinks(accountId: string, now: string): string {
  return `changes as (update email_challenge set ended_at = ${now} where account_id = ${accountId} and ended_at is null),
    resets as (update password_reset set ended_at = ${now} where account_id = ${accountId} and ended_at is null)`;
}
