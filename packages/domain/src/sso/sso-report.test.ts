import { expect, test } from "vitest";
import { assertionChecks } from "./assertion.ts";
import { reportOf } from "./sso-report.ts";
import { readSsoProblem, ssoProblems, ssoProblemMessages } from "./sso-problem.ts";

const findings = assertionChecks.map((check) => ({ check, problem: null }));

test("a right answer passes every check", () => {
  const report = reportOf({ signature: null, findings, nameId: "pam@dm.example", member: null });
  expect(report).toMatchObject({ isOk: true, nameId: "pam@dm.example" });
  expect(report.lines.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 8 }, () => "passed"));
});

test("nothing is said about what an unsigned answer claims", () => {
  const report = reportOf({ signature: "signature", findings: [], nameId: "pam@dm.example", member: null });
  expect(report).toMatchObject({ isOk: false, nameId: null });
  expect(report.lines[0]).toEqual({ check: "signature", outcome: "failed", detail: ssoProblemMessages.signature });
  expect(new Set(report.lines.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(["skipped"]));
});

test("a wrong audience and an unknown person are both reported", () => {
  const wrong = findings.map((one) => (one.check === "audience" ? { ...one, problem: "audience" as const } : one));
  const report = reportOf({ signature: null, findings: wrong, nameId: "pam@dm.example", member: "noMember" });
  const failed = report.lines.filter(({ outcome }) => outcome === "failed").map(({ check }) => check);
  expect(failed).toEqual(["audience", "member"]);
});

test("every problem has its words, and only problems are read from an address", () => {
  for (const problem of ssoProblems) expect(ssoProblemMessages[problem]).toMatch(/\.$/);
  expect(readSsoProblem("replayed")).toBe("replayed");
  expect(readSsoProblem("toString")).toBeUndefined();
});
