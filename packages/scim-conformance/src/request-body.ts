import type { JsonObject } from "./json.ts";

export const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
export const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** An extension that no service knows. */
export const unknownSchema = "urn:example:conformance:2.0:Strange";
export const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/** An id that no resource has, in the form that most services give theirs. */
export const unknownId = "00000000-0000-4000-8000-000000000000";

/** The body of a PATCH (RFC 7644 section 3.5.2). */
export function patchOf(...operations: readonly object[]): object {
  return { schemas: [patchSchema], Operations: operations };
}

/** The body of POST /Bulk (RFC 7644 section 3.7). */
export function bulkOf(operations: readonly object[], more: object = {}): object {
  return { schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], ...more, Operations: operations };
}

export function add(path: string, value: unknown): object {
  return { op: "add", path, value };
}

export function replace(path: string, value: unknown): object {
  return { op: "replace", path, value };
}

export function remove(path: string): object {
  return { op: "remove", path };
}

/** The path of a PATCH that selects a member of a group. */
export function memberPath(member: { readonly id: string }): string {
  return `members[value eq "${member.id}"]`;
}

/** Ids as the values of a multi-valued attribute. */
export function references(...ids: readonly string[]): readonly JsonObject[] {
  return ids.map((value) => ({ value }));
}
