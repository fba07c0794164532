import { generateServiceProviderMetadata, SAML, ValidateInResponseTo } from "@node-saml/node-saml";
import type { SsoConnection } from "@rollcall/db";

const nameIdFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/** The addresses of an organization's service provider, as its identity provider knows them. */
export type ServiceProvider = {
  /** Also the audience that an assertion must name. */
  readonly entityId: string;
  readonly acsUrl: string;
  readonly metadataUrl: string;
  readonly startUrl: string;
};

export function serviceProviderOf(publicAppUrl: string, organizationId: string): ServiceProvider {
  const entityId = `${publicAppUrl}/sso/${organizationId}`;
  return {
    entityId,
    acsUrl: `${entityId}/acs`,
    metadataUrl: `${entityId}/metadata`,
    startUrl: `${entityId}/start`,
  };
}

/** The service provider's metadata, as XML. Only its addresses differ between organizations, so it reveals nothing. */
export function metadataOf({ entityId, acsUrl }: ServiceProvider): string {
  return generateServiceProviderMetadata({
    issuer: entityId,
    callbackUrl: acsUrl,
    identifierFormat: nameIdFormat,
    wantAssertionsSigned: true,
  });
}

/**
 * The address at the identity provider to which the browser carries the AuthnRequest (HTTP-Redirect binding).
 * `isForced`: the person must sign in there again, whatever session they have.
 */
export function requestUrl(
  provider: ServiceProvider,
  connection: SsoConnection,
  request: { readonly id: string; readonly isForced?: boolean },
): Promise<string> {
  return samlOf(provider, connection, request).getAuthorizeUrlAsync("", undefined, {});
}

/**
 * The SAML library for one connection: it verifies signatures and builds requests. The content of an assertion (issuer,
 * audience, recipient, times, request) is judged by our own rule, `judgeAssertion`, with our own clock: hence no
 * audience and no times here.
 */
export function samlOf(
  { entityId, acsUrl }: ServiceProvider,
  connection: { readonly signInUrl: string; readonly certificates: readonly string[] },
  request: { readonly id: string; readonly isForced?: boolean } = { id: "" },
): SAML {
  return new SAML({
    issuer: entityId,
    callbackUrl: acsUrl,
    entryPoint: connection.signInUrl,
    idpCert: [...connection.certificates],
    identifierFormat: nameIdFormat,
    allowCreate: false,
    disableRequestedAuthnContext: true,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    audience: false,
    acceptedClockSkewMs: -1,
    validateInResponseTo: ValidateInResponseTo.never,
    forceAuthn: request.isForced === true,
    generateUniqueId: () => request.id,
  });
}
