import { emailKey, localPartOf } from "./email-address.ts";

/** The length of the prefix that near spellings share, so that an index finds the candidates. */
export const nearPrefixLength = 3;

/**
 * Could `other` be meant by `asked`? Its local part is the same without a tag, dots, hyphens and underscores, at any
 * domain; or one letter apart at the same domain or next to a name without one, and at least four letters long. Texts
 * are names or email addresses.
 */
export function isNearSpelling(asked: string, other: string): boolean {
  const [mine, theirs] = [partsOf(asked), partsOf(other)];
  if (mine.plain === "" || theirs.plain === "") return false;
  if (mine.plain === theirs.plain) return true;
  const isSameDomain = mine.domain === "" || theirs.domain === "" || mine.domain === theirs.domain;
  return isSameDomain && mine.plain.length >= lettersMin && isOneLetterApart(mine.plain, theirs.plain);
}

const lettersMin = 4;

function partsOf(text: string): { readonly plain: string; readonly domain: string } {
  const key = emailKey(text.trim());
  const local = localPartOf(key);
  const plain = local.replace(/\+.*$/, "").replaceAll(/[._-]/g, "");
  return { plain, domain: local === key ? "" : key.slice(local.length + 1) };
}

/** Is one text the other with one letter added, removed or replaced, or with two neighboring letters swapped? */
function isOneLetterApart(some: string, other: string): boolean {
  if (Math.abs(some.length - other.length) > 1) return false;
  let start = 0;
  while (start < some.length && some[start] === other[start]) start++;
  const [left, right] = [some.slice(start), other.slice(start)];
  if (left.length !== right.length) return left.slice(1) === right || right.slice(1) === left;
  const isSwapped = left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
  return isSwapped || left.slice(1) === right.slice(1);
}
