import { emailKey, type MemberFields } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";

/** The columns that hold what a provider says of a person, in the order of `fieldValues`. */
export const fieldColumns = `user_name, user_name_key, external_id, given_name, given_name_key, family_name,
  family_name_key, display_name, display_name_key, name, name_key, active`;

/** The twelve values for `fieldColumns`; the keys are folded here and nowhere else. */
export function fieldValues(fields: MemberFields): readonly (string | boolean | null)[] {
  return [
    fields.userName,
    emailKey(fields.userName),
    fields.externalId,
    ...withKey(fields.givenName),
    ...withKey(fields.familyName),
    ...withKey(fields.displayName),
    ...withKey(fields.name),
    fields.active,
  ];
}

function withKey(text: string | null): [string | null, string | null] {
  return [text, text === null ? null : foldText(text)];
}

/** The placeholders from `first` to `last`, as a list. */
export function places(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, index) => `$${first + index}`).join(", ");
}
