import { emailKey } from "../member/email-address.ts";
import type { DirectoryPerson } from "./directory-file.ts";

/** `userNameKey` is the key of the user name (`emailKey`). */
export type ComparedMember = {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
  readonly userNameKey: string;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly active: boolean;
  readonly isManaged: boolean;
};

export const findingKinds = ["onlyInFile", "onlyInRollcall", "activeInFile", "activeInRollcall", "differs"] as const;
export type FindingKind = (typeof findingKinds)[number];

/** One difference. `member` is null for a person who is not a member. */
export type Finding = {
  readonly kind: FindingKind;
  readonly userName: string;
  readonly member: Pick<ComparedMember, "id" | "name" | "isManaged"> | null;
  /** The status as written in the file. */
  readonly status: string | null;
  readonly differences: readonly Difference[];
};
type Difference = { readonly field: ComparedField; readonly there: string; readonly here: string | null };
const comparedFields = ["externalId", "givenName", "familyName"] as const;
type ComparedField = (typeof comparedFields)[number];

export type DirectoryComparison = {
  readonly findings: readonly Finding[];
  /** Counts of people who are the same in the file and in the organization, and of repeated user names in the file. */
  readonly same: number;
  readonly repeated: number;
};

/**
 * Compares a file of the identity provider with the members, by the folded user name. A person who is inactive on one
 * side and does not exist on the other is no difference, nor is a value that the file leaves out. Yields after each
 * person, so that the caller can do other work during a long comparison.
 */
export function* compareDirectory(
  theirs: Iterable<DirectoryPerson>,
  ours: Iterable<ComparedMember>,
): Generator<void, DirectoryComparison> {
  const members = new Map<string, ComparedMember>();
  for (const member of ours) {
    members.set(member.userNameKey, member);
    yield;
  }
  const seen = new Set<string>();
  const findings: Finding[] = [];
  let [same, repeated] = [0, 0];
  for (const person of theirs) {
    const key = emailKey(person.userName);
    if (seen.has(key)) repeated++;
    else {
      const found = compareOne(person, members.get(key));
      if (found.length === 0) same++;
      findings.push(...found);
    }
    seen.add(key);
    yield;
  }
  for (const member of ours) {
    if (member.active && !seen.has(member.userNameKey)) findings.push(findingOf("onlyInRollcall", member, null));
    yield;
  }
  return { findings, same, repeated };
}

function compareOne(person: DirectoryPerson, member: ComparedMember | undefined): readonly Finding[] {
  if (member === undefined) {
    const { userName, status } = person;
    const missing: Finding = { kind: "onlyInFile", userName, member: null, status, differences: [] };
    return person.isActive === false ? [] : [missing];
  }
  const found: Finding[] = [];
  if (person.isActive === true && !member.active) found.push(findingOf("activeInFile", member, person.status));
  if (person.isActive === false && member.active) found.push(findingOf("activeInRollcall", member, person.status));
  const differences = comparedFields.flatMap((field) => differenceOf(field, person, member));
  if (differences.length > 0) found.push({ ...findingOf("differs", member, person.status), differences });
  return found;
}

function differenceOf(field: ComparedField, person: DirectoryPerson, member: ComparedMember): readonly Difference[] {
  const [there, here] = [person[field], member[field]];
  return there === null || there.normalize() === here?.normalize() ? [] : [{ field, there, here }];
}

function findingOf(kind: FindingKind, member: ComparedMember, status: string | null): Finding {
  const { id, name, userName, isManaged } = member;
  return { kind, userName, member: { id, name, isManaged }, status, differences: [] };
}
