import { defineEntity, p } from "@mikro-orm/core";
import { AccountSchema } from "./account.ts";
import { countId, mergeGrants, mergeRows, newTag } from "./kept-count.ts";
import { OrganizationSchema } from "./organization.ts";
import { tenantTable } from "./tenant-table.ts";

/** In PostgreSQL's spelling, by which the schema is compared. */
const isVisible = (row: "old" | "new"): string => `(${row}.deleted_at IS NULL)`;
const isManaged = (row: "old" | "new"): string => `(${isVisible(row)} and ${row}.is_managed)`;

/** Whether the directory gives the member access: can be in the `unconfirmed` drift, and counts for mass-removal protection. */
const isCurrent = (row: "old" | "new"): string =>
  `(${row}.is_managed AND ${row}.active AND (${row}.deleted_at IS NULL))`;

/** Each current member has a sighting. The change that makes the member current is the first one. */
const sight = `
insert into member_sighting (organization_id, member_id, at) values (new.organization_id, new.id, new.updated_at)
  on conflict (organization_id, member_id) do update set at = greatest(member_sighting.at, excluded.at);
return null;`;

/**
 * A member who is no longer current loses its sighting, so that it is not read. A row that the request log is writing stays, to avoid
 * deadlocks. By `ctid`, because a plan that was made while the table was small would join it as a whole.
 */
const sightOrForget = `
if ${isCurrent("new")} then ${sight}
else
  delete from member_sighting where ctid = any (array(select ctid from member_sighting
    where organization_id = new.organization_id and member_id = new.id for update skip locked));
end if;
return null;`;

/** Adds a row to `member_count`; `numbers`: its columns `visible`, `managed` and `active`. */
const count = (...numbers: readonly [string, string, string]): string => `
insert into member_count (organization_id, id, visible, managed, active)
  values (new.organization_id, ${countId}, ${numbers.join(", ")}); ${mergeRows("member_count", {
    key: ["organization_id"],
    which: "organization_id = new.organization_id",
    sums: { visible: "sum(visible)", managed: "sum(managed)", active: "sum(active)" },
  })}`;

const changeOf = (is: (row: "old" | "new") => string): string => `${is("new")}::int - ${is("old")}::int`;

/**
 * Adds a row to `role_grant_count` for each grant of a person whose name in the groups changes. A deleted person has
 * neither grants nor exemptions: the statement that deletes the person does not see a grant that was made while it
 * waited for the member.
 */
const renameInGroups = `
if new.deleted_at is not null then
  delete from role_grant where organization_id = new.organization_id and member_id = new.id;
  delete from exemption where organization_id = new.organization_id and member_id = new.id;
  return null;
end if;
insert into role_grant_count (organization_id, role_id, source, id, grants, tag)
  select organization_id, role_id, source, ${countId}, 0, ${newTag}
    from role_grant where organization_id = new.organization_id and member_id = new.id;
${mergeGrants("role_grant where organization_id = new.organization_id and member_id = new.id")}`;

/**
 * A person in one organization: the SCIM User. The `…Key` columns hold normalized texts (`foldText`) for
 * case-insensitive comparison; the id is a UUIDv7 and also the paging order.
 */
