import { defineEntity, p } from "@mikro-orm/core";

export const OrganizationSchema = defineEntity({
  name: "Organization",
  tableName: "organization",
  properties: { id: p.uuid().primary(), name: p.text(), createdAt: p.datetime() },
});

/** One row an organization, made with it. `releasedUntil`: an owner lets the guard pass everything until then. */
export const ProvisioningSchema = defineEntity({
  name: "Provisioning",
  tableName: "provisioning",
  properties: {
    organizationId: p.uuid().primary(),
    isEnabled: p.boolean(),
    defaultRoleId: p.uuid().nullable(),
    isGuardOn: p.boolean(),
    guardReleasedUntil: p.datetime().nullable(),
    ssoAcknowledgedAt: p.datetime().nullable(),
    ssoAcknowledgedBy: p.text().nullable(),
    enabledAt: p.datetime().nullable(),
    updatedAt: p.datetime(),
  },
});

export const VerifiedDomainSchema = defineEntity({
  name: "VerifiedDomain",
  tableName: "verified_domain",
  properties: {
    organizationId: p.uuid().primary(),
    domain: p.text().primary(),
    verifiedAt: p.datetime(),
    verifiedBy: p.text(),
  },
});
