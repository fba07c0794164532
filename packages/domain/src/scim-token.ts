import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "./rule-error.ts";

export const activeTokensMax = 5;
export const tokenLifetimeDays = 365;
/** How long an old token may go on beside the new one, in days; 0 ends it at once. */
export const overlapDaysMax = 30;
const dayMs = 86_400_000;

export const tokenStatuses = ["ACTIVE", "EXPIRED", "REVOKED"] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

export type TokenLife = { readonly expiresAt: Date; readonly revokedAt: Date | null };

/** Revoked beats expired: the owner's act is the better explanation. A revocation may lie in the future (rotation). */
export function tokenStatus(token: TokenLife, now: Date): TokenStatus {
  if (token.revokedAt !== null && token.revokedAt <= now) return "REVOKED";
  return token.expiresAt <= now ? "EXPIRED" : "ACTIVE";
}

/** So many days before its end the owners are told that a token expires. */
export const noticeDays = [30, 14, 7, 1] as const;

/**
 * Which notice of a token's end is due: the smallest of `noticeDays` that the time left has reached, unless that one
 * or a smaller one (`noticedDays`) is out already. Undefined: none; nor of a token that has ended or that a rotation ends.
 */
export function dueNotice(
  token: TokenLife & { readonly noticedDays: number | null },
  now: Date,
): (typeof noticeDays)[number] | undefined {
  if (token.revokedAt !== null || token.expiresAt <= now) return undefined;
  const leftMs = token.expiresAt.getTime() - now.getTime();
  const reached = noticeDays.findLast((days) => leftMs <= days * dayMs);
  return reached === undefined || (token.noticedDays ?? Infinity) <= reached ? undefined : reached;
}

/** When a token that is issued now ends: 365 days later. */
export function tokenExpiry(issuedAt: Date): Date {
  return new Date(issuedAt.getTime() + tokenLifetimeDays * dayMs);
}

/** May one more token be issued? At most five are active at a time. */
export function issueToken(activeTokens: number): Result<void, Refusal<"tokenLimitReached">> {
  return activeTokens >= activeTokensMax ? err({ kind: "tokenLimitReached", limit: activeTokensMax }) : ok(undefined);
}

/** When the old token ends if a new one takes over now: after `overlapDays`, and never later than it would have. */
export function rotateToken(
  token: TokenLife & { readonly name: string },
  overlapDays: number,
  now: Date,
): Result<{ readonly endsAt: Date }, Refusal<"tokenNotActive">> {
  if (tokenStatus(token, now) !== "ACTIVE") return err({ kind: "tokenNotActive", name: token.name });
  const wished = new Date(now.getTime() + overlapDays * dayMs);
  const bounds = [wished, token.expiresAt, ...(token.revokedAt === null ? [] : [token.revokedAt])];
  return ok({ endsAt: new Date(Math.min(...bounds.map((date) => date.getTime()))) });
}
