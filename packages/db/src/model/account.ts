import { defineEntity, p } from "@mikro-orm/core";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** A person across all organizations. Does not say which directory manages them. */
export const AccountSchema = defineEntity({
  name: "Account",
  tableName: "account",
  checks: [{ name: "account_email_whole", expression: "(email is null) = (email_key is null)" }],
  properties: {
    id: p.uuid().primary(),
    /** Null if another person has the address now; `formerEmail` then contains it. */
    email: p.text().strictNullable(),
    emailKey: p.text().unique("account_email_unique").strictNullable(),
    formerEmail: p.text().strictNullable(),
    /** When the last link was mailed with which the person has reset the password. */
    addressProvenAt: p.datetime().strictNullable(),
    name: p.text(),
    passwordHash: p.text().strictNullable(),
    passwordChangedAt: p.datetime().strictNullable(),
    /** Base32 (RFC 6238); in force once `totpConfirmedAt` is set. `totpLastStep` prevents replays. */
    totpSecret: p.text().strictNullable(),
    totpConfirmedAt: p.datetime().strictNullable(),
    totpLastStep: p.bigint("number").strictNullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A browser session and its current organization. Only the hash of the cookie's secret is stored. */
export const SessionSchema = defineEntity({
  name: "Session",
  tableName: "session",
  indexes: [
    { name: "session_account", properties: ["organizationId", "accountId"], where: "ended_at is null" },
    { name: "session_of_account", properties: ["organizationId", "accountId", "id"] },
  ],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    accountId: p.uuid(),
    secretHash: p.type(Buffer).columnType("bytea"),
    userAgent: p.text().strictNullable(),
    ip: p.text().strictNullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().strictNullable(),
    method: p.enum(["password", "sso", "invitation"]).default("password"),
    /** The time of each proof; null: not in this session. */
    passwordAt: p.datetime().strictNullable(),
    secondFactorAt: p.datetime().strictNullable(),
    ssoAt: p.datetime().strictNullable(),
    /** The identity provider of the sign-in. */
    ssoEntityId: p.text().strictNullable(),
    lastUsedAt: p.datetime(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
    account: () => p.manyToOne(AccountSchema).joinColumns("account_id").persist(false),
  },
});

/** A recovery code for a lost second factor, usable once. */
export const RecoveryCodeSchema = defineEntity({
  name: "RecoveryCode",
  tableName: "recovery_code",
  properties: {
    accountId: p.uuid().primary(),
    codeHash: p.type(Buffer).columnType("bytea").primary(),
    usedAt: p.datetime().strictNullable(),
    account: () => p.manyToOne(AccountSchema).joinColumns("account_id").persist(false),
  },
});

/** An unconfirmed new address with the link mailed to it. */
export const EmailChallengeSchema = defineEntity({
  name: "EmailChallenge",
  tableName: "email_challenge",
  indexes: [{ name: "email_challenge_to", properties: ["emailKey"] }],
  properties: {
    accountId: p.uuid().primary(),
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text(),
    secretHash: p.type(Buffer).columnType("bytea"),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().strictNullable(),
    /** Sent to the former address after a change, to revert it. */
    isUndo: p.boolean(),
    account: () => p.manyToOne(AccountSchema).joinColumns("account_id").persist(false),
  },
});

/** A browser from which an account has signed in; only the hash of its cookie is stored. */
export const KnownBrowserSchema = defineEntity({
  name: "KnownBrowser",
  tableName: "known_browser",
  properties: {
    accountId: p.uuid().primary(),
    browserHash: p.type(Buffer).columnType("bytea").primary(),
    firstSeenAt: p.datetime(),
    lastSeenAt: p.datetime(),
    account: () => p.manyToOne(AccountSchema).joinColumns("account_id").persist(false),
  },
});

/** A link to reset a forgotten password, once. */
export const PasswordResetSchema = defineEntity({
  name: "PasswordReset",
  tableName: "password_reset",
  properties: {
    accountId: p.uuid().primary(),
    id: p.uuid().primary(),
    secretHash: p.type(Buffer).columnType("bytea"),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().strictNullable(),
    account: () => p.manyToOne(AccountSchema).joinColumns("account_id").persist(false),
  },
});

/** A mail to send. `body` is deleted when the mail is sent, because it may contain a link. */
export const MailSchema = defineEntity({
  name: "Mail",
  tableName: "mail",
  indexes: [
    { name: "mail_by_cause", properties: ["causeId", "kind", "createdAt"], where: "cause_id is not null" },
    {
      name: "mail_by_organization",
      properties: ["organizationId", "kind", "createdAt"],
      where: "organization_id is not null",
    },
    { name: "mail_by_recipient", properties: ["recipientKey", "kind", "createdAt"] },
    { name: "mail_waiting", properties: ["nextTryAt"], where: "sent_at is null and failed_at is null" },
  ],
  properties: {
    id: p.uuid().primary(),
    /** The purpose, by which mails are counted. */
    kind: p.text(),
    recipient: p.text(),
    recipientKey: p.text(),
    organizationId: p.uuid().strictNullable(),
    /** The account of the person who requested it. */
    causeId: p.uuid().strictNullable(),
    /** The number of further notices collected in this one. */
    collected: p.integer(),
    subject: p.text(),
    body: p.text().strictNullable(),
    createdAt: p.datetime(),
    nextTryAt: p.datetime(),
    tries: p.integer(),
    sentAt: p.datetime().strictNullable(),
    failedAt: p.datetime().strictNullable(),
    problem: p.text().strictNullable(),
  },
});

/** Failed sign-ins by a hash of their key; read and written by rate-limiter-flexible. */
export const SignInAttemptSchema = defineEntity({
  name: "SignInAttempt",
  tableName: "sign_in_attempt",
  properties: {
    key: p.string().columnType("varchar(255)").primary(),
    points: p.integer().default(0),
    /** In milliseconds since 1970. */
    expire: p.bigint("string").strictNullable(),
  },
});
