import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isEmailAddress } from "../member/email-address.ts";
import type { Refusal } from "../rule-error.ts";

/** The first name that is queried for the proof of a domain; a proof at the domain itself also counts. */
export const proofLabel = "_rollcall";
const dayMs = 86_400_000;
/** A verified domain is checked again after a day, or after an hour if the DNS did not respond. */
export const recheckMs = dayMs;
export const retryMs = 3_600_000;
/** A verified domain remains verified this long after its proof disappears, so that a short DNS fault has no effect. */
export const lapseMs = 7 * dayMs;
const lastWarningMs = 6 * dayMs;

/**
 * The DNS responses: the TXT values at both names (none for a name that does not exist), and the error of a failed
 * query, null if both succeeded. After an error, present values still prove the domain, and absent values prove
 * nothing.
 */
export type DnsFinding = { readonly values: readonly string[]; readonly silence: string | null };

/** Public email providers, whose domains no organization may claim. */
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

/** Checks whether a domain may be claimed. `domain` is in lower case and ASCII. Ownership is a matter of the proof. */
export function checkDomainClaim(domain: string): Result<void, Refusal<"domainMalformed" | "domainPublic">> {
  if (!domain.includes(".") || !isEmailAddress(`somebody@${domain}`)) return err({ kind: "domainMalformed", domain });
  return publicDomains.has(domain) ? err({ kind: "domainPublic", domain }) : ok(undefined);
}

/** The value of the TXT record. `secret` is random, one for each organization and domain. */
export function proofOf(secret: string): string {
  return `rollcall-domain-verification=${secret}`;
}

/** Checks whether the DNS responses prove the claim. If not, `problem` describes to an administrator what was found. */
export function checkDomainProof(
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

/** The outcome of a daily check of a verified domain. `warns`: the owners are notified now. */
export type Recheck =
  | { readonly kind: "proven" }
  | { readonly kind: "unknown" }
  | { readonly kind: "failing"; readonly since: Date; readonly lapsesAt: Date; readonly warns: boolean }
  | { readonly kind: "lapsed" };

/**
 * Decides on a daily check. Only a response without the proof counts against a domain, never a failed query. Owners are
 * warned at the first failure and again a day before the end.
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
