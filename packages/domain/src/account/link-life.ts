/** How long a link in a mail works, in milliseconds. */
export const emailChallengeMs = 24 * 3_600_000;
/** Of the link to the former address, which takes a change back (docs/design.md section 3, rule 17). */
export const emailUndoMs = 72 * 3_600_000;
export const passwordResetMs = 3_600_000;

/** So many changes of one's e-mail address may wait for their confirmation at a time. */
export const emailChallengesMax = 5;

/** Does a link work at `now`? Not once it was used or withdrawn (`endedAt`), nor from `expiresAt` on. */
export function isLinkOpen(link: { readonly expiresAt: Date; readonly endedAt: Date | null }, now: Date): boolean {
  return link.endedAt === null && now < link.expiresAt;
}
