import { defineEntity, p } from "@mikro-orm/core";
import { grantSources, roleKinds } from "@rollcall/domain";

/** A role: the SCIM Group. */
export const RoleSchema = defineEntity({
  name: "Role",
  tableName: "role",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    nameKey: p.text(),
    kind: p.enum(roleKinds),
    isScimCreated: p.boolean(),
    isLinked: p.boolean(),
    externalId: p.text().nullable(),
    permissions: p.array().columnType("text[]"),
    /** Counts the changes; the ETag of the SCIM Group is made with it. */
    version: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    deletedAt: p.datetime().nullable(),
  },
});

/** One row for each source that gives a member the role, so that each takes back only its own. */
export const RoleGrantSchema = defineEntity({
  name: "RoleGrant",
  tableName: "role_grant",
  properties: {
    organizationId: p.uuid().primary(),
    memberId: p.uuid().primary(),
    roleId: p.uuid().primary(),
    source: p.enum(grantSources).primary(),
    createdAt: p.datetime(),
  },
});

/** Whom the directory puts into the group gets the target too; the first by position that matches decides. */
export const GroupMappingSchema = defineEntity({
  name: "GroupMapping",
  tableName: "group_mapping",
  properties: {
    organizationId: p.uuid().primary(),
    groupId: p.uuid().primary(),
    targetId: p.uuid(),
    position: p.integer(),
    createdAt: p.datetime(),
  },
});
