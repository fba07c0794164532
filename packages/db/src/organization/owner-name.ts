import { localPartOf } from "@rollcall/domain";

export type OwnerName = { readonly givenName: string; readonly familyName: string };

/**
 * A given and a family name for the first owner, neither ever empty, because Okta's test suite requires both on every
 * user: from `ownerName`, else from the local part of the email, split at ". _ -" and capitalized. A missing family
 * name is replaced by the organization's name.
 */
export function ownerNameOf(ownerName: string | undefined, email: string, organizationName: string): OwnerName {
  const given = wordsOf(ownerName ?? "", /\s+/u);
  const words = given.length > 0 ? given : wordsOf(localPartOf(email), /[._-]+/u).map(capitalised);
  const [first = "Owner", ...rest] = words;
  return { givenName: first, familyName: rest.length > 0 ? rest.join(" ") : organizationName };
}

function wordsOf(text: string, separator: RegExp): string[] {
  return text
    .trim()
    .split(separator)
    .filter((word) => word !== "");
}

function capitalised(word: string): string {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("");
}
