import { defineEntity, p } from "@mikro-orm/core";
import type { SsoReport } from "@rollcall/domain";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** The identity provider that an organization trusts to sign its people in, by SAML 2.0. Certificates are PEM bodies. */
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

/** A test of the connection: the person who has begun it, and what it has found once the provider has answered. */
type SsoTestRecord = {
  readonly startedBy: { readonly id: string; readonly name: string };
  readonly report: SsoReport | null;
};

/**
 * An AuthnRequest that was sent; its answer is taken once, from the browser with the cookie whose hash this is. `report`:
 * of a test.
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
    /** The provider began, and we have asked it in return. */
    isRestart: p.boolean(),
    /** The session of that browser, which ends when another begins. */
    formerOrganizationId: p.uuid().strictNullable(),
    formerSessionId: p.uuid().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** An assertion that was taken, kept until it would have expired anyway: none is taken twice. */
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
