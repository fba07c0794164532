import type { Provisioned } from "./resource-client.ts";

/** A person's profile in Entra. `userPrincipalName` becomes SCIM's userName and the work email. */
export type EntraProfile = {
  readonly userPrincipalName: string;
  /** Becomes externalId (E-DOC, example 1). */
  readonly mailNickname: string;
  readonly givenName: string;
  readonly surname: string;
  readonly displayName: string;
  readonly jobTitle?: string;
  readonly employeeId?: string;
};

/** A person in Entra's own directory. */
export type EntraPerson = Provisioned & { profile: EntraProfile };

/** A group in Entra's own directory. `externalId` is the group's object id unless the mapping is changed. */
export type EntraGroup = Provisioned & { name: string; externalId: string };
