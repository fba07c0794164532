/**
 * Every attribute name of RFC 7643 sections 3, 4.1, 4.2 and 4.3, lower-cased. Where a resource type does not support
 * one, a PATCH that names it is accepted and the operation dropped: an identity provider sends all it has mapped.
 */
const rfcAttributeNames: ReadonlySet<string> = new Set(
  [
    ["schemas", "id", "externalId", "meta"],
    ["userName", "name", "displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale"],
    ["timezone", "active", "password", "emails", "phoneNumbers", "ims", "photos", "addresses", "groups"],
    ["entitlements", "roles", "x509Certificates", "members"],
    ["employeeNumber", "costCenter", "organization", "division", "department", "manager"],
  ]
    .flat()
    .map((name) => name.toLowerCase()),
);

/** The sub-attributes of RFC 7643 that we leave out of an attribute which we support, lower-cased. */
const rfcSubAttributeNames: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["name", new Set(["middlename", "honorificprefix", "honorificsuffix"])],
]);

/** Does RFC 7643 know an attribute of this name, in any letter case? */
export function isRfcAttribute(name: string): boolean {
  return rfcAttributeNames.has(name.toLowerCase());
}

/** Does RFC 7643 know a sub-attribute of this name that we do not support? Both names in any letter case. */
export function isRfcSubAttribute(attributeName: string, subAttributeName: string): boolean {
  return rfcSubAttributeNames.get(attributeName.toLowerCase())?.has(subAttributeName.toLowerCase()) ?? false;
}
