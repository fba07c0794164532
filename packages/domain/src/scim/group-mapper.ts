import { GROUP_SCHEMA, weakTag, type ScimResource } from "@rollcall/scim-protocol";
import { z } from "zod";

export type GroupMember = { readonly id: string; readonly userName: string };

/** `members` undefined if the client did not request them. */
export type GroupSource = {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The version of the role itself. */
  readonly version: number;
  /** A digest of the members, also if they are not loaded: visible ASCII, no double quote. */
  readonly membersTag: string;
  readonly members: readonly GroupMember[] | undefined;
};

export type GroupInput = {
  readonly displayName: string;
  readonly externalId: string | null;
  /** Undefined if the body has no members attribute. */
  readonly memberIds: readonly string[] | undefined;
};

/** Prints a role as a SCIM Group (RFC 7643 section 4.2). */
export function toGroup(role: GroupSource, baseUrl: string): ScimResource {
  return {
    schemas: [GROUP_SCHEMA],
    id: role.id,
    ...(role.externalId === null ? {} : { externalId: role.externalId }),
    displayName: role.name,
    ...(role.members === undefined ? {} : { members: role.members.map((member) => toReference(member, baseUrl)) }),
    meta: {
      resourceType: "Group",
      created: role.createdAt.toISOString(),
      lastModified: role.updatedAt.toISOString(),
      location: `${baseUrl}/Groups/${role.id}`,
      version: groupVersion(role),
    },
  };
}

/** The Group's ETag (docs/decisions/0011): its members can change without a write to the role. */
export function groupVersion({ version, membersTag }: Pick<GroupSource, "version" | "membersTag">): string {
  return weakTag(`${version}-${membersTag}`);
}

export function toReference(member: GroupMember, baseUrl: string): ScimResource {
  return { value: member.id, display: member.userName, type: "User", $ref: `${baseUrl}/Users/${member.id}` };
}

const groupShape = z.object({
  displayName: z.string(),
  externalId: z.string().nullish(),
  members: z.array(z.object({ value: z.string() })).nullish(),
});

/** Reads a Group that scim-protocol has validated against the schema. */
export function fromGroup(resource: ScimResource): GroupInput {
  const group = groupShape.parse(resource);
  return {
    displayName: group.displayName,
    externalId: group.externalId || null,
    memberIds: group.members?.map((member) => member.value),
  };
}
