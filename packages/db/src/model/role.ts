import { defineEntity, p } from "@mikro-orm/core";
import { grantSources, roleKinds } from "@rollcall/domain";
import { countId, mergeGrants, newTag } from "./kept-count.ts";
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

/**
 * A trigger that adds a row to `role_grant_count` for each role and source of the grants that a statement inserts or
 * deletes; `shows`: whether the grant `c` changes the members of the group. MikroORM does not express transition
 * tables, so that this is the whole definition, which it compares by name only.
 */
const countGrants = (name: string, event: "insert" | "delete", shows: string) => ({
  name,
  timing: "after" as const,
  events: [event],
  forEach: "statement" as const,
  expression: `create or replace function "role_grant_${name}_fn"() returns trigger as $$ begin
insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, ${countId}, ${event === "insert" ? "" : "-"}count(*),
      case when bool_or(${shows}) then ${newTag} else 0 end
    from (select *, count(*) over (partition by organization_id, member_id, role_id) as new_sources from changed) c
    group by organization_id, role_id, source;
${mergeGrants("changed")}
end; $$ language plpgsql;
create trigger "${name}" after ${event} on "role_grant" referencing ${event === "insert" ? "new" : "old"} table as changed
  for each statement execute function "role_grant_${name}_fn"()`,
});

/** In a role of the directory only grants of groups show; in any other role a second source shows nothing new. */
const showsNew = `c.source = 'group' or c.new_sources = (select count(*) from role_grant g
  where (g.organization_id, g.member_id, g.role_id) = (c.organization_id, c.member_id, c.role_id))`;

/** One row per source that grants a role to a member, so that each source revokes only its own. */
export const RoleGrantSchema = defineEntity({
  name: "RoleGrant",
  tableName: "role_grant",
  indexes: [
    { name: "role_grant_manual", properties: ["organizationId", "roleId", "memberId"], where: "source = 'manual'" },
    { name: "role_grant_role", properties: ["organizationId", "roleId", "memberId"] },
  ],
  triggers: [
    countGrants("role_granted", "insert", showsNew),
    // Always: whether another source remains may change in a concurrent transaction.
    countGrants("role_revoked", "delete", "true"),
  ],
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

/**
 * What each source grants of a role, as the sum of its rows (docs/decisions/0051). Written by triggers only.
 */
export const RoleGrantCountSchema = defineEntity({
  name: "RoleGrantCount",
  tableName: "role_grant_count",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    roleId: p.uuid().primary(),
    source: p.enum(grantSources).primary(),
    id: p.uuid().primary(),
    grants: p.integer(),
    /** The XOR of all rows differs after each change of the members that the group shows, or of a name among them. */
    tag: p.bigint("string"),
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
