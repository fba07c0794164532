import { defineEntity, p } from "@mikro-orm/core";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** A bearer token of an organization. `keyId` is the public part of its text; the rest is stored as a hash only. */
export const ScimTokenSchema = defineEntity({
  name: "ScimToken",
  tableName: "scim_token",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    keyId: p.text().collation("C").unique("scim_token_key_unique"),
    secretHash: p.type(Buffer).columnType("bytea"),
    createdBy: p.text(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().strictNullable(),
    lastUsedAt: p.datetime().strictNullable(),
    lastUsedIp: p.text().strictNullable(),
    lastUsedClient: p.text().strictNullable(),
    /** The token that this one replaces by a rotation. */
    replacesId: p.uuid().strictNullable(),
    /** The smallest number of days before the end that was announced; null: none yet. */
    noticedDays: p.integer().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
    replaces: () =>
      p
        .manyToOne(ScimTokenSchema)
        .joinColumns("organization_id", "replaces_id")

        .deleteRule("no action")
        .persist(false)
        .nullable(),
  },
});

/** One SCIM request with redacted bodies (`requestRecord` of packages/domain). Kept for 30 days. */
export const ScimRequestSchema = defineEntity({
  name: "ScimRequest",
  tableName: "scim_request",
  indexes: [
    // Covers the daily statistics, so that no row is fetched.
    { name: "scim_request_figures", properties: ["organizationId", "id"], include: ["status", "durationMs"] },
    { name: "scim_request_failed", properties: ["organizationId", "id"], where: "status >= 400" },
    { name: "scim_request_member", properties: ["organizationId", "memberId", "id"], where: "member_id is not null" },
    { name: "scim_request_names", properties: ["organizationId", "id"], where: "names is not null" },
  ],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    at: p.datetime(),
    tokenId: p.uuid(),
    method: p.text(),
    path: p.text(),
    status: p.integer(),
    scimType: p.text().strictNullable(),
    detail: p.text().strictNullable(),
    durationMs: p.integer(),
    client: p.text().strictNullable(),
    ip: p.text().strictNullable(),
    /** The ids of the tolerated known deviations (scim-protocol's table of quirks). */
    quirks: p.array().columnType("text[]").default([]),
    /** The request id in the change log. */
    requestId: p.uuid().strictNullable(),
    /** The only person of the request. */
    memberId: p.uuid().strictNullable(),
    /** The rule that refused it, or why authentication failed. */
    refusal: p.text().strictNullable(),
    /** The people named in a refused request, normalized; only for lookups of a person, never shown as a whole. */
    names: p.array().columnType("text[]").strictNullable(),
    requestBody: p.text().strictNullable(),
    answerBody: p.text().strictNullable(),
  },
});
