import type { EntraProfile } from "./entra-directory.ts";
import { type EntraDialect, enterpriseSchema } from "./entra-wire.ts";
import { patchBody } from "./scim-wire.ts";

/** The values of SCIM paths, such as `name.givenName`, by a mapping. */
export type MappedValues = Readonly<Record<string, string | boolean>>;

/** Maps a profile, or its changes, as Entra does. */
export function mappedValues(changes: Partial<EntraProfile>): MappedValues {
  const { displayName, userPrincipalName, mailNickname, givenName, surname, jobTitle, employeeId } = changes;
  return withoutAbsent([
    ["displayName", displayName],
    ["userName", userPrincipalName],
    ['emails[type eq "work"].value', userPrincipalName],
    ["externalId", mailNickname],
    ["name.givenName", givenName],
    ["name.familyName", surname],
    ["title", jobTitle],
    [`${enterpriseSchema}:employeeNumber`, employeeId],
  ]);
}

/** Sets attributes that had a value (`replace`) or had none (`add`). */
export function setAttributes(dialect: EntraDialect, op: "add" | "replace", values: MappedValues): object {
  const entries = Object.entries(values);
  if (dialect === "default") {
    return patchBody(entries.map(([path, value]) => ({ op: capitalised(op), path, value: wordOf(value) })));
  }
  // Several attributes with a value are replaced in one operation, except those that a key cannot name (E-COMPAT).
  const isShared = (path: string): boolean => op === "replace" && entries.length > 1 && !path.includes("[");
  const withPath = entries.filter(([path]) => !isShared(path));
  const withoutPath = entries.filter(([path]) => isShared(path));
  return patchBody([
    ...withPath.map(([path, value]) => ({ op, path, value })),
    ...(withoutPath.length === 0 ? [] : [{ op, value: Object.fromEntries(withoutPath) }]),
  ]);
}

/** Several people in one operation. */
export function addMembers(dialect: EntraDialect, memberIds: readonly string[]): object {
  return patchBody([{ op: inDialect(dialect, "add"), path: "members", value: memberIds.map(reference) }]);
}

/**
 * By the values in the default dialect, which the RFC would read as a removal of all members; by a filter with the
 * flag.
 */
export function removeMembers(dialect: EntraDialect, memberIds: readonly string[]): object {
  if (dialect === "default") {
    return patchBody([{ op: "Remove", path: "members", value: memberIds.map(reference) }]);
  }
  return patchBody(memberIds.map((id) => ({ op: "remove", path: `members[value eq ${JSON.stringify(id)}]` })));
}

/** The known shapes of a manager: a bare text, an object, a list of one (E-DOC example 5, SCIM-SDK). */
export const managerShapes = ["text", "object", "list"] as const;
export type ManagerShape = (typeof managerShapes)[number];

export function addManager(
  dialect: EntraDialect,
  shape: ManagerShape,
  manager: { readonly id: string; readonly location: string },
): object {
  const object = { $ref: manager.location, value: manager.id };
  const value = { text: manager.id, object, list: [object] }[shape];
  return patchBody([{ op: inDialect(dialect, "add"), path: `${enterpriseSchema}:manager`, value }]);
}

export function removeManager(dialect: EntraDialect): object {
  return patchBody([{ op: inDialect(dialect, "remove"), path: `${enterpriseSchema}:manager` }]);
}

function withoutAbsent(entries: readonly (readonly [string, string | undefined])[]): MappedValues {
  return Object.fromEntries(entries.flatMap(([path, value]) => (value === undefined ? [] : [[path, value]])));
}

function reference(memberId: string): object {
  return { $ref: null, value: memberId };
}

function inDialect(dialect: EntraDialect, op: "add" | "remove"): string {
  return dialect === "default" ? capitalised(op) : op;
}

function capitalised(op: string): string {
  return op.charAt(0).toUpperCase() + op.slice(1);
}

/** `active` as in the default dialect: "False" or "True". */
function wordOf(value: string | boolean): string {
  return typeof value === "string" ? value : value ? "True" : "False";
}
