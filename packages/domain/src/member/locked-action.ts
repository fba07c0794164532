/** What a member of an organization with provisioning cannot do themselves (docs/design.md, section 3, rule 2). */
export const lockedActions = ["leave", "changeEmail", "changePassword"] as const;
export type LockedAction = (typeof lockedActions)[number];

/**
 * Every action of a person on their own account, and the lock that applies to it; `free`: none, as the second factor
 * and signing out other browsers stay with the person. A reset link and a challenge sent before provisioning was turned
 * on are separate actions, as is giving up the last role, which has the effect of leaving.
 */
export const accountActions = {
  "leave the organization": "leave",
  "give up the last role": "leave",
  "ask for a new email address": "changeEmail",
  "confirm a new email address": "changeEmail",
  "change the password": "changePassword",
  "ask for a password reset": "changePassword",
  "complete a password reset": "changePassword",
  "set a first password by an invitation": "changePassword",
  "withdraw a change of the email address": "free",
  "turn two-factor sign-in on or off": "free",
  "sign out other browsers": "free",
  "change the name of the account": "free",
} as const satisfies Readonly<Record<string, LockedAction | "free">>;
export type AccountAction = keyof typeof accountActions;
