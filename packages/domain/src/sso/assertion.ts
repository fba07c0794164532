import { isEmailAddress } from "../member/email-address.ts";
import type { SsoProblem } from "./sso-problem.ts";

/** The contents of a signed assertion, and of the unsigned response around it. */
export type AssertionFacts = {
  readonly id: string;
  readonly issuer: string | null;
  /** One list for each AudienceRestriction; every one of them must name us (SAML core, section 2.5.1.4). */
  readonly audiences: readonly (readonly string[])[];
  readonly notBefore: Date | null;
  readonly notOnOrAfter: Date | null;
  readonly nameId: string | null;
  /** When the provider says that the person signed in (AuthnInstant), and when the session must end. */
  readonly authenticatedAt: Date | null;
  readonly sessionUntil: Date | null;
  /** The bearer confirmations. */
  readonly confirmations: readonly Confirmation[];
  /** Of the response, which may be unsigned: they may lead to a refusal, never to a sign-in. */
  readonly destination: string | null;
  readonly requestId: string | null;
};

export type Confirmation = {
  readonly recipient: string | null;
  readonly notBefore: Date | null;
  readonly notOnOrAfter: Date | null;
  readonly requestId: string | null;
};

/** Our own identifiers and the trusted provider. */
export type ExpectedAssertion = {
  readonly issuer: string;
  readonly audience: string;
  readonly recipient: string;
};

export const assertionChecks = ["issuer", "audience", "recipient", "time", "request", "nameId"] as const;
export type AssertionFinding = {
  readonly check: (typeof assertionChecks)[number];
  /** Null if nothing is wrong. */
  readonly problem: SsoProblem | null;
};

/** The accepted clock skew between an identity provider and us. */
export const clockSkewMs = 60_000;

/**
 * Judges a correctly signed assertion: one finding for each check, by precedence. `requestId` is the request that it
 * responds to by its signed confirmation, null if the provider began; the store checks that the request is ours and
 * unused. `usableUntil`: from then on it would be refused as expired. Source: SAML profiles, section 4.1.4.3.
 */
export function judgeAssertion(
  facts: AssertionFacts,
  expected: ExpectedAssertion,
  now: Date,
): { readonly findings: readonly AssertionFinding[]; readonly requestId: string | null; readonly usableUntil: Date } {
  const ours = facts.confirmations.filter(({ recipient }) => recipient === expected.recipient);
  const inTime = ours.find((one) => timeProblem(one, now) === null && one.notOnOrAfter !== null);
  const confirmation = inTime ?? ours[0];
  const problems = {
    issuer: facts.issuer === expected.issuer ? null : "issuer",
    audience: isFor(facts.audiences, expected.audience) ? null : "audience",
    recipient: confirmation === undefined || isElsewhere(facts.destination, expected.recipient) ? "recipient" : null,
    time:
      timeProblem(facts, now) ??
      sessionProblem(facts, now) ??
      (confirmation === undefined ? null : confirmationProblem(confirmation, now)),
    request: answersTwo(facts.requestId, confirmation?.requestId ?? null) ? "request" : null,
    nameId: facts.nameId !== null && isEmailAddress(facts.nameId) ? null : "nameId",
  } as const satisfies Record<AssertionFinding["check"], SsoProblem | null>;
  const ends = [facts.notOnOrAfter, confirmation?.notOnOrAfter ?? null].flatMap((end) => end?.getTime() ?? []);
  return {
    findings: assertionChecks.map((check) => ({ check, problem: problems[check] })),
    requestId: confirmation?.requestId ?? null,
    usableUntil: new Date(Math.max(now.getTime(), ...ends) + clockSkewMs),
  };
}

type Period = { readonly notBefore: Date | null; readonly notOnOrAfter: Date | null };

function timeProblem({ notBefore, notOnOrAfter }: Period, now: Date): SsoProblem | null {
  if (notBefore !== null && now.getTime() + clockSkewMs < notBefore.getTime()) return "notYetValid";
  if (notOnOrAfter !== null && now.getTime() - clockSkewMs >= notOnOrAfter.getTime()) return "expired";
  return null;
}

/** A bearer confirmation must have an end. */
function confirmationProblem(confirmation: Confirmation, now: Date): SsoProblem | null {
  return confirmation.notOnOrAfter === null ? "expired" : timeProblem(confirmation, now);
}

/** A session that would end before it begins. Source: SAML core, section 2.7.2. */
function sessionProblem({ sessionUntil }: AssertionFacts, now: Date): SsoProblem | null {
  return sessionUntil !== null && sessionUntil.getTime() <= now.getTime() ? "expired" : null;
}

function isFor(restrictions: readonly (readonly string[])[], audience: string): boolean {
  return restrictions.length > 0 && restrictions.every((audiences) => audiences.includes(audience));
}

/** Providers may leave the destination out if they do not sign the response. */
function isElsewhere(destination: string | null, recipient: string): boolean {
  return destination !== null && destination !== recipient;
}

function answersTwo(ofResponse: string | null, ofAssertion: string | null): boolean {
  return ofResponse !== null && ofAssertion !== null && ofResponse !== ofAssertion;
}
