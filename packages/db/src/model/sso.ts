import { defineEntity, p } from "@mikro-orm/core";
import type { SsoReport } from "@rollcall/domain";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** The SAML 2.0 identity provider that an organization trusts to sign its people in. Certificates are PEM bodies. */
export const SsoConnectionSchema = defineEntity({
  name: "SsoConnection",
  tableName: "sso_connection",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    entityId: p.text(),
    signInUrl: p.text(),
    certificates: p.array().columnType("text[]"),
    metadataUrl: p.text().strictNullable(),
    isRequired: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    testedAt: p.datetime().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** A test of the connection: the person who started it, and its result once the provider has responded. */
type SsoTestRecord = {
  readonly startedBy: { readonly id: string; readonly name: string };
  readonly report: SsoReport | null;
};

/**
 * An AuthnRequest; its response is accepted once, from the browser with the cookie that has this hash. `report`: of a
 * test.
 */
export const SsoRequestSchema = defineEntity({
  name: "SsoRequest",
  tableName: "sso_request",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.text().primary(),
    isTest: p.boolean(),
    nextPath: p.text().strictNullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().strictNullable(),
    report: p.json<SsoTestRecord>().strictNullable(),
    browserHash: p.type(Buffer).columnType("bytea").strictNullable(),
    /** The provider started the sign-in, and we sent a request in return. */
    isRestart: p.boolean(),
    /** The browser's session that ends when another starts. */
    formerOrganizationId: p.uuid().strictNullable(),
    formerSessionId: p.uuid().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** An accepted assertion, kept until its expiry to prevent replays. */
export const SsoAssertionSchema = defineEntity({
  name: "SsoAssertion",
  tableName: "sso_assertion",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.text().primary(),
    expiresAt: p.datetime(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});
