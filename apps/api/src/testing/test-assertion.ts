import { randomBytes } from "node:crypto";
import { SignedXml } from "xml-crypto";
import type { TestKey } from "./test-certificate.ts";

/** The content of a response; defaults are valid. */
export type TestStatement = {
  readonly acsUrl: string;
  readonly audience: string;
  readonly nameId: string;
  readonly issuer: string;
  readonly requestId?: string | undefined;
  /** The response's own InResponseTo, if it differs. */
  readonly responseRequestId?: string;
  readonly recipient?: string;
  readonly destination?: string;
  readonly status?: string;
  readonly now?: Date;
  /** Seconds from now. */
  readonly validFromS?: number;
  readonly validUntilS?: number;
  /** The time of the sign-in at the provider, and the end of the session (optional). */
  readonly authenticatedS?: number;
  readonly sessionUntilS?: number;
};

/** The signed element. */
export type SignedPart = "assertion" | "response" | "both" | "none";

const namespaces = `xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"`;

/** A SAML response as XML, signed with `key` as an identity provider does. */
export function testResponse(statement: TestStatement, key: TestKey, part: SignedPart = "assertion"): string {
  const plain = assertionOf(statement);
  const assertion = part === "assertion" || part === "both" ? signed(plain, key) : plain;
  const response = responseOf(statement, assertion);
  return part === "response" || part === "both" ? signed(response, key) : response;
}

/** An unsigned assertion. */
export function assertionOf(statement: TestStatement): string {
  const { nameId, audience, acsUrl, requestId, issuer, now = new Date() } = statement;
  const at = (seconds: number): string => new Date(now.getTime() + seconds * 1000).toISOString();
  const [from, until] = [at(statement.validFromS ?? -5), at(statement.validUntilS ?? 300)];
  const inResponseTo = requestId === undefined ? "" : ` InResponseTo="${requestId}"`;
  const { sessionUntilS } = statement;
  const sessionEnd = sessionUntilS === undefined ? "" : ` SessionNotOnOrAfter="${at(sessionUntilS)}"`;
  return [
    `<saml:Assertion ${namespaces} ID="${newXmlId()}" Version="2.0" IssueInstant="${at(0)}">`,
    `<saml:Issuer>${issuer}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${nameId}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData`,
    ` NotOnOrAfter="${until}" Recipient="${statement.recipient ?? acsUrl}"${inResponseTo}/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}"><saml:AudienceRestriction>`,
    `<saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${at(statement.authenticatedS ?? 0)}"${sessionEnd}><saml:AuthnContext><saml:AuthnContextClassRef>`,
    `urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext>`,
    `</saml:AuthnStatement></saml:Assertion>`,
  ].join("");
}

/** A response with the given content. */
export function responseOf(statement: TestStatement, content: string): string {
  const { acsUrl, issuer, now = new Date() } = statement;
  const requestId = statement.responseRequestId ?? statement.requestId;
  const inResponseTo = requestId === undefined ? "" : ` InResponseTo="${requestId}"`;
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${newXmlId()}" Version="2.0"`,
    ` IssueInstant="${now.toISOString()}" Destination="${statement.destination ?? acsUrl}"${inResponseTo}>`,
    `<saml:Issuer ${namespaces}>${issuer}</saml:Issuer><samlp:Status>`,
    `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${statement.status ?? "Success"}"/></samlp:Status>`,
    `${content}</samlp:Response>`,
  ].join("");
}

export type TestAlgorithms = { readonly signature: string; readonly digest: string };
const sha256: TestAlgorithms = {
  signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  digest: "http://www.w3.org/2001/04/xmlenc#sha256",
};

/** Adds an enveloped signature over the whole document after its issuer. */
export function signed(xml: string, key: TestKey, algorithms: TestAlgorithms = sha256): string {
  const signature = new SignedXml({
    privateKey: key.privateKey,
    signatureAlgorithm: algorithms.signature,
    canonicalizationAlgorithm: "http://www.w3.org/2001/10/xml-exc-c14n#",
  });
  signature.addReference({
    xpath: "/*",
    transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/2001/10/xml-exc-c14n#"],
    digestAlgorithm: algorithms.digest,
  });
  signature.computeSignature(xml, { location: { reference: "/*/*[local-name(.)='Issuer']", action: "after" } });
  return signature.getSignedXml();
}

function newXmlId(): string {
  return `_${randomBytes(16).toString("hex")}`;
}
