import { at, isObject, isSame } from "./json.ts";

export type PersonNumber = 1 | 2 | 3 | 4 | 5;
export type GroupNumber = 1 | 2;

/** A person as the run wants them at the beginning of every check. */
export type PersonRole = {
  readonly number: PersonNumber;
  readonly userName: string;
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Person 3 has none, so that there is somebody without a value. */
  readonly displayName: string | undefined;
  /** Person 4 is not. */
  readonly active: boolean;
};
export type Person = PersonRole & { readonly id: string };

export type GroupRole = {
  readonly number: GroupNumber;
  readonly displayName: string;
  readonly externalId: string;
  readonly members: readonly PersonNumber[];
};
export type Group = GroupRole & { readonly id: string; readonly memberIds: readonly string[] };

/** Family names are in another order with their case than without; one name has letters beyond ASCII. */
const names = [
  { number: 1, givenName: "Ada", familyName: "Bernoulli", displayName: "Ada Conformance", active: true },
  { number: 2, givenName: "Ben", familyName: "archimedes", displayName: "ben conformance", active: true },
  { number: 3, givenName: "Zoë", familyName: "Dirac", displayName: undefined, active: true },
  { number: 4, givenName: "Dora", familyName: "cantor", displayName: "Dora Conformance", active: false },
  { number: 5, givenName: "Eve", familyName: "O'Euler", displayName: 'Eve "5" \\ Conformance', active: true },
] as const;

export function peopleOf(label: string, domain: string): readonly PersonRole[] {
  return names.map((name) => ({
    ...name,
    userName: `${label}-${name.number}@${domain}`,
    externalId: `${label}-External-${name.number}@${domain}`,
  }));
}

export function groupsOf(label: string): readonly GroupRole[] {
  return [
    { number: 1, displayName: `${label}-Group-1`, externalId: `${label}-External-Group-1`, members: [1, 2] },
    { number: 2, displayName: `${label}-group-2`, externalId: `${label}-External-Group-2`, members: [2, 3] },
  ];
}

const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const groupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** The body with which the cast creates or replaces a person. */
export function personBody(role: PersonRole): object {
  const { userName, externalId, givenName, familyName, displayName, active } = role;
  return {
    schemas: [userSchema],
    userName,
    externalId,
    name: { givenName, familyName },
    ...(displayName === undefined ? {} : { displayName }),
    active,
    emails: [{ value: userName, type: "work", primary: true }],
  };
}

export function groupBody(role: GroupRole, memberIds: readonly string[]): object {
  const { displayName, externalId } = role;
  return { schemas: [groupSchema], displayName, externalId, members: memberIds.map((value) => ({ value })) };
}

/** Does a resource show this person, in all that the cast cares about? */
export function isLikePerson(resource: unknown, role: PersonRole): boolean {
  const shown = {
    userName: at(resource, "userName"),
    externalId: at(resource, "externalId"),
    givenName: at(resource, "name.givenName"),
    familyName: at(resource, "name.familyName"),
    displayName: at(resource, "displayName"),
    active: at(resource, "active"),
  };
  const { number: _number, ...wanted } = role;
  return isSame(shown, wanted);
}

export function isLikeGroup(resource: unknown, role: GroupRole, memberIds: readonly string[]): boolean {
  const members = at(resource, "members") ?? [];
  const values = Array.isArray(members) ? members.filter(isObject).map(({ value }) => String(value)) : [];
  return (
    at(resource, "displayName") === role.displayName &&
    at(resource, "externalId") === role.externalId &&
    isSame(values.toSorted(compare), memberIds.toSorted(compare))
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
