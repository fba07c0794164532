import { assertionChecks, type AssertionFinding } from "./assertion.ts";
import { ssoProblemMessages, type SsoProblem } from "./sso-problem.ts";

export const ssoReportChecks = ["signature", ...assertionChecks, "member"] as const;

/** One line of a connection test: `passed`, `failed` with the reason, or `skipped` after an earlier failure. */
export type SsoReportLine = {
  readonly check: (typeof ssoReportChecks)[number];
  readonly outcome: "passed" | "failed" | "skipped";
  readonly detail: string | null;
};

/** The findings of a connection test. `nameId`: the person in the assertion, null if it could not be read. */
export type SsoReport = {
  readonly isOk: boolean;
  readonly nameId: string | null;
  readonly lines: readonly SsoReportLine[];
};

/** `signature` null: it is valid, so `findings` can be trusted. `member` null: an active member would be let in. */
export function reportOf(answer: {
  readonly signature: SsoProblem | null;
  readonly findings: readonly AssertionFinding[];
  readonly nameId: string | null;
  readonly member: SsoProblem | null;
}): SsoReport {
  const isSigned = answer.signature === null;
  const hasName = isSigned && answer.findings.every(({ check, problem }) => check !== "nameId" || problem === null);
  const lines = [
    lineOf("signature", true, answer.signature),
    ...assertionChecks.map((check) => lineOf(check, isSigned, problemIn(answer.findings, check))),
    lineOf("member", hasName, answer.member),
  ];
  const isOk = lines.every(({ outcome }) => outcome === "passed");
  return { isOk, nameId: isSigned ? answer.nameId : null, lines };
}

function lineOf(check: SsoReportLine["check"], isReached: boolean, problem: SsoProblem | null): SsoReportLine {
  if (!isReached) return { check, outcome: "skipped", detail: null };
  return problem === null
    ? { check, outcome: "passed", detail: null }
    : { check, outcome: "failed", detail: ssoProblemMessages[problem] };
}

function problemIn(findings: readonly AssertionFinding[], check: AssertionFinding["check"]): SsoProblem | null {
  return findings.find((finding) => finding.check === check)?.problem ?? null;
}
