import { describe, expect, test } from "vitest";
import { judgeHealth, quietAfterDays } from "./health.ts";
import type { HealthFacts } from "./health-facts.ts";

const now = new Date("2026-11-25T12:00:00.000Z");
const dayMs = 86_400_000;
const before = (days: number): Date => new Date(now.getTime() - days * dayMs);
const minutes = (count: number): Date => new Date(now.getTime() - count * 60_000);

type Token = HealthFacts["tokens"][number];
type Request = HealthFacts["requests"][number];

const token: Token = {
  id: "t1",
  name: "Okta",
  createdAt: before(40),
  expiresAt: before(-300),
  revokedAt: null,
  lastUsedAt: minutes(1),
};
const request = (status: number, minutesAgo: number, more: Partial<Request> = {}): Request => ({
  at: minutes(minutesAgo),
  tokenId: "t1",
  method: "PATCH",
  status,
  detail: null,
  ...more,
});
const requests = (status: number, count: number, from = 1, more: Partial<Request> = {}): Request[] =>
  Array.from({ length: count }, (_, place) => request(status, from + place, more));

const well: HealthFacts = {
  isEnabled: true,
  enabledAt: before(50),
  disabledAt: null,
  tokens: [token],
  guard: { latchedAt: null, held: 0, limit: 5 },
  requests: requests(200, 5),
  unauthenticated: [],
};
const latched = { latchedAt: minutes(3), held: 6, limit: 5 };
const revoked = { ...token, revokedAt: before(2) };
const expired = { ...token, expiresAt: before(1) };
const unused = { ...token, id: "t2", name: "New", createdAt: before(3), lastUsedAt: null };

