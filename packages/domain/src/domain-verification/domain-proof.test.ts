import { expect, test } from "vitest";
import { checkDomainClaim, checkDomainProof, proofOf, recheckDomain, type DnsFinding } from "./domain-proof.ts";

test.each([
  ["dm.example", undefined],
  ["xn--mnchen-3ya.example", undefined],
  ["example", "domainMalformed"],
  ["dm..example", "domainMalformed"],
  ["-dm.example", "domainMalformed"],
  ["a b.example", "domainMalformed"],
  ["gmail.com", "domainPublic"],
])("a claim of %s: %s", (domain, kind) => {
  const claimed = checkDomainClaim(domain);
  expect(claimed.ok ? undefined : claimed.error.kind).toBe(kind);
});

const proof = proofOf("abc");
const answered = (...values: string[]): DnsFinding => ({ values, silence: null });
const silent: DnsFinding = { values: [], silence: "timeout" };
const halfSilent = (...values: string[]): DnsFinding => ({ values, silence: "ESERVFAIL" });

// Rule 4: write access to the domain's DNS is the only proof.
test.each([
  [answered(proof), undefined],
  [answered("v=spf1 -all", ` ${proof} `), undefined],
  [answered(), /no such TXT record/],
  [answered("v=spf1 -all"), /no such TXT record/],
  [answered(proofOf("abcd")), /another value/],
  [answered(`x${proof}`), /no such TXT record/],
  [silent, /did not answer/],
  [halfSilent("v=spf1 -all"), /did not answer/],
  [halfSilent("v=spf1 -all", proof), undefined],
])("the proof of %j", (finding, problem) => {
  const judged = checkDomainProof("dm.example", proof, finding);
  if (problem === undefined) expect(judged.ok).toBe(true);
  else expect(judged).toMatchObject({ error: { problem: expect.stringMatching(problem) } });
});

const now = new Date("2026-11-25T12:00:00Z");
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

// A short DNS fault must not end a verification.
test.each([
  ["finds the proof", null, 1, answered(proof), { kind: "proven" }],
  ["finds the proof again", 6.5, 1, answered(proof), { kind: "proven" }],
  ["gets no answer for a month", 30, 1, silent, { kind: "unknown" }],
  ["gets half an answer for a month", 30, 1, halfSilent("v=spf1 -all"), { kind: "unknown" }],
  ["finds the proof in half an answer", 3, 1, halfSilent(proof), { kind: "proven" }],
  ["finds nothing for the first time", null, 1, answered(), { kind: "failing", since: now, warns: true }],
  ["finds nothing again", 2, 1, answered(), { kind: "failing", since: daysAgo(2), warns: false }],
  ["finds nothing on the last day", 6, 1, answered(), { kind: "failing", warns: true }],
  ["finds nothing on the last day once more", 6.5, 0.4, answered(), { kind: "failing", warns: false }],
  ["finds nothing after a week", 7, 1, answered(), { kind: "lapsed" }],
] as const)("a daily look: %s", (_what, failingDays, checkedDays, finding, expected) => {
  const failingSince = failingDays === null ? null : daysAgo(failingDays);
  expect(recheckDomain({ failingSince, checkedAt: daysAgo(checkedDays) }, proof, finding, now)).toMatchObject(expected);
});
