/** Why a SAML sign-in was not accepted; also the value of `/sign-in?sso=…`. */
export const ssoProblems = [
  "notConfigured",
  "busy",
  "malformed",
  "providerRefused",
  "encrypted",
  "signature",
  "issuer",
  "audience",
  "recipient",
  "expired",
  "notYetValid",
  "request",
  "unanswered",
  "replayed",
  "nameId",
  "noMember",
  "notAccepted",
] as const;
export type SsoProblem = (typeof ssoProblems)[number];

/** For the person who signs in and for the owner who tests the connection. */
export const ssoProblemMessages: Readonly<Record<SsoProblem, string>> = {
  notConfigured: "This organization has not set up single sign-on.",
  busy: "Too many people are signing in at this moment. Wait a minute and try again.",
  malformed: "The identity provider’s response could not be read.",
  providerRefused: "The identity provider did not sign you in.",
  encrypted: "The assertion is encrypted, which Rollcall does not read. Turn encryption off in the identity provider.",
  signature:
    "The assertion is not signed with a certificate that your organization trusts. If the identity provider has a new certificate, an owner must read its metadata again.",
  issuer: "The response comes from another identity provider than the one that your organization trusts.",
  audience: "The assertion is meant for another application. Its audience must be the one that Rollcall shows.",
  recipient: "The assertion was sent to another address. Its recipient must be the ACS URL that Rollcall shows.",
  expired: "The assertion has expired. Try again; if this stays so, a clock is wrong.",
  notYetValid: "The assertion is not valid yet. Try again; if this stays so, a clock is wrong.",
  request: "This sign-in was not asked for here, took longer than ten minutes, or was finished already. Start again.",
  unanswered:
    "The identity provider did not respond to the request that Rollcall sent. Start again from this page; if this stays so, an owner must allow sign-ins that Rollcall starts.",
  replayed: "This sign-in was used already. Start again.",
  nameId: "The assertion does not name an email address. The NameID must be the account’s email address.",
  noMember: "No active member of this organization has the email address from the identity provider.",
  notAccepted: "You have not accepted your membership yet. Sign in with your password once and accept it.",
};

/** Reads the problem from an address; undefined for any other text. */
export function readSsoProblem(text: unknown): SsoProblem | undefined {
  return ssoProblems.find((problem) => problem === text);
}
