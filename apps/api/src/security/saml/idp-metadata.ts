import { X509Certificate } from "node:crypto";
import type { IdentityProvider } from "@rollcall/db";
import { isLoopbackHost } from "@rollcall/domain";
import { attributeOf, childOf, childrenOf, readXml, textOf } from "./saml-xml.ts";

type Read<T> = { readonly found: T } | { readonly problem: string };

const redirectBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const certificatesMax = 10;
const textLengthMax = 2000;

/**
 * The values of an identity provider's metadata, or the reason in one sentence why it is unusable. Source: SAML
 * metadata, section 2.
 */
export async function readIdpMetadata(xml: string, metadataUrl: string | null): Promise<Read<IdentityProvider>> {
  const document = await readXml(xml);
  if (document === undefined) return { problem: "Rollcall cannot read this XML." };
  const entities = childrenOf(document, "EntityDescriptor").concat(
    childrenOf(childOf(document, "EntitiesDescriptor"), "EntityDescriptor"),
  );
  const providers = entities.filter((entity) => childrenOf(entity, "IDPSSODescriptor").length > 0);
  const [provider] = providers;
  if (provider === undefined) return { problem: "This is not the metadata of a SAML 2.0 identity provider." };
  if (providers.length > 1) return { problem: "The metadata describes more than one identity provider." };
  const entityId = attributeOf(provider, "entityID");
  if (entityId === null || entityId.length > textLengthMax) return { problem: "The metadata has no entityID." };
  const descriptor = childOf(provider, "IDPSSODescriptor");
  const signInUrl = signInUrlOf(descriptor);
  if (signInUrl === undefined) {
    return { problem: "The metadata names no https address to sign in at with the HTTP-Redirect binding." };
  }
  const certificates = certificatesOf(descriptor);
  if (certificates === undefined) return { problem: "A certificate in the metadata cannot be read." };
  if (certificates.length === 0) return { problem: "The metadata has no certificate for signatures." };
  return { found: { entityId, signInUrl, certificates: certificates.slice(0, certificatesMax), metadataUrl } };
}

function signInUrlOf(descriptor: unknown): string | undefined {
  const service = childrenOf(descriptor, "SingleSignOnService").find(
    (one) => attributeOf(one, "Binding") === redirectBinding,
  );
  const location = attributeOf(service, "Location") ?? "";
  const url = location.length <= textLengthMax ? URL.parse(location) : null;
  return url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLoopbackHost(url.hostname)))
    ? location
    : undefined;
}

/** Keys without a `use` serve for signing as well. Undefined if one of them is no certificate. */
function certificatesOf(descriptor: unknown): readonly string[] | undefined {
  const texts = childrenOf(descriptor, "KeyDescriptor")
    .filter((key) => (attributeOf(key, "use") ?? "signing") === "signing")
    .flatMap((key) => childrenOf(childOf(key, "KeyInfo"), "X509Data"))
    .flatMap((data) => childrenOf(data, "X509Certificate"))
    .flatMap((certificate) => textOf(certificate)?.replaceAll(/\s/g, "") ?? []);
  return texts.every((text) => describeCertificate(text) !== undefined) ? [...new Set(texts)] : undefined;
}

/** A certificate's fingerprint, for comparison by people, and its end; undefined for any other text. */
export function describeCertificate(
  text: string,
): { readonly fingerprint: string; readonly validTo: Date } | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(text, "base64"));
    return { fingerprint: certificate.fingerprint256, validTo: new Date(certificate.validTo) };
  } catch {
    return undefined;
  }
}
