/**
 * Common table expressions that end every open link of an account: changes of its address and of a forgotten password.
 * Links that take a change of the address back stay: whoever made the change must not end them.
 */
export function endLinks(accountId: string, now: string): string {
  return `changes as (update email_challenge set ended_at = ${now}
      where account_id = ${accountId} and ended_at is null and not is_undo),
    resets as (update password_reset set ended_at = ${now} where account_id = ${accountId} and ended_at is null)`;
}

/**
 * Common table expressions that end what was mailed to an address that somebody has now: links to change any account's
 * address to it, or back to it, where `isGiven` holds; and invitations of any organization, where `isNew`: the
 * account is new there. Whoever read that mail may be a former holder. `key` is the address as `emailKey` makes it.
 */
export function endMailedTo(
  key: string,
  now: string,
  where: { readonly isGiven: string; readonly isNew: string },
): string {
  return `mailed as (update email_challenge set ended_at = ${now}
      where email_key = ${key} and ended_at is null and ${where.isGiven}),
    invited as (update invitation set ended_at = ${now}, end_reason = 'provisioned'
      where email_key = ${key} and end_reason is null and ${where.isNew})`;
}
