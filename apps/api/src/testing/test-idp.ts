import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { inflateRawSync } from "node:zlib";
import express, { type RequestHandler } from "express";
import { attributeOf, childOf, readXml, textOf } from "../security/saml/saml-xml.ts";
import { testResponse, type SignedPart, type TestStatement } from "./test-assertion.ts";
import { newTestKey, type TestKey } from "./test-certificate.ts";

/** An AuthnRequest received by the identity provider. */
export type ReceivedRequest = {
  readonly id: string;
  readonly acsUrl: string;
  readonly issuer: string;
  /** ForceAuthn: the person must sign in anew. */
  readonly isForced: boolean;
};

export type TestIdp = {
  readonly entityId: string;
  /** An https or loopback address of the metadata. */
  readonly metadataUrl: string;
  readonly metadataXml: string;
  readonly key: TestKey;
  /** Reads the AuthnRequest from a redirect address. */
  read(url: string): Promise<ReceivedRequest>;
  /** A response in base64, valid unless `wrong` overrides it. */
  respond(
    statement: Omit<TestStatement, "issuer"> & { readonly issuer?: string },
    wrong?: { readonly key?: TestKey; readonly signs?: SignedPart },
  ): string;
  close(): Promise<void>;
};

type TestIdpOptions = { readonly entityId?: string | undefined; readonly user?: string | undefined };

/**
 * A SAML identity provider on loopback with its own key. For a browser its pages (`localhost`) are another site than a
 * console at 127.0.0.1. It redirects a browser back immediately as `user`, an email address; without `user` its page
 * asks for the address. `/tile` acts as an application tile: it signs in without a request. `entityId` restricts it to
 * one service provider.
 */
export async function startTestIdp(options: TestIdpOptions = {}): Promise<TestIdp> {
  const key = newTestKey("Test identity provider");
  const app = express();
  app.set("query parser", "simple");
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  const url = `http://127.0.0.1:${port}`;
  const entityId = `${url}/metadata`;
  const idp: TestIdp = {
    entityId,
    metadataUrl: entityId,
    metadataXml: testMetadata({
      entityId,
      signInUrl: `http://localhost:${port}/sign-in`,
      certificates: [key.certificate],
    }),
    key,
    read: readRequest,
    respond: (statement, wrong = {}) => {
      const xml = testResponse({ issuer: entityId, ...statement }, wrong.key ?? key, wrong.signs);
      return Buffer.from(xml).toString("base64");
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  app.get("/metadata", (_req, res) => void res.type("application/samlmetadata+xml").send(idp.metadataXml));
  app.get("/sign-in", signInPage(idp, options));
  app.get("/tile", tilePage(idp));
  return idp;
}

/** The metadata of an identity provider. */
export function testMetadata(provider: {
  readonly entityId: string;
  readonly signInUrl: string;
  readonly certificates: readonly Buffer[];
}): string {
  return [
    `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"`,
    ` entityID="${provider.entityId}"><md:IDPSSODescriptor`,
    ` protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    ...provider.certificates.map(
      (certificate) =>
        `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>` +
        `<ds:X509Certificate>${certificate.toString("base64")}</ds:X509Certificate>` +
        `</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    ),
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"`,
    ` Location="${provider.signInUrl}"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
  ].join("");
}

function signInPage(idp: TestIdp, options: TestIdpOptions): RequestHandler {
  return async (req, res) => {
    const request = await idp.read(`http://idp${req.originalUrl}`);
    if (options.entityId !== undefined && options.entityId !== request.issuer) {
      res.status(403).send("This service provider is not known here.");
      return;
    }
    const { SAMLRequest: sent, email = options.user } = req.query;
    if (typeof email === "string") {
      const { acsUrl, issuer: audience, id: requestId } = request;
      res.type("html").send(posting(acsUrl, idp.respond({ acsUrl, audience, requestId, nameId: email })));
    } else {
      res.type("html").send(signInForm(typeof sent === "string" ? sent : ""));
    }
  };
}

/** Posts an unrequested response for the person with `email`. */
function tilePage(idp: TestIdp): RequestHandler {
  return (req, res) => {
    const { acs: acsUrl = "", audience = "", email: nameId = "" } = req.query;
    const isText = typeof acsUrl === "string" && typeof audience === "string" && typeof nameId === "string";
    if (!isText) res.status(400).end();
    else res.type("html").send(posting(acsUrl, idp.respond({ acsUrl, audience, nameId })));
  };
}

async function readRequest(url: string): Promise<ReceivedRequest> {
  const sent = new URL(url).searchParams.get("SAMLRequest") ?? "";
  const request = childOf(await readXml(inflateRawSync(Buffer.from(sent, "base64")).toString()), "AuthnRequest");
  const [id, acsUrl] = [attributeOf(request, "ID"), attributeOf(request, "AssertionConsumerServiceURL")];
  const issuer = textOf(childOf(request, "Issuer"));
  if (id === null || acsUrl === null || issuer === null) throw new Error("This is no AuthnRequest.");
  return { id, acsUrl, issuer, isForced: attributeOf(request, "ForceAuthn") === "true" };
}

/** Base64 and our addresses need no escaping. */
function signInForm(request: string): string {
  return page(`<form action="/sign-in"><input type="hidden" name="SAMLRequest" value="${request}">
    <label>Email <input name="email" type="email"></label> <button>Sign in</button></form>`);
}

function posting(acsUrl: string, response: string): string {
  return page(`<form method="post" action="${acsUrl}"><input type="hidden" name="SAMLResponse" value="${response}">
    <button>Continue</button></form><script>document.forms[0].submit()</script>`);
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><title>Test identity provider</title><h1>Test identity provider</h1>${body}`;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The identity provider has no port.");
  return address.port;
}
