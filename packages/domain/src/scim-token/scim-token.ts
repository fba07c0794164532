import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

export const activeTokensMax = 5;
export const tokenLifetimeDays = 365;
/** How long an old token may go on beside the new one, in days; 0 ends it at once. */
export const overlapDaysMax = 30;
const dayMs = 86_400_000;

export const tokenStatuses = ["ACTIVE", "EXPIRED", "REVOKED"] as const;
export type TokenStatus = (typeof tokenStatuses)[number];

export type TokenLife = { readonly expiresAt: Date; readonly revokedAt: Date | null };

/** A token among others: a newer one may have taken over from it. */
export type IssuedLife = TokenLife & { readonly createdAt: Date };

/** When a token really ends: when it expires, or earlier where it was revoked or a rotation has fixed its end. */
export function tokenEnd({ expiresAt, revokedAt }: TokenLife): Date {
  return revokedAt !== null && revokedAt < expiresAt ? revokedAt : expiresAt;
}

/** Revoked beats expired: the owner's act is the better explanation. A revocation may lie in the future (rotation). */
export function tokenStatus(token: TokenLife, now: Date): TokenStatus {
  if (token.revokedAt !== null && token.revokedAt <= now) return "REVOKED";
  return token.expiresAt <= now ? "EXPIRED" : "ACTIVE";
}

/** So many days before its end the owners are told that a token expires. */
export const noticeDays = [30, 14, 7, 1] as const;
const noticeMs = noticeDays[0] * dayMs;

/**
 * The active ones of an organization's tokens that end within 30 days: those that expire, and those that a rotation ends
 * where no newer token outlasts them, as the one that took over was revoked.
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
 * Which notice of a token's end is due: the smallest of `noticeDays` that the time left has reached, unless that one
 * or a smaller one (`noticedDays`) is out already. Undefined: none, as of a token that has ended or that another outlasts
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

/** What is left without a token: when the last of the others ends, null where there is no other. */
export type TokensLeft = { readonly endsAt: Date | null };

/**
 * What revoking a token would leave, where that is no lasting token: none at all, or only such as end within 30 days
 * and before it would have. Undefined: there is nothing to ask.
 */
export function leftWithout(token: TokenLife, others: readonly TokenLife[], now: Date): TokensLeft | undefined {
  if (tokenStatus(token, now) !== "ACTIVE") return undefined;
  const ends = others.filter((other) => tokenStatus(other, now) === "ACTIVE").map((other) => tokenEnd(other).getTime());
  if (ends.length === 0) return { endsAt: null };
  const last = Math.max(...ends);
  const isShort = last - now.getTime() <= noticeMs && last < tokenEnd(token).getTime();
  return isShort ? { endsAt: new Date(last) } : undefined;
}

/** May a token be revoked? The last lasting one only where it was confirmed that nothing is let in afterwards. */
export function revokeToken(
  token: TokenLife & { readonly name: string },
  others: readonly TokenLife[],
  { now, isConfirmed }: { readonly now: Date; readonly isConfirmed: boolean },
): Result<void, Refusal<"lastTokenUnconfirmed">> {
  const left = leftWithout(token, others, now);
  return left === undefined || isConfirmed
    ? ok(undefined)
    : err({ kind: "lastTokenUnconfirmed", name: token.name, endsAt: left.endsAt });
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
