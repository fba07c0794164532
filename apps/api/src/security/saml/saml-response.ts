import type { SAML } from "@node-saml/node-saml";
import type { AssertionFacts, Confirmation, SsoProblem } from "@rollcall/domain";
import { problemOfStructure } from "./saml-structure.ts";
import { attributeOf, childOf, childrenOf, readXml, textOf } from "./saml-xml.ts";

/**
 * A response received at the ACS. Only signed content becomes facts; the `requestId` of an unsigned response is not
 * verified.
 */
export type SamlAnswer =
  | { readonly isSigned: true; readonly facts: AssertionFacts }
  | { readonly isSigned: false; readonly problem: SsoProblem; readonly requestId: string | null };

const success = "urn:oasis:names:tc:SAML:2.0:status:Success";
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/**
 * Reads a base64-encoded response (HTTP-POST binding) whose structure is within bounds, and verifies the signature of
 * its one assertion. The facts are read from the very bytes that the signature covers, never from the document around
 * them. Runs in a worker thread (`saml-worker.ts`).
 */
export async function readSamlResponse(saml: SAML, encoded: string): Promise<SamlAnswer> {
  const xml = Buffer.from(encoded, "base64").toString("utf8");
  const structure = problemOfStructure(xml);
  if (structure !== undefined) return { isSigned: false, ...structure };
  const response = childOf(await readXml(xml), "Response");
  if (response === undefined) return { isSigned: false, problem: "malformed", requestId: null };
  const requestId = attributeOf(response, "InResponseTo");
  const refuse = (problem: SsoProblem): SamlAnswer => ({ isSigned: false, problem, requestId });
  const status = childOf(childOf(response, "Status"), "StatusCode");
  if (attributeOf(status, "Value") !== success) return refuse("providerRefused");
  if (childrenOf(response, "EncryptedAssertion").length > 0) return refuse("encrypted");
  const assertion = await signedAssertion(saml, encoded);
  if (assertion === undefined) return refuse("signature");
  const facts = factsOf(assertion, { destination: attributeOf(response, "Destination"), requestId });
  return facts === undefined ? refuse("malformed") : { isSigned: true, facts };
}

/** The library throws for every response that it rejects, for any reason. */
async function signedAssertion(saml: SAML, encoded: string): Promise<unknown> {
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: encoded });
    return childOf(profile?.getAssertion?.(), "Assertion");
  } catch {
    return undefined;
  }
}

function factsOf(
  assertion: unknown,
  response: Pick<AssertionFacts, "destination" | "requestId">,
): AssertionFacts | undefined {
  const id = attributeOf(assertion, "ID");
  const [conditions, subject] = [childOf(assertion, "Conditions"), childOf(assertion, "Subject")];
  const confirmations = childrenOf(subject, "SubjectConfirmation")
    .filter((one) => attributeOf(one, "Method") === bearer)
    .map(confirmationOf);
  const [notBefore, notOnOrAfter] = [dateIn(conditions, "NotBefore"), dateIn(conditions, "NotOnOrAfter")];
  const statements = childrenOf(assertion, "AuthnStatement");
  const [authenticatedAt, sessionUntil] = [
    earliest(statements.map((one) => dateIn(one, "AuthnInstant"))),
    earliest(statements.map((one) => dateIn(one, "SessionNotOnOrAfter"))),
  ];
  const dates = [
    notBefore,
    notOnOrAfter,
    authenticatedAt,
    sessionUntil,
    ...confirmations.flatMap((one) => [one.notBefore, one.notOnOrAfter]),
  ];
  if (id === null || dates.some((date) => date !== null && Number.isNaN(date.getTime()))) return undefined;
  return {
    ...response,
    id,
    issuer: textOf(childOf(assertion, "Issuer")),
    audiences: childrenOf(conditions, "AudienceRestriction").map((restriction) =>
      childrenOf(restriction, "Audience").flatMap((audience) => textOf(audience) ?? []),
    ),
    notBefore,
    notOnOrAfter,
    nameId: textOf(childOf(subject, "NameID")),
    authenticatedAt,
    sessionUntil,
    confirmations,
  };
}

/** Null if none is given; an invalid date if one of them is not a date. */
function earliest(dates: readonly (Date | null)[]): Date | null {
  const times = dates.flatMap((date) => date?.getTime() ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function confirmationOf(confirmation: unknown): Confirmation {
  const data = childOf(confirmation, "SubjectConfirmationData");
  return {
    recipient: attributeOf(data, "Recipient"),
    notBefore: dateIn(data, "NotBefore"),
    notOnOrAfter: dateIn(data, "NotOnOrAfter"),
    requestId: attributeOf(data, "InResponseTo"),
  };
}

/** An invalid date for a text that is not a date. */
function dateIn(element: unknown, name: string): Date | null {
  const text = attributeOf(element, name);
  return text === null ? null : new Date(text);
}
