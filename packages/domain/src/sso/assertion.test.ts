import { describe, expect, test } from "vitest";
import { judgeAssertion, type AssertionFacts, type Confirmation } from "./assertion.ts";
import type { SsoProblem } from "./sso-problem.ts";

const now = new Date("2026-11-25T12:00:00Z");
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const expected = { issuer: "https://idp.example", audience: "urn:us", recipient: "https://us.example/acs" };

const confirmation: Confirmation = {
  recipient: expected.recipient,
  notBefore: null,
  notOnOrAfter: after(300),
  requestId: null,
};
const good: AssertionFacts = {
  id: "_a",
  issuer: expected.issuer,
  audiences: [["urn:us"]],
  notBefore: after(-10),
  notOnOrAfter: after(300),
  nameId: "pam@dm.example",
  authenticatedAt: now,
  sessionUntil: null,
  confirmations: [confirmation],
  destination: expected.recipient,
  requestId: null,
};

function problemsOf(facts: Partial<AssertionFacts>): readonly SsoProblem[] {
  return judgeAssertion({ ...good, ...facts }, expected, now).findings.flatMap(({ problem }) => problem ?? []);
}

const confirmed = (more: Partial<Confirmation>): Partial<AssertionFacts> => ({
  confirmations: [{ ...confirmation, ...more }],
});

describe("a signed assertion", () => {
  test.each<[string, Partial<AssertionFacts>, readonly SsoProblem[]]>([
    ["that is right", {}, []],
    ["of another issuer", { issuer: "https://rogue.example" }, ["issuer"]],
    ["without an issuer", { issuer: null }, ["issuer"]],
    ["for another audience", { audiences: [["urn:other"]] }, ["audience"]],
    ["for nobody in particular", { audiences: [] }, ["audience"]],
    ["for us among others", { audiences: [["urn:other", "urn:us"]] }, []],
    ["restricted twice, once not to us", { audiences: [["urn:us"], ["urn:other"]] }, ["audience"]],
    ["to another address", confirmed({ recipient: "https://rogue.example/acs" }), ["recipient"]],
    ["without a confirmation", { confirmations: [] }, ["recipient"]],
    ["in a response to another address", { destination: "https://rogue.example/acs" }, ["recipient"]],
    ["in a response without an address", { destination: null }, []],
    ["that has just expired, within the skew of clocks", { notOnOrAfter: after(-59) }, []],
    ["that has expired", { notOnOrAfter: after(-60) }, ["expired"]],
    ["whose confirmation has expired", confirmed({ notOnOrAfter: after(-60) }), ["expired"]],
    ["whose confirmation has no end", confirmed({ notOnOrAfter: null }), ["expired"]],
    ["that begins within the skew of clocks", { notBefore: after(60) }, []],
    ["that has yet to begin", { notBefore: after(61) }, ["notYetValid"]],
    ["whose confirmation has yet to begin", confirmed({ notBefore: after(61) }), ["notYetValid"]],
    ["whose session ends later", { sessionUntil: after(1) }, []],
    ["whose session has ended", { sessionUntil: now }, ["expired"]],
    ["that answers two requests", { requestId: "_1", ...confirmed({ requestId: "_2" }) }, ["request"]],
    ["without a name", { nameId: null }, ["nameId"]],
    ["about no email address", { nameId: "pam" }, ["nameId"]],
  ])("%s", (_words, facts, problems) => expect(problemsOf(facts)).toEqual(problems));

  test("with several confirmations holds by the one that is for us and in time", () => {
    const confirmations = [{ ...confirmation, recipient: "https://x.example" }, confirmation];
    expect(problemsOf({ confirmations })).toEqual([]);
  });
});

// A used assertion must be remembered as long as it would be accepted.
test("it is usable until its last end and the skew of clocks, and names the request that it answers", () => {
  const facts = { ...good, requestId: "_1", ...confirmed({ requestId: "_1", notOnOrAfter: after(600) }) };
  expect(judgeAssertion(facts, expected, now)).toMatchObject({ requestId: "_1", usableUntil: after(660) });
});

test("it answers no request by the response around it, which may be unsigned", () => {
  expect(judgeAssertion({ ...good, requestId: "_1" }, expected, now).requestId).toBeNull();
});
