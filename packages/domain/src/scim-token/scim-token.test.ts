import { describe, expect, test } from "vitest";
import {
  type IssuedLife,
  activeTokensMax,
  dueNotice,
  endingTokens,
  checkTokenIssue,
  checkTokenRevocation,
  rotateToken,
  tokenExpiry,
  tokenStatus,
} from "./scim-token.ts";

const now = new Date("2026-11-24T12:00:00.000Z");
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);
const instant = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

test.each([
  ["ACTIVE", instant(1), null],
  ["EXPIRED", now, null],
  ["EXPIRED", instant(-1), null],
  ["ACTIVE", days(1), instant(1)],
  ["REVOKED", days(1), now],
  ["REVOKED", days(1), instant(-1)],
  ["REVOKED", days(-1), days(-2)],
  ["REVOKED", days(-2), days(-1)],
  ["EXPIRED", days(-1), days(1)],
])("AR-14 AR-15 AR-16 %s: expires %s, revoked %s", (status, expiresAt, revokedAt) => {
  expect(tokenStatus({ expiresAt, revokedAt }, now)).toBe(status);
});

test.each([
  ["2026-11-24T12:00:00.000Z", "2027-11-24T12:00:00.000Z"],
  ["2027-11-24T12:00:00.000Z", "2028-11-23T12:00:00.000Z"],
  ["2028-02-29T23:59:59.999Z", "2029-02-28T23:59:59.999Z"],
])("AR-13 a token of %s ends 365 days later", (issuedAt, expiresAt) => {
  expect(tokenExpiry(new Date(issuedAt)).toISOString()).toBe(expiresAt);
});

test.each([
  [0, true],
  [activeTokensMax - 1, true],
  [activeTokensMax, false],
  [activeTokensMax + 1, false],
])("rule 10: with %i active tokens one more may be issued: %j", (active, isAllowed) => {
  const refusal = { ok: false, error: { kind: "tokenLimitReached", limit: 5 } };
  expect(checkTokenIssue(active)).toEqual(isAllowed ? { ok: true, value: undefined } : refusal);
});

describe("AR-17 a rotated token", () => {
  const token = { name: "Okta", expiresAt: days(100), revokedAt: null };
  test.each([
    ["at once", token, 0, now],
    ["after the overlap", token, 7, days(7)],
    ["never later than it would have", { ...token, expiresAt: days(3) }, 7, days(3)],
    ["never later than an earlier rotation said", { ...token, revokedAt: days(2) }, 7, days(2)],
    ["at once though an earlier rotation gave it longer", { ...token, revokedAt: days(2) }, 0, now],
  ])("ends %s", (_, old, overlapDays, endsAt) => {
    expect(rotateToken(old, overlapDays, now)).toEqual({ ok: true, value: { endsAt } });
  });

  test.each([
    ["expired", { ...token, expiresAt: now }],
    ["revoked", { ...token, revokedAt: now }],
  ])("is not one that is %s", (_, old) => {
    expect(rotateToken(old, 7, now)).toEqual({ ok: false, error: { kind: "tokenNotActive", name: "Okta" } });
  });
});

test.each([
  ["none yet", 30.01, null, null, undefined],
  ["the first", 30, null, null, 30],
  ["not twice", 29, null, 30, undefined],
  ["the second", 14, null, 30, 14],
  ["the third", 6.5, null, 14, 7],
  ["the last", 1, null, 7, 1],
  ["not after the last", 0.5, null, 1, undefined],
  ["only the nearest where several were missed", 0.5, null, null, 1],
  ["none of one that a rotation ends", 5, 3, null, undefined, true],
  ["of one that a rotation ends where the new one was revoked", 300, 7, null, 7, false],
  ["of one that expires beside a newer one", 5, null, null, 7, true],
  ["none of one that has expired", 0, null, 7, undefined],
  ["none of one that was revoked", 300, 0, null, undefined, false],
] as const)("a notice is due: %s", (_case, left, revoked, noticedDays, due, isOutlasted = false) => {
  const token = { expiresAt: days(left), revokedAt: revoked === null ? null : days(revoked), noticedDays, isOutlasted };
  expect(dueNotice(token, now)).toBe(due);
});

// After the new token of a rotation is revoked, no token outlasts the old one.
describe("tokens whose real end is near", () => {
  const old = { name: "Okta", createdAt: days(-30), expiresAt: days(300), revokedAt: days(7) };
  const next = { name: "Okta", createdAt: days(-1), expiresAt: days(364), revokedAt: null };
  const other = { ...next, name: "Entra", createdAt: days(-40) };
  test.each<[string, IssuedLife[], IssuedLife[]]>([
    ["none while the new token lasts", [old, next], []],
    ["the old one where the new one was revoked", [old, { ...next, revokedAt: now }], [old]],
    [
      "the old one where the new one ends first",
      [old, { ...next, revokedAt: days(3) }],
      [{ ...next, revokedAt: days(3) }, old],
    ],
    ["the old one beside an older one that lasts", [old, other], [old]],
    [
      "one that expires, also beside a newer one",
      [{ ...other, expiresAt: days(30) }, next],
      [{ ...other, expiresAt: days(30) }],
    ],
    ["none that has ended", [{ ...old, revokedAt: now }], []],
  ])("%s", (_, tokens, ending) => {
    expect(new Set(endingTokens(tokens, now))).toEqual(new Set(ending));
  });

  test.each([
    ["the only one", next, [], { endsAt: null }],
    ["the new one of a rotation", next, [old], { endsAt: days(7) }],
    ["the old one of a rotation", old, [next], undefined],
    ["one of two that last", next, [other], undefined],
    ["one that ends before another that ends soon", old, [{ ...other, expiresAt: days(20) }], undefined],
    ["one that has ended", { ...next, revokedAt: now }, [], undefined],
    ["the last beside one that has ended", next, [{ ...old, revokedAt: now }], { endsAt: null }],
  ] as const)("revoking asks: %s", (_, token, others, left) => {
    const refusal = { ok: false, error: { kind: "lastTokenUnconfirmed", name: token.name, ...left } };
    const done = { ok: true, value: undefined };
    expect(checkTokenRevocation(token, others, { now, isConfirmed: false })).toEqual(
      left === undefined ? done : refusal,
    );
    expect(checkTokenRevocation(token, others, { now, isConfirmed: true })).toEqual(done);
  });
});
