import { at, isObject, isSame, type JsonObject } from "./json.ts";
import { groupSchema, references, userSchema } from "./request-body.ts";

export type PersonNumber = 1 | 2 | 3 | 4 | 5;
export type GroupNumber = 1 | 2;

/** What a person has at the beginning of every check. */
export type PersonData = {
  readonly number: PersonNumber;
  readonly userName: string;
  readonly externalId: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Person 3 has none. */
  readonly displayName: string | undefined;
  /** False for person 4. */
  readonly active: boolean;
};

export type GroupData = {
  readonly number: GroupNumber;
  readonly displayName: string;
  readonly externalId: string;
  readonly members: readonly PersonNumber[];
};

/** Family names sort differently with and without letter case; one name has letters beyond ASCII. */
const names = [
  { number: 1, givenName: "Ada", familyName: "Bernoulli", displayName: "Ada Conformance", active: true },
  { number: 2, givenName: "Ben", familyName: "archimedes", displayName: "ben conformance", active: true },
  { number: 3, givenName: "Zoë", familyName: "Dirac", displayName: undefined, active: true },
  { number: 4, givenName: "Dora", familyName: "cantor", displayName: "Dora Conformance", active: false },
  { number: 5, givenName: "Eve", familyName: "O'Euler", displayName: 'Eve "5" \\ Conformance', active: true },
] as const;

export function peopleOf(label: string, domain: string): readonly PersonData[] {
  return names.map((name) => ({
    ...name,
    userName: `${label}-${name.number}@${domain}`,
    externalId: `${label}-External-${name.number}@${domain}`,
  }));
}

export function groupsOf(label: string): readonly GroupData[] {
  return [
    { number: 1, displayName: `${label}-Group-1`, externalId: `${label}-External-Group-1`, members: [1, 2] },
    { number: 2, displayName: `${label}-group-2`, externalId: `${label}-External-Group-2`, members: [2, 3] },
  ];
}

/** The body that creates or replaces a person. */
export function personBody(person: PersonData): JsonObject {
  const { userName, externalId, givenName, familyName, displayName, active } = person;
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

/** The body that creates or replaces a group. */
export function groupBody({ displayName, externalId }: GroupData, memberIds: readonly string[]): JsonObject {
  return { schemas: [groupSchema], displayName, externalId, members: references(...memberIds) };
}

/** Does a resource show the attributes of this person? Others are not compared. */
export function isLikePerson(resource: unknown, person: PersonData): boolean {
  const { number: _number, ...expected } = person;
  const shown = {
    userName: at(resource, "userName"),
    externalId: at(resource, "externalId"),
    givenName: at(resource, "name.givenName"),
    familyName: at(resource, "name.familyName"),
    displayName: at(resource, "displayName"),
    active: at(resource, "active"),
  };
  return isSame(shown, expected);
}

export function isLikeGroup(resource: unknown, group: GroupData, memberIds: readonly string[]): boolean {
  const members = at(resource, "members") ?? [];
  const values = Array.isArray(members) ? members.filter(isObject).map(({ value }) => String(value)) : [];
  return (
    at(resource, "displayName") === group.displayName &&
    at(resource, "externalId") === group.externalId &&
    isSame(values.toSorted(), memberIds.toSorted())
  );
}
