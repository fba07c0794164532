import { expect, test } from "vitest";
import { newTestKey } from "../../testing/test-certificate.ts";
import { testMetadata } from "../../testing/test-idp.ts";
import { readIdpMetadata } from "./idp-metadata.ts";

const { certificate } = newTestKey("Metadata");
const entityId = "https://idp.example/metadata";
const xml = testMetadata({ entityId, signInUrl: "https://idp.example/sso", certificates: [certificate] });

test("metadata contains the issuer, the address and the certificates", async () => {
  const found = { entityId, signInUrl: "https://idp.example/sso", certificates: [certificate.toString("base64")] };
  expect(await readIdpMetadata(xml, null)).toEqual({ found: { ...found, metadataUrl: null } });
});

test("a wrapper around one identity provider is looked through", async () => {
  const inner = xml.replace(/<\?xml[^>]*>/, "");
  const wrapped = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${inner}</md:EntitiesDescriptor>`;
  expect(await readIdpMetadata(wrapped, null)).toMatchObject({ found: { entityId } });
  const twice = wrapped.replace(inner, inner + inner);
  expect(await readIdpMetadata(twice, null)).toEqual({ problem: expect.stringContaining("more than one") });
});

// People are redirected to this address; invalid metadata needs a message.
test.each([
  ["no XML", "hello", "cannot read this XML"],
  ["an entity", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`, "cannot read this XML"],
  ["a service provider", xml.replaceAll("IDPSSODescriptor", "SPSSODescriptor"), "not the metadata of a SAML"],
  ["no entityID", xml.replace(/ entityID="[^"]*"/, ""), "no entityID"],
  ["a script as address", xml.replace("https://idp.example/sso", "javascript:alert(1)"), "no https address"],
  ["a plain address", xml.replace("https://idp.example/sso", "http://idp.example/sso"), "no https address"],
  ["no certificate", xml.replace(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/, ""), "no certificate"],
  ["an encryption certificate only", xml.replace('use="signing"', 'use="encryption"'), "no certificate"],
  ["a broken certificate", xml.replace(certificate.toString("base64"), "bm9uZQ=="), "cannot be read"],
])("%s is refused", async (_words, text, words) => {
  expect(await readIdpMetadata(text, null)).toEqual({ problem: expect.stringContaining(words) });
});
