import { localPartOf } from "./email-address.ts";

export type NameParts = {
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly formattedName?: string | null | undefined;
};

/**
 * The display name of a person: displayName, else given and family name, else the one given, else the formatted name,
 * else the part before the "@" of the email. Blank counts as absent; nothing else is altered. Source: design section 3,
 * rule 6.
 */
export function personName(parts: NameParts, email: string): string {
  const displayName = parts.displayName?.trim();
  if (displayName) return displayName;
  const words = [parts.givenName, parts.familyName].map((word) => word?.trim() ?? "").filter((word) => word !== "");
  return words.join(" ") || parts.formattedName?.trim() || localPartOf(email);
}
