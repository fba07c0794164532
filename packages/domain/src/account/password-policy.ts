import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { localPartOf } from "../member/email-address.ts";
import type { Refusal } from "../rule-error.ts";

/** In characters. The maximum bounds the work (NIST SP 800-63B, section 3.1.1.2). */
export const passwordLengthMin = 12;
export const passwordLengthMax = 1000;

/** Common passwords in addition to those of the caller. Source: xkcd 936. */
const famous = "correcthorsebatterystaple";
/** The most characters that may surround a common password for it to still count as common. */
const addedMax = 4;
/** Letters and their usual substitutes. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  Object.entries({ "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", $: "s", "5": "s", "7": "t" }),
);

/**
 * Returns the problem with a new password, if any. It must be long, not one of the `common` ones (in lower case) or a
 * small change to one, not one repeated letter, and not the person's own address or name. There are no rules about
 * character classes (NIST SP 800-63B, section 3.1.1.2).
 */
export function choosePassword(
  password: string,
  person: { readonly email: string; readonly name: string },
  common: ReadonlySet<string>,
): Result<void, Refusal<"passwordWeak">> {
  const problem = problemOf(password, person, common);
  return problem === undefined ? ok(undefined) : err({ kind: "passwordWeak", problem });
}

function problemOf(
  password: string,
  { email, name }: { email: string; name: string },
  common: ReadonlySet<string>,
): string | undefined {
  const length = Array.from(password).length;
  if (length < passwordLengthMin)
    return `Use at least ${passwordLengthMin} characters; a few words are easy to remember.`;
  if (length > passwordLengthMax) return `Use at most ${passwordLengthMax} characters.`;
  const folded = foldText(password).replaceAll(/\s/g, "");
  if (new Set(folded).size < 5) return "This repeats a few characters. Use a few unrelated words.";
  if (isCommon(folded, common)) {
    return "This is one of the passwords that attackers try first, or a small change to one. Use a few unrelated words.";
  }
  const own = [email, localPartOf(email), name].map((text) => foldText(text).replaceAll(/\s/g, ""));
  if (own.some((text) => text.length >= 4 && folded.replace(text, "").length < 5)) {
    return "This is little more than your name or email address.";
  }
  return undefined;
}

/** Is this a common password: itself, with some characters added, repeated, or with substitutes for letters? */
function isCommon(folded: string, common: ReadonlySet<string>): boolean {
  const cores = [...withoutAdded(folded), repeatedIn(folded), folded.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "")];
  return cores.some((core) => core === famous || common.has(core) || common.has(spelledOut(core)));
}

function withoutAdded(text: string): readonly string[] {
  const counts = Array.from({ length: addedMax + 1 }, (_, count) => count);
  return counts.flatMap((count) => [text.slice(0, text.length - count), text.slice(count)]);
}

/** The shortest part that repeats to the whole text. */
function repeatedIn(text: string): string {
  return text.slice(0, `${text}${text}`.indexOf(text, 1));
}

function spelledOut(text: string): string {
  return Array.from(text, (character) => lookAlikes.get(character) ?? character).join("");
}
