import { filterBy, scimMediaType } from "./scim-wire.ts";

/** Constants in Entra's requests. Source: docs/idp-wire.md, section 4. */
export const enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** An extra URI in the `schemas` of every group that Entra creates (E-DOC). */
export const adGroupSchema = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/**
 * Entra's form of a PATCH: the original (`default`: capitalized operations, one for each attribute, `active` as text),
 * or closer to the RFC, if the tenant URL ends with the flag `?aadOptscim062020` (E-COMPAT).
 */
export type EntraDialect = "default" | "aadOptscim062020";

/** The headers of every request; a GET and a DELETE have no Content-Type. Today's User-Agent is not documented. */
export function entraHeaders(token: string, hasBody: boolean): Record<string, string> {
  return {
    Accept: scimMediaType,
    Authorization: `Bearer ${token}`,
    "User-Agent": "Microsoft Azure AD SCIM provisioning 1.0.0",
    ...(hasBody ? { "Content-Type": `${scimMediaType}; charset=utf-8` } : {}),
  };
}

/** Entra's matching attributes: a value path followed by a sub-attribute is beyond the RFC's grammar, and usual. */
export type UserKey = "userName" | "externalId" | "id" | 'emails[type eq "work"].value';
export type GroupKey = "displayName" | "externalId";

/** The query for one person; it does not request a page. */
export function userQuery(key: UserKey, value: string): string {
  return `?filter=${filterBy(key, value)}`;
}

/** The query for a group without its members. */
export const withoutMembers = "?excludedAttributes=members";

/** The query for one group, never with its members. */
export function groupQuery(key: GroupKey, value: string): string {
  return `${withoutMembers}&filter=${filterBy(key, value)}`;
}

/** The query for a person with this manager; only the number of results matters. */
export function managerQuery(userId: string, managerId: string): string {
  const filter = `id eq ${JSON.stringify(userId)} and manager eq ${JSON.stringify(managerId)}`;
  return `?filter=${encodeURIComponent(filter)}&attributes=id`;
}

/** Without paging, so the first page must have all results. */
export const onePage = { startIndex: 1, count: Number.MAX_SAFE_INTEGER };
