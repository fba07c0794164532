import { defineEntity, p } from "@mikro-orm/core";
import { actorKinds, guardDecisions, lossKinds, peopleTreatments } from "@rollcall/domain";
import { MemberSchema } from "./member.ts";
import { OrganizationSchema } from "./organization.ts";
import { RoleSchema } from "./role.ts";
import { tenantTable } from "./tenant-table.ts";

/** One row per organization, created with it. */
export const ProvisioningSchema = defineEntity({
  name: "Provisioning",
  tableName: "provisioning",
  indexes: [
    {
      name: "provisioning_latched",
      properties: ["organizationId", "guardMailedAt"],
      where: "guard_latched_at is not null",
    },
  ],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    isEnabled: p.boolean(),
    defaultRoleId: p.uuid().strictNullable(),
    isGuardOn: p.boolean(),
    /** Until then an owner lets everything pass. */
    guardReleasedUntil: p.datetime().strictNullable(),
    /** Earlier losses do not count: the guard was turned on, resumed or released. */
    guardCountedFrom: p.datetime().strictNullable(),
    /** Since when the guard holds, and until when once everything is decided (docs/decisions/0028). */
    guardLatchedAt: p.datetime().strictNullable(),
    guardHoldsUntil: p.datetime().strictNullable(),
    /** When owners were last mailed about the hold. */
    guardMailedAt: p.datetime().strictNullable(),
    ssoAcknowledgedAt: p.datetime().strictNullable(),
    ssoAcknowledgedBy: p.text().strictNullable(),
    enabledAt: p.datetime().strictNullable(),
    /** Managed people can only be removed in the directory, by the owners' decision. */
    onlyDirectoryRemoves: p.boolean().default(false),
    /** Provisioning is off, and the locks of managed people stay until owners release them. */
    keepsLocks: p.boolean().default(false),
    /** Incremented by every verification, so that a POST based on the earlier domains is repeated. */
    domainsVersion: p.integer().default(0),
    updatedAt: p.datetime(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
    defaultRole: () =>
      p
        .manyToOne(RoleSchema)
        .joinColumns("organization_id", "default_role_id")

        .deleteRule("no action")
        .persist(false)
        .nullable(),
  },
});

/**
 * How many people lost something to the provider in a minute: at least as many as the guard counts, because a person
 * with losses in several requests counts in each.
 */
export const GuardTallySchema = defineEntity({
  name: "GuardTally",
  tableName: "guard_tally",
  ...tenantTable,
  properties: { organizationId: p.uuid().primary(), minute: p.datetime().primary(), losses: p.integer() },
});

/** A loss refused by the guard: one row per person, kind and role, regardless of retries. */
export const GuardHoldSchema = defineEntity({
  name: "GuardHold",
  tableName: "guard_hold",
  uniques: [
    {
      name: "guard_hold_unique",
      expression: `create unique index "guard_hold_unique" on "guard_hold" (organization_id, member_id, kind, role_id) nulls not distinct`,
    },
  ],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    memberId: p.uuid(),
    kind: p.enum([...lossKinds]),
    /** The role to be revoked; null for the other kinds. */
    roleId: p.uuid().strictNullable(),
    /** The request of the last try. */
    requestId: p.text(),
    firstTriedAt: p.datetime(),
    lastTriedAt: p.datetime(),
    tries: p.integer(),
    /** Null while undecided. */
    decision: p.enum([...guardDecisions]).strictNullable(),
    decidedAt: p.datetime().strictNullable(),
    decidedBy: p.text().strictNullable(),
    /** When an approved change was made; an approval passes once. */
    appliedAt: p.datetime().strictNullable(),
    /** When owners were last mailed about another try of a rejected change. */
    rejectedMailedAt: p.datetime().strictNullable(),
    provisioning: () => p.manyToOne(ProvisioningSchema).joinColumns("organization_id").persist(false),
    member: () => p.manyToOne(MemberSchema).joinColumns("organization_id", "member_id").persist(false),
    role: () =>
      p
        .manyToOne(RoleSchema)
        .joinColumns("organization_id", "role_id")

        .deleteRule("no action")
        .persist(false)
        .nullable(),
  },
});

/**
 * The work on more people than one transaction takes (docs/decisions/0052). The last one of the organization after
 * provisioning was turned off, and the last one on its mappings; `endedAt` is null while it is in progress.
 */
export const PeopleJobSchema = defineEntity({
  name: "PeopleJob",
  tableName: "people_job",
  indexes: [{ name: "people_job_due", properties: ["organizationId", "dueAt"], where: "ended_at is null" }],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    choice: p.enum([...peopleTreatments]).primary(),
    /** The people first, then the grants of ended mappings. */
    step: p.enum(["people", "mappings"]),
    /** The last member done in this step. */
    afterId: p.uuid(),
    people: p.integer(),
    done: p.integer(),
    /** 0 if provisioning ended without grants of mappings to release. */
    mappings: p.integer(),
    /** The author of the change, and its request, for the log. */
    actorKind: p.enum(actorKinds),
    actorId: p.uuid().strictNullable(),
    actorName: p.text(),
    requestId: p.text().strictNullable(),
    startedAt: p.datetime(),
    /** When the next chunk is due: later after a failure. */
    dueAt: p.datetime(),
    /** Failures of the next chunk. */
    tries: p.integer(),
    endedAt: p.datetime().strictNullable(),
    provisioning: () => p.manyToOne(ProvisioningSchema).joinColumns("organization_id").persist(false),
  },
});