export const MemberSchema = defineEntity({
  name: "Member",
  tableName: "member",
  indexes: [
    { name: "member_account", properties: ["accountId"] },
    { name: "member_awaiting", properties: ["userNameKey"], where: "awaits_acceptance and not is_deleted" },
    { name: "member_deleted", properties: ["organizationId", "userNameKey"], where: "is_deleted" },
    {
      name: "member_inactive",
      properties: ["organizationId", "id"],
      where: "is_managed and not active and not is_deleted",
    },
    { name: "member_name", properties: ["organizationId", "nameKey", "id"], where: "not is_deleted" },
    {
      name: "member_unmanaged",
      properties: ["organizationId", "nameKey", "id"],
      where: "not is_managed and not is_deleted",
    },
    { name: "member_to_invite", properties: ["organizationId", "inviteAt"], where: "invite_at is not null" },
  ],
  uniques: [
    { name: "member_account_unique", properties: ["organizationId", "accountId"], where: "not is_deleted" },
    {
      name: "member_external_id_unique",
      properties: ["organizationId", "externalId"],
      where: "not is_deleted and external_id is not null",
    },
    { name: "member_user_name_unique", properties: ["organizationId", "userNameKey"], where: "not is_deleted" },
  ],
  triggers: [
    {
      name: "member_counted",
      timing: "after",
      events: ["insert"],
      forEach: "row",
      when: isVisible("new"),
      body: count("1", "new.is_managed::int", `${isCurrent("new")}::int`),
    },
    {
      name: "member_first_sighted",
      timing: "after",
      events: ["insert"],
      forEach: "row",
      when: isCurrent("new"),
      body: sight,
    },
    {
      name: "member_sighted",
      timing: "after",
      events: ["update"],
      forEach: "row",
      when: `(${isCurrent("new")} <> ${isCurrent("old")})`,
      body: sightOrForget,
    },
    {
      name: "member_recounted",
      timing: "after",
      events: ["update"],
      forEach: "row",
      when: `((${isVisible("new")} <> ${isVisible("old")}) OR (new.is_managed <> old.is_managed) OR (${isCurrent("new")} <> ${isCurrent("old")}))`,
      body: count(changeOf(isVisible), changeOf(isManaged), changeOf(isCurrent)),
    },
    {
      name: "member_renamed",
      timing: "after",
      events: ["update"],
      forEach: "row",
      when: `((new.user_name <> old.user_name) OR (${isVisible("new")} <> ${isVisible("old")}))`,
      body: renameInGroups,
    },
  ],
  checks: [{ name: "member_account_accepted", expression: "awaits_acceptance = (account_id is null)" }],
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    /** Null exactly while `awaitsAcceptance`: the holder of the userName's address has not accepted. */
    accountId: p.uuid().strictNullable(),
    userName: p.text(),
    userNameKey: p.text().collation("C"),
    externalId: p.text().collation("C").strictNullable(),
    /** The externalId with which the member last had access. */
    lastExternalId: p.text().strictNullable(),
    givenName: p.text().strictNullable(),
    givenNameKey: p.text().collation("C").strictNullable(),
    familyName: p.text().strictNullable(),
    familyNameKey: p.text().collation("C").strictNullable(),
    displayName: p.text().strictNullable(),
    displayNameKey: p.text().collation("C").strictNullable(),
    name: p.text(),
    nameKey: p.text().collation("C"),
    active: p.boolean(),
    isManaged: p.boolean(),
    awaitsAcceptance: p.boolean(),
    /** When the person accepted the membership or first signed in here, if ever. */
    acceptedAt: p.datetime().strictNullable(),
    /** The earliest time of the mail about the pending membership; null: sent, or not needed. */
    inviteAt: p.datetime().strictNullable(),
    version: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    deletedAt: p.datetime().strictNullable(),
    /** Computed from `deletedAt`: without statistics, the planner estimates a boolean correctly, but not a null. */
    isDeleted: p.boolean().generated("(deleted_at is not null) stored"),
    organization: () => p.manyToOne(OrganizationSchema).joinColumns("organization_id").persist(false),
    account: () =>
      p.manyToOne(AccountSchema).joinColumns("account_id").deleteRule("no action").persist(false).nullable(),
  },
});

/**
 * How many members an organization has, as the sum of its rows: each change of a member adds a row, so that writes do
 * not wait for one another (docs/decisions/0051). Written by triggers only.
 */
export const MemberCountSchema = defineEntity({
  name: "MemberCount",
  tableName: "member_count",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    visible: p.integer(),
    /** Of the visible ones. */
    managed: p.integer(),
    /** Of the managed ones. */
    active: p.integer(),
  },
});

/** When the provider last read, searched or wrote a person; to the day, updated with its requests. Each current member has one. */
export const MemberSightingSchema = defineEntity({
  name: "MemberSighting",
  tableName: "member_sighting",
  indexes: [{ name: "member_sighting_at", properties: ["organizationId", "at"] }],
  ...tenantTable,
  properties: { organizationId: p.uuid().primary(), memberId: p.uuid().primary(), at: p.datetime() },
});

/** A member exempt from the account locks or the single sign-on requirement. */
export const ExemptionSchema = defineEntity({
  name: "Exemption",
  tableName: "exemption",
  ...tenantTable,
  properties: {
    organizationId: p.uuid().primary(),
    memberId: p.uuid().primary(),
    kind: p.enum(["locks", "sso"]).primary(),
    createdBy: p.text(),
    createdAt: p.datetime(),
    member: () => p.manyToOne(MemberSchema).joinColumns("organization_id", "member_id").persist(false),
  },
});
