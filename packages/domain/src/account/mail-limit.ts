const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The key by which emails of one kind are counted. `cause`: the account that requests them. */
export type MailScope = "recipient" | "recipientInOrganization" | "recipientOfCause" | "cause" | "organization";

/** At most `max` mails of a kind within `withinMs`. */
export type MailLimit = { readonly scope: MailScope; readonly max: number; readonly withinMs: number };

/**
 * Limits on emails that a person can request to any address (docs/decisions/0036). Each kind is counted separately. A
 * password link works for an hour, so a person over the limit still has a working link.
 */
export const requestedMailLimits = {
  invitation: [
    { scope: "recipientInOrganization", max: 10, withinMs: dayMs },
    { scope: "recipient", max: 40, withinMs: dayMs },
    { scope: "cause", max: 100, withinMs: hourMs },
    { scope: "organization", max: 200, withinMs: hourMs },
  ],
  awaitedInvitation: [{ scope: "recipient", max: 10, withinMs: hourMs }],
  addedByDirectory: [
    { scope: "recipientInOrganization", max: 1, withinMs: 30 * dayMs },
    { scope: "organization", max: 30, withinMs: hourMs },
    { scope: "organization", max: 200, withinMs: dayMs },
    { scope: "recipient", max: 3, withinMs: dayMs },
  ],
  passwordReset: [{ scope: "recipient", max: 5, withinMs: hourMs }],
  emailChange: [
    { scope: "recipientOfCause", max: 5, withinMs: dayMs },
    { scope: "recipient", max: 20, withinMs: dayMs },
    { scope: "cause", max: 20, withinMs: dayMs },
  ],
} as const satisfies Record<string, readonly MailLimit[]>;

export type RequestedMailKind = keyof typeof requestedMailLimits;

/** The most notices of a kind per address and day. Later ones are collected into one email an hour. */
export const noticeLimit = { max: 5, withinMs: dayMs, collectedMs: hourMs, textsMax: 20 };

/** Notices that are always sent: of an account to its holder, and of an organization to its owners. */
export type NoticeKind =
  | "passwordChanged"
  | "twoFactorOn"
  | "twoFactorOff"
  | "recoveryCodeUsed"
  | "newBrowser"
  | "emailChanged"
  | "newOwner"
  | "ssoChanged"
  | "tokenIssued"
  | "tokenExpiry"
  | "removalsHeld"
  | "rejectedRemoval"
  | "domainUnproven";
