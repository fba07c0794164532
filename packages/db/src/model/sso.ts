import { defineEntity, p } from "@mikro-orm/core";

/** The identity provider that an organization trusts to sign its people in, by SAML 2.0. Certificates are PEM bodies. */
export const SsoConnectionSchema = defineEntity({
  name: "SsoConnection",
  tableName: "sso_connection",
  properties: {
    organizationId: p.uuid().primary(),
    entityId: p.text(),
    signInUrl: p.text(),
    certificates: p.array().columnType("text[]"),
    metadataUrl: p.text().nullable(),
    isRequired: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    testedAt: p.datetime().nullable(),
  },
});

/** Somebody who may use a password although single sign-on is required; owners always may. */
export const SsoExemptionSchema = defineEntity({
  name: "SsoExemption",
  tableName: "sso_exemption",
  properties: {
    organizationId: p.uuid().primary(),
    memberId: p.uuid().primary(),
    createdBy: p.text(),
    createdAt: p.datetime(),
  },
});

/**
 * An AuthnRequest that was sent; its answer is taken once, from the browser with the cookie whose hash this is. `report`:
 * what a test of the connection has found.
 */
export const SsoRequestSchema = defineEntity({
  name: "SsoRequest",
  tableName: "sso_request",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.text().primary(),
    isTest: p.boolean(),
    nextPath: p.text().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
    report: p.json().nullable(),
    browserHash: p.type(Buffer).columnType("bytea").nullable(),
    /** The provider began, and we have asked it in return. */
    isRestart: p.boolean(),
    /** The session of that browser, which ends when another begins. */
    formerOrganizationId: p.uuid().nullable(),
    formerSessionId: p.uuid().nullable(),
  },
});

/** An assertion that was taken, kept until it would have expired anyway: none is taken twice. */
export const SsoAssertionSchema = defineEntity({
  name: "SsoAssertion",
  tableName: "sso_assertion",
  properties: { organizationId: p.uuid().primary(), id: p.text().primary(), expiresAt: p.datetime() },
});
