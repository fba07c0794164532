/** A member as the rules see it: the SCIM User of one organization, with the names as the provider sent them. */
export type Member = {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string | null;
  /** The externalId with which the member last had access, null where there was none; of active members, that of before. */
  readonly lastExternalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  /** The name that is shown, by rule 6. */
  readonly name: string;
  readonly active: boolean;
  /** Has the identity provider taken this member over, by POST or by its first PUT or PATCH? */
  readonly isManaged: boolean;
  readonly isOwner: boolean;
};

/** What a provider may say of a person. `active` undefined: the body did not say, so the state stays. */
export type MemberInput = {
  readonly userName: string;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  /** The name as a whole, which counts where there is no other; it is kept in `name` alone. */
  readonly formattedName?: string | null;
  readonly active: boolean | undefined;
};

/** The columns that follow from an input, `name` by rule 6. */
export type MemberFields = {
  readonly userName: string;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string | null;
  readonly name: string;
  readonly active: boolean;
};
