import { defineEntity, p } from "@mikro-orm/core";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** A bearer token of an organization. `keyId` is the public part of its text; of the rest only a hash is kept. */
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
    /** The token that this one took over from by a rotation. */
    replacesId: p.uuid().strictNullable(),
    /** The smallest of the announced days before the end; null where none is announced yet. */
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

/** One SCIM call, its bodies as redacted (`requestRecord` of packages/domain). Kept for 30 days. */
export const ScimRequestSchema = defineEntity({
  name: "ScimRequest",
  tableName: "scim_request",
  indexes: [
    // Read alone for the figures of a day, so that no row is fetched.
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
    /** The ids of the provider's habits that were tolerated (scim-protocol's table of quirks). */
    quirks: p.array().columnType("text[]").default([]),
    /** The name under which the change log knows the call. */
    requestId: p.uuid().strictNullable(),
    /** The one person that it was about. */
    memberId: p.uuid().strictNullable(),
    /** The rule that refused it, or why its sender was not let in. */
    refusal: p.text().strictNullable(),
    /** What a refused call named its people, folded; for the look-up of a person only, never shown as a whole. */
    names: p.array().columnType("text[]").strictNullable(),
    requestBody: p.text().strictNullable(),
    answerBody: p.text().strictNullable(),
  },
});
