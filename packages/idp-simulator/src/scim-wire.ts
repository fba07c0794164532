/** Constants in every provider's requests and responses (RFC 7643 section 10, RFC 7644 section 8). */
export const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const listSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
export const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";
export const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

export const scimMediaType = "application/scim+json";

/** The body of a PATCH. */
export function patchBody(operations: readonly object[]): object {
  return { schemas: [patchSchema], Operations: operations };
}

/** A filter by one attribute, encoded for a query. */
export function filterBy(attribute: string, value: string): string {
  return encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
}
