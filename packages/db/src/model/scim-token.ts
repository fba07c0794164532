import { defineEntity, p } from "@mikro-orm/core";

/** A bearer token of an organization. `keyId` is the public part of its text; of the rest only a hash is kept. */
export const ScimTokenSchema = defineEntity({
  name: "ScimToken",
  tableName: "scim_token",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    keyId: p.text().unique("scim_token_key_unique"),
    secretHash: p.type(Buffer).columnType("bytea"),
    createdBy: p.text(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    lastUsedIp: p.text().nullable(),
    lastUsedClient: p.text().nullable(),
    /** The token that this one took over from by a rotation. */
    replacesId: p.uuid().nullable(),
    /** The smallest of the announced days before the end; null where none is announced yet. */
    noticedDays: p.integer().nullable(),
  },
});

/** One SCIM call, its bodies as redacted (`recordOf` of packages/domain). Kept for 30 days. */
export const ScimRequestSchema = defineEntity({
  name: "ScimRequest",
  tableName: "scim_request",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    at: p.datetime(),
    tokenId: p.uuid(),
    method: p.text(),
    path: p.text(),
    status: p.integer(),
    scimType: p.text().nullable(),
    detail: p.text().nullable(),
    durationMs: p.integer(),
    client: p.text().nullable(),
    ip: p.text().nullable(),
    /** The ids of the provider's habits that were tolerated (scim-protocol's table of quirks). */
    quirks: p.array().columnType("text[]"),
    /** The name under which the change log knows the call. */
    requestId: p.uuid().nullable(),
    /** The one person that it was about. */
    memberId: p.uuid().nullable(),
    /** The rule that refused it, or why its sender was not let in. */
    refusal: p.text().nullable(),
    /** What a refused call named its people, folded; for the look-up of a person only, never shown as a whole. */
    names: p.array().columnType("text[]").nullable(),
    requestBody: p.text().nullable(),
    answerBody: p.text().nullable(),
  },
});
