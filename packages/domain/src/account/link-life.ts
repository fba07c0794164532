/** Lifetimes of the links in emails, in milliseconds. */
export const emailChallengeMs = 24 * 3_600_000;
/** The link to the former address that reverts an email change (docs/design.md section 3, rule 17). */
export const emailUndoMs = 72 * 3_600_000;
export const passwordResetMs = 3_600_000;

/** The most email changes of one account that may await confirmation at a time. */
export const emailChallengesMax = 5;

/** A link no longer works once it was used or withdrawn (`endedAt`), nor from `expiresAt` on. */
export function isLinkOpen(link: { readonly expiresAt: Date; readonly endedAt: Date | null }, now: Date): boolean {
  return link.endedAt === null && now < link.expiresAt;
}
