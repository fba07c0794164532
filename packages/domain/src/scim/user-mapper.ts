import { USER_SCHEMA, weakTag, type ScimResource } from "@rollcall/scim-protocol";
import { z } from "zod";
import type { Member, MemberInput } from "../member/member.ts";

/** A member as SCIM shows it. */
export type UserSource = Omit<Member, "isManaged" | "isOwner" | "lastExternalId"> & {
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/**
 * Prints a member as a SCIM User (RFC 7643 section 4.1). `emails` is derived from userName; attributes without a value
 * are left out. `baseUrl` is the configured public one, without a slash at its end.
 */
export function toUser(member: UserSource, baseUrl: string): ScimResource {
  const { givenName, familyName, displayName } = member;
  return {
    schemas: [USER_SCHEMA],
    id: member.id,
    ...(member.externalId === null ? {} : { externalId: member.externalId }),
    userName: member.userName,
    name: {
      formatted: member.name,
      ...(familyName === null ? {} : { familyName }),
      ...(givenName === null ? {} : { givenName }),
    },
    ...(displayName === null ? {} : { displayName }),
    active: member.active,
    emails: [{ value: member.userName, type: "work", primary: true }],
    meta: {
      resourceType: "User",
      created: member.createdAt.toISOString(),
      lastModified: member.updatedAt.toISOString(),
      location: `${baseUrl}/Users/${member.id}`,
      version: userVersion(member),
    },
  };
}

/**
 * The User's ETag (docs/decisions/0011). It changes with `lastModified`, and that with every change of the User: no two
 * changes have the same time.
 */
export function userVersion({ updatedAt }: Pick<UserSource, "updatedAt">): string {
  return weakTag(updatedAt.getTime().toString(36));
}

/** An empty text counts as absent. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || null);
const userShape = z.object({
  userName: z.string(),
  externalId: text,
  displayName: text,
  active: z.boolean().optional(),
  name: z.object({ givenName: text, familyName: text, formatted: text }).nullish(),
});

/** Reads a User that scim-protocol has validated against the schema. */
export function fromUser(resource: ScimResource): MemberInput {
  const user = userShape.parse(resource);
  return {
    userName: user.userName,
    externalId: user.externalId,
    givenName: user.name?.givenName ?? null,
    familyName: user.name?.familyName ?? null,
    displayName: user.displayName,
    formattedName: user.name?.formatted ?? null,
    active: user.active,
  };
}
