import { err, foldText, ok, type Result } from "@rollcall/scim-protocol";
import { localPartOf } from "../email-address.ts";
import type { Refusal } from "../rule-error.ts";

/** In characters. The longest is only there to bound the work (NIST SP 800-63B, section 3.1.1.2). */
export const passwordLengthMin = 12;
export const passwordLengthMax = 1000;

/** What everybody tries first among those that are long enough; compared without case and spaces. */
const common = new Set([
  "123456789012",
  "1234567890123",
  "12345678901234",
  "qwertyuiop12",
  "qwertyuiop123",
  "passwordpassword",
  "password1234",
  "password12345",
  "letmeinletmein",
  "iloveyouiloveyou",
  "administrator",
  "changemechangeme",
  "correcthorsebatterystaple",
]);

/**
 * Is this a password that may be set? Long, not one of those that everybody tries, not one letter repeated and not the
 * person's own address or name; nothing is asked about which letters (NIST SP 800-63B, section 3.1.1.2).
 */
export function choosePassword(
  password: string,
  person: { readonly email: string; readonly name: string },
): Result<void, Refusal<"passwordWeak">> {
  const problem = problemOf(password, person);
  return problem === undefined ? ok(undefined) : err({ kind: "passwordWeak", problem });
}

function problemOf(password: string, { email, name }: { email: string; name: string }): string | undefined {
  const length = Array.from(password).length;
  if (length < passwordLengthMin) return `Use at least ${passwordLengthMin} characters; a few words are easy to keep.`;
  if (length > passwordLengthMax) return `Use at most ${passwordLengthMax} characters.`;
  const folded = foldText(password).replaceAll(/\s/g, "");
  if (new Set(folded).size < 5) return "This repeats a few characters. Use a few words that do not belong together.";
  if (common.has(folded)) return "This is one of the passwords that everybody tries first.";
  const own = [email, localPartOf(email), name].map((text) => foldText(text).replaceAll(/\s/g, ""));
  if (own.some((text) => text.length >= 4 && folded.replace(text, "").length < 5)) {
    return "This is little more than your name or e-mail address.";
  }
  return undefined;
}
