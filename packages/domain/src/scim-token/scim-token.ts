import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

export const activeTokensMax = 5;
export const tokenLifetimeDays = 365;
/** How long the old token of a rotation continues to work, in days; 0 ends it at once. */
export const overlapDaysMax = 30;
const dayMs = 86_400_000;

export const tokenStatuses = ["ACTIVE", "EXPIRED", "REVOKED"] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

export type TokenLife = { readonly expiresAt: Date; readonly revokedAt: Date | null };

export type IssuedLife = TokenLife & { readonly createdAt: Date };

/** When a token ends: when it expires, or earlier if it was revoked or rotated. */
export function tokenEnd({ expiresAt, revokedAt }: TokenLife): Date {
  return revokedAt !== null && revokedAt < expiresAt ? revokedAt : expiresAt;
}

/**
 * Revoked takes precedence over expired, as the owner's action explains more. A revocation may lie in the future
 * (rotation).
 */
export function tokenStatus(token: TokenLife, now: Date): TokenStatus {
  if (token.revokedAt !== null && token.revokedAt <= now) return "REVOKED";
  return token.expiresAt <= now ? "EXPIRED" : "ACTIVE";
}

/** The days before expiry at which owners are notified. */
export const noticeDays = [30, 14, 7, 1] as const;
const noticeMs = noticeDays[0] * dayMs;

/**
 * The active tokens of an organization that end within 30 days: those that expire, and those that a rotation ends with
 * no newer token to outlast them, as it was revoked.
 */
export function endingTokens<T extends IssuedLife>(tokens: readonly T[], now: Date): readonly T[] {
  const active = tokens.filter((token) => tokenStatus(token, now) === "ACTIVE");
  return active.filter(
    (token) =>
      tokenEnd(token).getTime() - now.getTime() <= noticeMs &&
      (token.revokedAt === null || !isOutlasted(token, active)),
  );
}

function isOutlasted(token: IssuedLife, active: readonly IssuedLife[]): boolean {
  return active.some((other) => other.createdAt >= token.createdAt && tokenEnd(other) > tokenEnd(token));
}

/**
 * The notice of a token's end that is due: the smallest of `noticeDays` that the remaining time has reached, unless it
 * or a smaller one (`noticedDays`) was sent. Undefined: none, as for a token that has ended or that another outlasts
 * after a rotation (`isOutlasted`).
 */
export function dueNotice(
  token: TokenLife & { readonly noticedDays: number | null; readonly isOutlasted: boolean },
  now: Date,
): (typeof noticeDays)[number] | undefined {
  const leftMs = tokenEnd(token).getTime() - now.getTime();
  if (leftMs <= 0 || (token.revokedAt !== null && token.isOutlasted)) return undefined;
  const reached = noticeDays.findLast((days) => leftMs <= days * dayMs);
  return reached === undefined || (token.noticedDays ?? Infinity) <= reached ? undefined : reached;
}

/** When the last of the other tokens ends; null if there is no other. */
export type TokensLeft = { readonly endsAt: Date | null };

/**
 * What revoking a token would leave, if no lasting token remains: none at all, or only tokens that end within 30 days
 * and before it would have. Undefined: no confirmation is needed.
 */
export function leftWithout(token: TokenLife, others: readonly TokenLife[], now: Date): TokensLeft | undefined {
  if (tokenStatus(token, now) !== "ACTIVE") return undefined;
  const ends = others.filter((other) => tokenStatus(other, now) === "ACTIVE").map((other) => tokenEnd(other).getTime());
  if (ends.length === 0) return { endsAt: null };
  const last = Math.max(...ends);
  const isShort = last - now.getTime() <= noticeMs && last < tokenEnd(token).getTime();
  return isShort ? { endsAt: new Date(last) } : undefined;
}

/** The last lasting token can be revoked only if its consequence was confirmed. */
export function checkTokenRevocation(
  token: TokenLife & { readonly name: string },
  others: readonly TokenLife[],
  { now, isConfirmed }: { readonly now: Date; readonly isConfirmed: boolean },
): Result<void, Refusal<"lastTokenUnconfirmed">> {
  const left = leftWithout(token, others, now);
  return left === undefined || isConfirmed
    ? ok(undefined)
    : err({ kind: "lastTokenUnconfirmed", name: token.name, endsAt: left.endsAt });
}

/** When a token issued now ends: 365 days later. */
export function tokenExpiry(issuedAt: Date): Date {
  return new Date(issuedAt.getTime() + tokenLifetimeDays * dayMs);
}

/** At most five tokens are active at a time. */
export function checkTokenIssue(activeTokens: number): Result<void, Refusal<"tokenLimitReached">> {
  return activeTokens >= activeTokensMax ? err({ kind: "tokenLimitReached", limit: activeTokensMax }) : ok(undefined);
}

/** When the old token ends if it is rotated now: after `overlapDays`, and never later than it would have. */
export function rotateToken(
  token: TokenLife & { readonly name: string },
  overlapDays: number,
  now: Date,
): Result<{ readonly endsAt: Date }, Refusal<"tokenNotActive">> {
  if (tokenStatus(token, now) !== "ACTIVE") return err({ kind: "tokenNotActive", name: token.name });
  const requestedEnd = new Date(now.getTime() + overlapDays * dayMs);
  const bounds = [requestedEnd, token.expiresAt, ...(token.revokedAt === null ? [] : [token.revokedAt])];
  return ok({ endsAt: new Date(Math.min(...bounds.map((date) => date.getTime()))) });
}
