import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isEmailAddress } from "../member/email-address.ts";
import type { Refusal } from "../rule-error.ts";

/** Where the proof of a domain is looked for first; at the domain itself it counts as well. */
export const proofLabel = "_rollcall";
const dayMs = 86_400_000;
/** A verified domain is looked at again after a day, or after an hour where the DNS gave no answer. */
export const recheckMs = dayMs;
export const retryMs = 3_600_000;
/** A verified domain whose proof is gone counts for so long, that a slip in the DNS costs nobody anything. */
export const lapseMs = 7 * dayMs;
const lastWarningMs = 6 * dayMs;

/**
 * What the DNS said: the TXT values at both names (none for a name that does not exist), and why it did not answer for one
 * or both of them, null where it did. Values that are there prove something even so; their absence then says nothing.
 */
export type DnsFinding = { readonly values: readonly string[]; readonly silence: string | null };

/** Everybody has an address there, so that nobody may call it theirs. */
const publicDomains = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
  "yahoo.com",
  "icloud.com",
  "me.com",
  "aol.com",
  "gmx.de",
  "gmx.net",
  "web.de",
  "proton.me",
  "protonmail.com",
  "mail.com",
  "yandex.com",
  "zoho.com",
  "qq.com",
  "163.com",
]);

/** May an organization claim this domain? `domain` in lower case and ASCII. Whether it is theirs is for the proof. */
export function claimDomain(domain: string): Result<void, Refusal<"domainMalformed" | "domainPublic">> {
  if (!domain.includes(".") || !isEmailAddress(`somebody@${domain}`)) return err({ kind: "domainMalformed", domain });
  return publicDomains.has(domain) ? err({ kind: "domainPublic", domain }) : ok(undefined);
}

/** What the TXT record must hold. `secret` is random, one for an organization and domain. */
export function proofOf(secret: string): string {
  return `rollcall-domain-verification=${secret}`;
}

/** Does what the DNS said prove the claim? If not, `problem` tells an administrator what was found instead. */
export function judgeProof(
  domain: string,
  proof: string,
  finding: DnsFinding,
): Result<void, Refusal<"domainUnproven">> {
  const values = finding.values.map((value) => value.trim());
  if (values.includes(proof)) return ok(undefined);
  if (finding.silence !== null) {
    return err({ kind: "domainUnproven", domain, problem: `The DNS did not answer: ${finding.silence}. Try again.` });
  }
  const others = values.filter((value) => value.startsWith("rollcall-domain-verification="));
  const found =
    others.length === 0
      ? `There is no such TXT record at ${proofLabel}.${domain} yet. A new record may take an hour to be seen.`
      : `The TXT record at ${proofLabel}.${domain} holds another value: copy it again.`;
  return err({ kind: "domainUnproven", domain, problem: found });
}

/** What the daily look at a verified domain leads to. `warns`: the owners are told now. */
export type Recheck =
  | { readonly kind: "proven" }
  | { readonly kind: "unknown" }
  | { readonly kind: "failing"; readonly since: Date; readonly lapsesAt: Date; readonly warns: boolean }
  | { readonly kind: "lapsed" };

/**
 * Judges a daily look. Only an answer without the proof counts against a domain; silence of the DNS never does. Owners
 * are warned at the first failure and once more a day before the end.
 */
export function recheckDomain(
  was: { readonly failingSince: Date | null; readonly checkedAt: Date | null },
  proof: string,
  finding: DnsFinding,
  now: Date,
): Recheck {
  if (finding.values.some((value) => value.trim() === proof)) return { kind: "proven" };
  if (finding.silence !== null) return { kind: "unknown" };
  const since = was.failingSince ?? now;
  const lapsesAt = new Date(since.getTime() + lapseMs);
  if (now >= lapsesAt) return { kind: "lapsed" };
  const lastWarningAt = since.getTime() + lastWarningMs;
  const isLastWarning = now.getTime() >= lastWarningAt && (was.checkedAt?.getTime() ?? 0) < lastWarningAt;
  return { kind: "failing", since, lapsesAt, warns: was.failingSince === null || isLastWarning };
}
