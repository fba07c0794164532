/** Why a sign-in by SAML was not accepted; also what `/sign-in?sso=…` says. */
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

/** In words for the person who signs in and for the owner who tests the connection. */
export const ssoProblemWords: Readonly<Record<SsoProblem, string>> = {
  notConfigured: "This organization has not set up single sign-on.",
  busy: "Too many people are signing in at this moment. Wait a minute and try again.",
  malformed: "The identity provider’s answer could not be read.",
  providerRefused: "The identity provider did not sign you in.",
  encrypted: "The assertion is encrypted, which Rollcall does not read. Turn encryption off in the identity provider.",
  signature:
    "The assertion is not signed with a certificate that your organization trusts. If the identity provider has a new certificate, an owner has to read its metadata again.",
  issuer: "The answer comes from another identity provider than the one that your organization trusts.",
  audience: "The assertion is meant for another application. Its audience has to be the one that Rollcall shows.",
  recipient: "The assertion was sent to another address. Its recipient has to be the ACS URL that Rollcall shows.",
  expired: "The assertion has expired. Try again; if this stays so, a clock is wrong.",
  notYetValid: "The assertion is not valid yet. Try again; if this stays so, a clock is wrong.",
  request: "This sign-in was not asked for here, took longer than ten minutes, or was finished already. Start again.",
  unanswered:
    "The identity provider did not answer the request that Rollcall sent it. Start again from this page; if this stays so, an owner has to allow sign-ins that Rollcall starts.",
  replayed: "This sign-in was used already. Start again.",
  nameId: "The assertion does not name an e-mail address. The NameID has to be the account’s e-mail address.",
  noMember: "Nobody with the e-mail address that the identity provider gave is an active member of this organization.",
  notAccepted: "Your membership has yet to be accepted. Sign in with your password once and accept it.",
};

/** Reads the problem from an address; undefined for a text that is none. */
export function readSsoProblem(text: unknown): SsoProblem | undefined {
  return ssoProblems.find((problem) => problem === text);
}
