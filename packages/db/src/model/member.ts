import { defineEntity, p } from "@mikro-orm/core";

/**
 * A person in one organization: the SCIM User. The `…Key` columns hold the folded spelling (`foldText`) that
 * case-insensitive comparison uses; the id is a UUIDv7 and so the paging order as well.
 */
export const MemberSchema = defineEntity({
  name: "Member",
  tableName: "member",
  properties: {
    organizationId: p.uuid().primary(),
    id: p.uuid().primary(),
    /** Null exactly while `awaitsAcceptance`: then the holder of the address that is the userName has yet to accept. */
    accountId: p.uuid().nullable(),
    userName: p.text(),
    userNameKey: p.text(),
    externalId: p.text().nullable(),
    /** The externalId with which the member last had access. */
    lastExternalId: p.text().nullable(),
    givenName: p.text().nullable(),
    givenNameKey: p.text().nullable(),
    familyName: p.text().nullable(),
    familyNameKey: p.text().nullable(),
    displayName: p.text().nullable(),
    displayNameKey: p.text().nullable(),
    name: p.text(),
    nameKey: p.text(),
    active: p.boolean(),
    isManaged: p.boolean(),
    awaitsAcceptance: p.boolean(),
    /** When the person accepted the membership or first signed in here; null: they have done neither. */
    acceptedAt: p.datetime().nullable(),
    /** From when the person may be mailed that the membership awaits them; null: they have been, or need not. */
    inviteAt: p.datetime().nullable(),
    version: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    deletedAt: p.datetime().nullable(),
    /** Made by the database from `deletedAt`: without statistics the planner guesses a boolean right, a null not. */
    isDeleted: p.boolean(),
  },
});

/** When the provider last read, looked up or wrote a person; to the day, written beside the calls. */
export const MemberSightingSchema = defineEntity({
  name: "MemberSighting",
  tableName: "member_sighting",
  properties: { organizationId: p.uuid().primary(), memberId: p.uuid().primary(), at: p.datetime() },
});
