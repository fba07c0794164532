import { randomUUID } from "node:crypto";

/** A person's profile in Entra. `userPrincipalName` becomes SCIM's userName and the work email. */
export type EntraProfile = {
  readonly userPrincipalName: string;
  /** Becomes externalId (E-DOC, example 1). */
  readonly mailNickname: string;
  readonly givenName: string;
  readonly surname: string;
  readonly displayName: string;
  readonly jobTitle?: string;
  readonly employeeId?: string;
};

/** A person in Entra's own directory. `remoteId` is the id in the service, if provisioned. */
export type EntraPerson = { readonly id: string; profile: EntraProfile; remoteId: string | null };

/** A group in Entra's own directory. `externalId` is the group's object id unless the mapping is changed. */
export type EntraGroup = {
  readonly id: string;
  name: string;
  externalId: string;
  remoteId: string | null;
};

/** Entra's own state: its people and groups, with their ids in the service. Kept in memory. */
export class EntraDirectory {
  readonly #people = new Map<string, EntraPerson>();
  readonly #groups = new Map<string, EntraGroup>();

  addPerson(profile: EntraProfile): EntraPerson {
    const person: EntraPerson = { id: randomUUID(), profile, remoteId: null };
    this.#people.set(person.id, person);
    return person;
  }

  addGroup(name: string): EntraGroup {
    const id = randomUUID();
    const group: EntraGroup = { id, name, externalId: id, remoteId: null };
    this.#groups.set(id, group);
    return group;
  }

  /** Throws for an unknown id, which is an error of the caller and not of the service. */
  person(personId: string): EntraPerson {
    const person = this.#people.get(personId);
    if (person === undefined) throw new Error(`No person ${personId} in the simulated Entra.`);
    return person;
  }

  /** Throws for an unknown id. */
  group(groupId: string): EntraGroup {
    const group = this.#groups.get(groupId);
    if (group === undefined) throw new Error(`No group ${groupId} in the simulated Entra.`);
    return group;
  }
}

/** Throws if the person or group is not in the service. */
export function remoteIdOf(subject: EntraPerson | EntraGroup): string {
  if (subject.remoteId === null) throw new Error(`${subject.id} is not in the service.`);
  return subject.remoteId;
}