test.each<[string, Partial<HealthFacts>, string, Date | null, string, RegExp]>([
  ["never turned on", { isEnabled: false, enabledAt: null }, "off", null, "guide", /never been turned on/],
  ["turned off", { isEnabled: false, disabledAt: before(4) }, "off", before(4), "provisioning", /turned off/],
  ["no token ever", { tokens: [] }, "noToken", before(50), "tokens", /No SCIM token has been generated/],
  ["all tokens ended", { tokens: [revoked, expired] }, "noToken", before(1), "tokens", /expired or were revoked/],
  ["the guard", { guard: latched }, "stopped", minutes(3), "guard", /more than 5 people .* 6 removals wait/],
  [
    "the guard with one removal",
    { guard: { ...latched, held: 1 } },
    "stopped",
    minutes(3),
    "guard",
    /1 removal waits for your decision/,
  ],
  ["a decided hold", { guard: { ...latched, held: 0 } }, "stopped", minutes(3), "guard", /so far is decided/],
  [
    "a revoked token in use",
    {
      tokens: [revoked, { ...unused, lastUsedAt: minutes(90) }],
      requests: [...requests(401, 4), ...requests(200, 9, 60)],
    },
    "refused",
    minutes(4),
    "tokens",
    /the token Okta, which was revoked/,
  ],
  [
    "an expired token in use",
    { tokens: [expired, unused], requests: requests(401, 1) },
    "refused",
    minutes(1),
    "tokens",
    /which has expired/,
  ],
  [
    "a token that is no longer kept",
    { tokens: [unused], requests: requests(401, 1) },
    "refused",
    minutes(1),
    "tokens",
    /a token that is no longer active/,
  ],
  [
    "a wrong secret",
    { requests: requests(200, 2, 90), unauthenticated: requests(401, 3) },
    "refused",
    minutes(3),
    "tokens",
    /Okta with a wrong secret/,
  ],
  [
    "a wrong secret from the first",
    { tokens: [unused], requests: [], unauthenticated: requests(401, 2, 1, { tokenId: "t2" }) },
    "refused",
    minutes(2),
    "tokens",
    /New with a wrong secret/,
  ],
  [
    "unauthenticated requests beside the provider's",
    { unauthenticated: requests(401, 20) },
    "healthy",
    minutes(5),
    "failedRequests",
    /1 of the last 6 requests failed/,
  ],
  ["no request yet", { tokens: [unused], requests: [] }, "waiting", before(3), "guide", /not sent its first request/],
  [
    "on again since the token was made",
    { tokens: [unused], requests: [], enabledAt: before(1) },
    "waiting",
    before(1),
    "guide",
    /not sent its first request/,
  ],
  [
    "the new token is not used yet",
    { tokens: [{ ...revoked, lastUsedAt: before(2) }, unused], requests: requests(200, 3, 2 * 24 * 60) },
    "waiting",
    before(3),
    "tokens",
    /has not used the new one/,
  ],
  [
    "most requests fail",
    { requests: [request(403, 1, { detail: "No." }), ...requests(200, 2, 2), ...requests(409, 2, 4)] },
    "failing",
    minutes(5),
    "failedRequests",
    /3 of the last 5 requests failed\. The newest failure returned 403\. No\./,
  ],
  [
    "one server error",
    { requests: [request(500, 1), ...requests(200, 19, 2)] },
    "failing",
    minutes(1),
    "failedRequests",
    /500/,
  ],
  [
    "long silence",
    { tokens: [{ ...token, lastUsedAt: before(12.5) }], requests: requests(200, 2, 12.5 * 24 * 60) },
    "quiet",
    before(12.5),
    "requests",
    /No requests for 12 days\. This is normal/,
  ],
  [
    "long silence whose requests are no longer kept",
    { tokens: [{ ...token, lastUsedAt: before(quietAfterDays) }], requests: [] },
    "quiet",
    before(quietAfterDays),
    "requests",
    /This is normal/,
  ],
  ["no failures", {}, "healthy", minutes(5), "requests", /No action needed/],
  [
    "successes after failures",
    { requests: [...requests(200, 15), ...requests(400, 3, 16)] },
    "healthy",
    minutes(15),
    "failedRequests",
    /3 of the last 18 requests failed/,
  ],
  [
    "three failures in a row after many successes",
    { requests: [...requests(400, 3), ...requests(200, 40, 4)] },
    "failing",
    minutes(3),
    "failedRequests",
    /3 of the last 20 requests failed/,
  ],
  [
    "seven failures in a row after many successes",
    { requests: [...requests(409, 7), ...requests(200, 40, 8)] },
    "failing",
    minutes(7),
    "failedRequests",
    /7 of the last 20 requests failed/,
  ],
  [
    "two failures in a row",
    { requests: [...requests(400, 2), ...requests(200, 40, 3)] },
    "healthy",
    null,
    "failedRequests",
    /2 of the last 20 requests failed/,
  ],
  [
    "a wrong token that was corrected",
    { requests: [request(200, 1), ...requests(401, 30, 2), ...requests(200, 5, 40)] },
    "healthy",
    minutes(1),
    "failedRequests",
    /1 of the last 7 requests failed/,
  ],
  [
    "look-ups without a result",
    { requests: requests(404, 6, 1, { method: "GET" }) },
    "healthy",
    minutes(6),
    "requests",
    /No action needed/,
  ],
  [
    "a token about to end",
    { tokens: [{ ...token, expiresAt: before(-20.3) }] },
    "ending",
    null,
    "tokens",
    /Okta expires in 20 days/,
  ],
  [
    "a token that a rotation ends",
    { tokens: [{ ...token, revokedAt: before(-2) }, unused] },
    "healthy",
    minutes(5),
    "requests",
    /No action needed/,
  ],
  [
    "a token that a rotation ends, whose new one was revoked",
    {
      tokens: [
        { ...token, revokedAt: before(-7) },
        { ...unused, revokedAt: minutes(1) },
      ],
    },
    "ending",
    null,
    "tokens",
    /Okta expires in 7 days/,
  ],
])("%s", (_case, change, state, since, place, cause) => {
  const health = judgeHealth({ ...well, ...change }, now);
  expect(health).toMatchObject({ state, since, next: { place } });
  expect(health.cause).toMatch(cause);
  expect(health.next.text).not.toBe("");
});

// Each row adds a problem that takes precedence over those above.
describe("the order of precedence", () => {
  const worse: readonly (readonly [string, Partial<HealthFacts>])[] = [
    ["quiet", { tokens: [{ ...token, lastUsedAt: before(9) }], requests: requests(400, 5, 9 * 24 * 60) }],
    ["ending", { tokens: [{ ...token, lastUsedAt: before(9), expiresAt: before(-3) }] }],
    ["failing", { tokens: [token], requests: requests(400, 5) }],
    ["waiting", { tokens: [unused] }],
    ["refused", { requests: requests(401, 5) }],
    ["stopped", { guard: latched }],
    ["noToken", { tokens: [revoked] }],
    ["off", { isEnabled: false }],
  ];
  test.each(worse.map(([state], place) => [state, place] as const))("%s", (state, place) => {
    const facts = worse.slice(0, place + 1).reduce((all, [, change]) => ({ ...all, ...change }), well);
    expect(judgeHealth(facts, now).state).toBe(state);
  });

  test("requests from before provisioning was turned on again are ignored", () => {
    const facts = { ...well, enabledAt: minutes(2), requests: [request(200, 1), ...requests(401, 9, 3)] };
    expect(judgeHealth(facts, now)).toMatchObject({ state: "healthy", since: minutes(1) });
  });
});
