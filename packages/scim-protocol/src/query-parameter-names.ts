import { badRequest, quote, type ScimError } from "./error.ts";

/** The parameters of a query (RFC 7644 sections 3.4.2 and 3.9, RFC 9865 section 2). */
export const parameterNames = [
  "attributes",
  "excludedAttributes",
  "filter",
  "sortBy",
  "sortOrder",
  "startIndex",
  "count",
  "cursor",
] as const;
export type ParameterName = (typeof parameterNames)[number];

/**
 * Refuses a probable misspelling of a known name, 400 invalidValue: in another letter case, with separators, or with
 * one letter added, missing, wrong or swapped. Undefined for a known name and for one unlike any, as providers add
 * their own.
 */
export function problemOfParameter(name: string): ScimError | undefined {
  if (name.length > nameLengthMax || parameterNames.some((known) => known === name)) return undefined;
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const meant = parameterNames.find((known) => isNear(letters, known.toLowerCase()));
  return meant && badRequest("invalidValue", `There is no parameter ${quote(name)}; its name is ${meant}.`);
}

/** Longer than any near miss, separators included. */
const nameLengthMax = 50;

/** Are the texts equal except for one character that was added, left out, replaced or swapped with its neighbor? */
function isNear(left: string, right: string): boolean {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left.charAt(start) === right.charAt(start)) start += 1;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const [one, other] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const isSwapped = one.length === 2 && one.charAt(0) + one.charAt(1) === other.charAt(1) + other.charAt(0);
  return isSwapped || Math.max(one.length, other.length) <= 1;
}
