import { randomInt } from "node:crypto";

/** A person's profile in Okta. `login` becomes SCIM's userName and the primary email. */
export type OktaProfile = {
  readonly login: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Given and family name where absent. */
  readonly displayName?: string;
  readonly locale?: string;
};

/** A person in Okta's own directory. `remoteId` is the id in the service, known after the first assignment. */
export type OktaPerson = { readonly id: string; profile: OktaProfile; remoteId: string | null; isAssigned: boolean };

/** A group in Okta's own directory. `pushedMembers` are the members of the last push. */
export type OktaGroup = {
  readonly id: string;
  name: string;
  memberIds: ReadonlySet<string>;
  remoteId: string | null;
  pushedMembers: readonly MemberReference[];
};

/** A member as in a group push. */
export type MemberReference = { readonly value: string; readonly display: string };

/** Okta's own state: its people and groups, with their ids in the service. Kept in memory. */
export class OktaDirectory {
  readonly #people = new Map<string, OktaPerson>();
  readonly #groups = new Map<string, OktaGroup>();

  addPerson(profile: OktaProfile): OktaPerson {
    const person: OktaPerson = { id: oktaId("00u"), profile, remoteId: null, isAssigned: false };
    this.#people.set(person.id, person);
    return person;
  }

  addGroup(name: string, memberIds: readonly string[]): OktaGroup {
    const members = new Set(memberIds);
    const group: OktaGroup = { id: oktaId("00g"), name, memberIds: members, remoteId: null, pushedMembers: [] };
    this.#groups.set(group.id, group);
    return group;
  }

  /** Throws for an unknown id, which is an error of the caller and not of the service. */
  person(personId: string): OktaPerson {
    const person = this.#people.get(personId);
    if (person === undefined) throw new Error(`No person ${personId} in the simulated Okta.`);
    return person;
  }

  /** Throws for an unknown id. */
  group(groupId: string): OktaGroup {
    const group = this.#groups.get(groupId);
    if (group === undefined) throw new Error(`No group ${groupId} in the simulated Okta.`);
    return group;
  }

  /** The members that a push includes: only people who are assigned to the app (O-PLAN). */
  pushableMembers(group: OktaGroup): MemberReference[] {
    const references: MemberReference[] = [];
    for (const personId of group.memberIds) {
      const person = this.person(personId);
      if (!person.isAssigned || person.remoteId === null) continue;
      references.push({ value: person.remoteId, display: person.profile.login });
    }
    return references;
  }
}

/** Throws if the person or group has never been sent to the service. */
export function remoteIdOf(subject: OktaPerson | OktaGroup): string {
  if (subject.remoteId === null) throw new Error(`${subject.id} has not been sent to the service yet.`);
  return subject.remoteId;
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The throw-away password that Okta sends on every create, also with Sync Password off: eight letters. */
export function throwAwayPassword(): string {
  return randomText(8);
}

function oktaId(prefix: "00u" | "00g"): string {
  return prefix + randomText(17);
}

function randomText(length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join("");
}
