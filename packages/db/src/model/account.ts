import { defineEntity, p } from "@mikro-orm/core";

/** A person, once for all organizations. Holds no word about who manages them. */
export const AccountSchema = defineEntity({
  name: "Account",
  tableName: "account",
  properties: {
    id: p.uuid().primary(),
    /** Null where another person has the address now; `formerEmail` then keeps it. */
    email: p.text().nullable(),
    emailKey: p.text().unique("account_email_unique").nullable(),
    formerEmail: p.text().nullable(),
    /** When the last link was mailed by whose use the holder of the address has set the password anew. */
    addressProvenAt: p.datetime().nullable(),
    name: p.text(),
    passwordHash: p.text().nullable(),
    passwordChangedAt: p.datetime().nullable(),
    /** Base32 (RFC 6238); counts only once `totpConfirmedAt` is set. `totpLastStep`: no code is taken twice. */
    totpSecret: p.text().nullable(),
    totpConfirmedAt: p.datetime().nullable(),
    totpLastStep: p.bigint("string").nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A signed-in browser, in the organization it looks at. Only the hash of the cookie's secret is kept. */
export const SessionSchema = defineEntity({
  name: "Session",
  tableName: "session",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    accountId: p.uuid(),
    secretHash: p.type(Buffer).columnType("bytea"),
    userAgent: p.text().nullable(),
    ip: p.text().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    method: p.enum(["password", "sso", "invitation"]),
    /** When the person last gave each proof; null: not in this session. */
    passwordAt: p.datetime().nullable(),
    secondFactorAt: p.datetime().nullable(),
    ssoAt: p.datetime().nullable(),
    /** The identity provider that vouched for the person. */
    ssoEntityId: p.text().nullable(),
    lastUsedAt: p.datetime(),
  },
});

/** One of the codes that stand in for a lost second factor, each once. */
export const RecoveryCodeSchema = defineEntity({
  name: "RecoveryCode",
  tableName: "recovery_code",
  properties: {
    accountId: p.uuid().primary(),
    codeHash: p.type(Buffer).columnType("bytea").primary(),
    usedAt: p.datetime().nullable(),
  },
});

/** A new address that has yet to be confirmed by the link sent to it. */
export const EmailChallengeSchema = defineEntity({
  name: "EmailChallenge",
  tableName: "email_challenge",
  properties: {
    accountId: p.uuid().primary(),
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text(),
    secretHash: p.type(Buffer).columnType("bytea"),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    /** Sent to the former address after a change, which its link takes back. */
    isUndo: p.boolean(),
  },
});

/** A browser that an account has signed in with; only the hash of its cookie is kept. */
export const KnownBrowserSchema = defineEntity({
  name: "KnownBrowser",
  tableName: "known_browser",
  properties: {
    accountId: p.uuid().primary(),
    browserHash: p.type(Buffer).columnType("bytea").primary(),
    firstSeenAt: p.datetime(),
    lastSeenAt: p.datetime(),
  },
});

/** A link by which a forgotten password is set anew, once. */
export const PasswordResetSchema = defineEntity({
  name: "PasswordReset",
  tableName: "password_reset",
  properties: {
    accountId: p.uuid().primary(),
    id: p.uuid().primary(),
    secretHash: p.type(Buffer).columnType("bytea"),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
});

/** A mail on its way. `body` is forgotten when the mail has left, as it may hold a link. */
export const MailSchema = defineEntity({
  name: "Mail",
  tableName: "mail",
  properties: {
    id: p.uuid().primary(),
    /** What the mail is for; mails are counted by it. */
    kind: p.text(),
    recipient: p.text(),
    recipientKey: p.text(),
    organizationId: p.uuid().nullable(),
    /** The account of the person who asked for it. */
    causeId: p.uuid().nullable(),
    /** Further notices of the kind that this one tells of. */
    collected: p.integer(),
    subject: p.text(),
    body: p.text().nullable(),
    createdAt: p.datetime(),
    nextTryAt: p.datetime(),
    tries: p.integer(),
    sentAt: p.datetime().nullable(),
    failedAt: p.datetime().nullable(),
    problem: p.text().nullable(),
  },
});

/** Failed sign-ins by a hash of what they count for; rate-limiter-flexible reads and writes it. */
export const SignInAttemptSchema = defineEntity({
  name: "SignInAttempt",
  tableName: "sign_in_attempt",
  properties: {
    key: p.string().columnType("varchar(255)").primary(),
    points: p.integer(),
    /** In milliseconds since 1970. */
    expire: p.bigint("string").nullable(),
  },
});
