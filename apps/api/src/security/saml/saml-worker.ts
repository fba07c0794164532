import { readIdpMetadata } from "./idp-metadata.ts";
import { readSamlResponse } from "./saml-response.ts";
import { samlOf, type ServiceProvider } from "./service-provider.ts";

/**
 * What a worker thread does with XML from outside (see `xml-reader.ts`): parsing, canonicalising and proving signatures
 * are long runs of CPU, which the thread of the requests must not make.
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
