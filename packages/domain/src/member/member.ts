/** The SCIM User of one organization, with the names as the provider sent them. */
export type Member = {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string | null;
  /**
   * The externalId with which the member last had access, null if there was none; of active members, the previous one.
   */
  readonly lastExternalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  /** The display name, by rule 6. */
  readonly name: string;
  readonly active: boolean;
  /** Does the identity provider manage this member, since a POST or its first PUT or PATCH? */
  readonly isManaged: boolean;
  readonly isOwner: boolean;
};

/** The columns that follow from an input, `name` by rule 6. */
export type MemberFields = Omit<Member, "id" | "lastExternalId" | "isManaged" | "isOwner">;

/** The attributes of a person in a request. `active` undefined: not in the body, so the state stays. */
export type MemberInput = Omit<MemberFields, "name" | "active"> & {
  readonly active: boolean | undefined;
  /** The whole name, used if there is no other; it is kept in `name` alone. */
  readonly formattedName?: string | null;
};
