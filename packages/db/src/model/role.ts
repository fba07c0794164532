import { defineEntity, p } from "@mikro-orm/core";
import { grantSources, roleKinds } from "@rollcall/domain";
import { MemberSchema } from "./member.ts";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** The ranges of Default_Ignorable_Code_Point in Unicode 17, because PostgreSQL does not support the property. */
const ignorable = String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]`;
const blanks = String.raw`[\s\u1680\u2028\u2029]+`;
/** The normalized role name for comparison (docs/design.md, section 3, rule 14). */
const nameIdentity = `lower(btrim(regexp_replace(regexp_replace(normalize(name_key, nfkc), '${ignorable}', '', 'g'), '${blanks}', ' ', 'g')))`;

/** A role: the SCIM Group. */
export const RoleSchema = defineEntity({
  name: "Role",
  tableName: "role",
  indexes: [{ name: "role_name", properties: ["organizationId", "nameKey"], where: "deleted_at is null" }],
  uniques: [
    {
      name: "role_external_id_unique",
      properties: ["organizationId", "externalId"],
      where: "deleted_at is null and external_id is not null",
    },
    {
      name: "role_name_unique",
      expression: `create unique index "role_name_unique" on "role" (organization_id, (${nameIdentity})) where deleted_at is null`,
    },
  ],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    nameKey: p.text().collation("C"),
    kind: p.enum(roleKinds),
    isScimCreated: p.boolean(),
    isLinked: p.boolean(),
    externalId: p.text().collation("C").strictNullable(),
    permissions: p.array().columnType("text[]"),
    /** Counts the changes; part of the ETag of the SCIM Group. */
    version: p.integer().default(1),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    deletedAt: p.datetime().strictNullable(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
  },
});

/** One row per source that grants a role to a member, so that each source revokes only its own. */
export const RoleGrantSchema = defineEntity({
  name: "RoleGrant",
  tableName: "role_grant",
  indexes: [{ name: "role_grant_role", properties: ["organizationId", "roleId", "memberId"] }],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    memberId: p.uuid().primary(),
    roleId: p.uuid().primary(),
    source: p.enum(grantSources).primary(),
    createdAt: p.datetime(),
    member: () => p.manyToOne(MemberSchema).joinColumns("organization_id", "member_id").persist(false),
    role: () => p.manyToOne(RoleSchema).joinColumns("organization_id", "role_id").persist(false),
  },
});

/** Members of the group also get the target role; only the first matching group by position applies. */
export const GroupMappingSchema = defineEntity({
  name: "GroupMapping",
  tableName: "group_mapping",
  indexes: [{ name: "group_mapping_target", properties: ["organizationId", "targetId"] }],
  uniques: [{ name: "group_mapping_position_unique", properties: ["organizationId", "position"] }],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    groupId: p.uuid().primary(),
    targetId: p.uuid(),
    position: p.integer(),
    createdAt: p.datetime(),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
    group: () => p.manyToOne(RoleSchema).joinColumns("organization_id", "group_id").persist(false),
    target: () => p.manyToOne(RoleSchema).joinColumns("organization_id", "target_id").persist(false),
  },
});
