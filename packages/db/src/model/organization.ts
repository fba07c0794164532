import { defineEntity, p } from "@mikro-orm/core";
import { tenantTable } from "./tenant-table.ts";

export const OrganizationSchema = defineEntity({
  name: "Organization",
  tableName: "organization",
  properties: { id: p.uuid().primary(), name: p.text(), createdAt: p.datetime() },
});

/** The owners' progress in the wizard, as far as it cannot be derived from other data. */
export const SetupSchema = defineEntity({
  name: "Setup",
  tableName: "setup",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    provider: p.enum(["okta", "entra", "other"]),
    /** Earlier events do not count as progress. */
    startedAt: p.datetime(),
    startedBy: p.text(),
    finishedAt: p.datetime().strictNullable(),
    finishedBy: p.text().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

export const VerifiedDomainSchema = defineEntity({
  name: "VerifiedDomain",
  tableName: "verified_domain",
  indexes: [{ name: "verified_domain_key", properties: ["domainKey"] }],
  uniques: [{ name: "verified_domain_unique", properties: ["domain"] }],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    domain: p.text().primary(),
    /** The domain in the keys of addresses (`domainKey`). */
    domainKey: p.text(),
    verifiedAt: p.datetime(),
    verifiedBy: p.text(),
    checkedAt: p.datetime().strictNullable(),
    /** Since when the daily check has failed, and why. */
    failingSince: p.datetime().strictNullable(),
    problem: p.text().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** A claimed domain; `proof` is the required content of its TXT record. */
export const DomainClaimSchema = defineEntity({
  name: "DomainClaim",
  tableName: "domain_claim",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    domain: p.text().primary(),
    proof: p.text(),
    createdBy: p.text(),
    createdAt: p.datetime(),
    checkedAt: p.datetime().strictNullable(),
    problem: p.text().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** An invitation by a link mailed to that address; open while `endedAt` is null and not expired. */
export const InvitationSchema = defineEntity({
  name: "Invitation",
  tableName: "invitation",
  indexes: [
    { name: "invitation_email", properties: ["organizationId", "emailKey", "id"] },
    { name: "invitation_to", properties: ["emailKey"] },
  ],
  uniques: [{ name: "invitation_open_unique", properties: ["organizationId", "emailKey"], where: "ended_at is null" }],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text().collation("C"),
    roleIds: p.array().columnType("uuid[]"),
    secretHash: p.type(Buffer).columnType("bytea"),
    invitedBy: p.uuid().strictNullable(),
    invitedByName: p.text(),
    createdAt: p.datetime(),
    sentAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().strictNullable(),
    endReason: p.enum(["accepted", "revoked", "provisioned"]).strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});
