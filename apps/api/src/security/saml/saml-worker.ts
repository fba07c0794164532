import { readIdpMetadata } from "./idp-metadata.ts";
import { readSamlResponse } from "./saml-response.ts";
import { samlOf, type ServiceProvider } from "./service-provider.ts";

/**
 * The XML tasks of a worker thread (see `xml-reader.ts`): parsing, canonicalising and verifying signatures use much CPU
 * time and must not block the main thread.
 */
export type ResponseTask = {
  readonly provider: ServiceProvider;
  readonly connection: { readonly signInUrl: string; readonly certificates: readonly string[] };
  readonly encoded: string;
};

export type MetadataTask = { readonly xml: string; readonly metadataUrl: string | null };

export function verifyResponse({ provider, connection, encoded }: ResponseTask): ReturnType<typeof readSamlResponse> {
  return readSamlResponse(samlOf(provider, connection), encoded);
}

export function readMetadata({ xml, metadataUrl }: MetadataTask): ReturnType<typeof readIdpMetadata> {
  return readIdpMetadata(xml, metadataUrl);
}
