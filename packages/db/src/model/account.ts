import { defineEntity, p } from "@mikro-orm/core";

/** A person, once for all organizations. Holds no word about who manages them. */
export const AccountSchema = defineEntity({
  name: "Account",
  tableName: "account",
  properties: {
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text().unique("account_email_unique"),
    name: p.text(),
    passwordHash: p.text().nullable(),
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
  },
});
