import { claimedKeyId, credentialOf, type CallerRefusal, type Credential } from "@rollcall/db";
import { err, normalizeAuthorization, ok, type QuirkId, type Result, type ScimError } from "@rollcall/scim-protocol";

const headerLengthMax = 1024;

/**
 * Reads `Authorization: Bearer T`, the scheme in any case (RFC 9110 section 11.1), and notes known deviations. A
 * returned credential still has to be looked up; a refused one cannot be a Rollcall token.
 */
export function readAuthorization(header: string | undefined, quirks: Set<QuirkId>): Result<Credential, ScimError> {
  const { text, token } = partsOf(header, quirks);
  if (text === "")
    return err(unauthorized('There is no Authorization header. Send "Authorization: Bearer <SCIM token>".'));
  const credential = token === undefined ? undefined : credentialOf(token);
  if (credential !== undefined) return ok(credential);
  return err(
    unauthorized(
      'The Authorization header holds no complete Rollcall SCIM token: those begin with "rcl_", have 54 characters and end in a checksum. Copy the whole token again, or generate a new one in Rollcall under Provisioning.',
    ),
  );
}

/** The public key id and the length of a malformed Rollcall token. */
export function readClaim(header: string | undefined): { readonly keyId: string; readonly length: number } | undefined {
  const { token = "" } = partsOf(header, new Set());
  const keyId = claimedKeyId(token);
  return keyId === undefined ? undefined : { keyId, length: token.length };
}

function partsOf(
  header: string | undefined,
  quirks: Set<QuirkId>,
): { readonly text: string; readonly token: string | undefined } {
  const text = normalizeAuthorization(header?.trim() ?? "", quirks);
  return { text, token: text.length > headerLengthMax ? undefined : /^bearer\s+(\S+)$/i.exec(text)?.[1] };
}

/** The error for a well-formed token that is refused. Only the complete token reveals that it expired or was revoked. */
export function toCallerError(refusal: CallerRefusal): ScimError {
  switch (refusal.kind) {
    case "tokenUnknown":
      return unauthorized("This SCIM token is not known. Generate a new one in Rollcall under Provisioning.");
    case "tokenExpired":
      return unauthorized(`This SCIM token expired${on(refusal)}. Generate a new one in Rollcall under Provisioning.`);
    case "tokenRevoked":
      return unauthorized(
        `This SCIM token was revoked${on(refusal)}. Generate a new one in Rollcall under Provisioning.`,
      );
    case "provisioningOff":
      return {
        status: 403,
        detail:
          "Provisioning is turned off for this organization. An owner can turn it on in Rollcall under Provisioning.",
      };
  }
}

function on(refusal: CallerRefusal): string {
  return refusal.identity === undefined ? "" : ` on ${refusal.identity.at.toISOString().slice(0, 10)}`;
}

function unauthorized(detail: string): ScimError {
  return { status: 401, detail };
}
