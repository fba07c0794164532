import { defineEntity, p } from "@mikro-orm/core";
import { guardDecisions, lossKinds } from "@rollcall/domain";

export const OrganizationSchema = defineEntity({
  name: "Organization",
  tableName: "organization",
  properties: { id: p.uuid().primary(), name: p.text(), createdAt: p.datetime() },
});

/** One row per organization, made with it. */
export const ProvisioningSchema = defineEntity({
  name: "Provisioning",
  tableName: "provisioning",
  properties: {
    organizationId: p.uuid().primary(),
    isEnabled: p.boolean(),
    defaultRoleId: p.uuid().nullable(),
    isGuardOn: p.boolean(),
    /** An owner lets everything pass until then. */
    guardReleasedUntil: p.datetime().nullable(),
    /** Losses before never count again: the guard was turned on, resumed or released. */
    guardCountedFrom: p.datetime().nullable(),
    /** Since when the guard holds, and until when it goes on once everything is decided (docs/decisions/0028). */
    guardLatchedAt: p.datetime().nullable(),
    guardHoldsUntil: p.datetime().nullable(),
    /** When owners were last mailed about the hold. */
    guardMailedAt: p.datetime().nullable(),
    ssoAcknowledgedAt: p.datetime().nullable(),
    ssoAcknowledgedBy: p.text().nullable(),
    enabledAt: p.datetime().nullable(),
    /** Owners have decided that people whom the directory manages are removed there and nowhere else. */
    onlyDirectoryRemoves: p.boolean(),
    /** Provisioning was turned off, and the locks of those whom the directory manages stay until owners release them. */
    keepsLocks: p.boolean(),
    /** Moves with every verification, so that a POST that has read the domains before it is decided again. */
    domainsVersion: p.integer(),
    updatedAt: p.datetime(),
  },
});

/** How far the owners are with the wizard; what can be read off the rest of the data is not stored. */
export const SetupSchema = defineEntity({
  name: "Setup",
  tableName: "setup",
  properties: {
    organizationId: p.uuid().primary(),
    provider: p.enum(["okta", "entra", "other"]),
    /** Nothing from before counts as seen. */
    startedAt: p.datetime(),
    startedBy: p.text(),
    finishedAt: p.datetime().nullable(),
    finishedBy: p.text().nullable(),
  },
});

export const VerifiedDomainSchema = defineEntity({
  name: "VerifiedDomain",
  tableName: "verified_domain",
  properties: {
    organizationId: p.uuid().primary(),
    domain: p.text().primary(),
    /** As it stands in the keys of addresses (`domainKey`). */
    domainKey: p.text(),
    verifiedAt: p.datetime(),
    verifiedBy: p.text(),
    checkedAt: p.datetime().nullable(),
    /** Since when the daily check has found no proof, and why. */
    failingSince: p.datetime().nullable(),
    problem: p.text().nullable(),
  },
});

/** A domain that an organization says is its own; `proof` is what its TXT record must hold. */
export const DomainClaimSchema = defineEntity({
  name: "DomainClaim",
  tableName: "domain_claim",
  properties: {
    organizationId: p.uuid().primary(),
    domain: p.text().primary(),
    proof: p.text(),
    createdBy: p.text(),
    createdAt: p.datetime(),
    checkedAt: p.datetime().nullable(),
    problem: p.text().nullable(),
  },
});

/** Somebody who may become a member by a link sent to that address; open while `endedAt` is null and not expired. */
export const InvitationSchema = defineEntity({
  name: "Invitation",
  tableName: "invitation",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    email: p.text(),
    emailKey: p.text(),
    roleIds: p.array().columnType("uuid[]"),
    secretHash: p.type(Buffer).columnType("bytea"),
    invitedBy: p.uuid().nullable(),
    invitedByName: p.text(),
    createdAt: p.datetime(),
    sentAt: p.datetime(),
    expiresAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    endReason: p.enum(["accepted", "revoked", "provisioned"]).nullable(),
  },
});

/** Somebody whom the locks of a managed organization leave alone. */
export const LockExemptionSchema = defineEntity({
  name: "LockExemption",
  tableName: "lock_exemption",
  properties: {
    organizationId: p.uuid().primary(),
    memberId: p.uuid().primary(),
    createdBy: p.text(),
    createdAt: p.datetime(),
  },
});

/** A loss that the guard has refused: one row per person, kind and role, however often it is retried. */
export const GuardHoldSchema = defineEntity({
  name: "GuardHold",
  tableName: "guard_hold",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    memberId: p.uuid(),
    kind: p.enum([...lossKinds]),
    /** Of a role that is revoked; null for the other kinds. */
    roleId: p.uuid().nullable(),
    /** The request of the last try. */
    requestId: p.text(),
    firstTriedAt: p.datetime(),
    lastTriedAt: p.datetime(),
    tries: p.integer(),
    /** Null while it waits for an owner. */
    decision: p.enum([...guardDecisions]).nullable(),
    decidedAt: p.datetime().nullable(),
    decidedBy: p.text().nullable(),
    /** When an approved change was made; an approval passes once. */
    appliedAt: p.datetime().nullable(),
    /** When owners were last told that a rejected change was tried again. */
    rejectedMailedAt: p.datetime().nullable(),
  },
});
