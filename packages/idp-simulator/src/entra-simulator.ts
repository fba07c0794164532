import type { RemoteGroup, RemoteUser } from "./response-check.ts";
import { connect, type ConnectionOptions } from "./connection.ts";
import { EntraDirectory, type EntraProfile } from "./entra-directory.ts";
import { EntraGroups } from "./entra-groups.ts";
import type { ManagerShape } from "./entra-patch.ts";
import { EntraPeople } from "./entra-people.ts";
import type { CreateShape } from "./entra-user-body.ts";
import { type EntraDialect, entraHeaders, type GroupKey, type UserKey } from "./entra-wire.ts";

export type EntraSimulatorOptions = ConnectionOptions & { readonly dialect: EntraDialect };

/**
 * A simulated Entra with its own directory and one enterprise app. People and groups are named by their object ids, as
 * `createPerson` and `createGroup` return them; those two send nothing. All other methods send requests, read back what
 * they wrote, throw `UnexpectedResponse` at the first response that would break provisioning, and throw a plain Error if
 * misused.
 */
export type EntraSimulator = {
  createPerson(profile: EntraProfile): string;
  createGroup(name: string): string;
  /** The service's id of a person; null if they are not provisioned (any more). */
  remoteIdOf(personId: string): string | null;
  isGroupThere(groupId: string): boolean;
  userNameOf(personId: string): string;
  mailNicknameOf(personId: string): string;
  groupNameOf(groupId: string): string;
  groupExternalIdOf(groupId: string): string;

  /** The two requests of "Test Connection". */
  testConnection(): Promise<void>;
  findUser(key: UserKey, value: string): Promise<RemoteUser | undefined>;
  findGroup(key: GroupKey, value: string): Promise<RemoteGroup | undefined>;

  provision(personId: string, shape: CreateShape): Promise<RemoteUser>;
  provisionAgain(personId: string): Promise<string>;
  complete(personId: string): Promise<RemoteUser>;
  update(personId: string, changes: Partial<Omit<EntraProfile, "userPrincipalName">>): Promise<RemoteUser>;
  updateOnDemand(personId: string, changes: Partial<Omit<EntraProfile, "userPrincipalName">>): Promise<RemoteUser>;
  changeUserName(personId: string, userPrincipalName: string): Promise<string | undefined>;
  setManager(personId: string, managerId: string, shape: ManagerShape): Promise<void>;
  removeManager(personId: string): Promise<void>;
  softDelete(personId: string): Promise<RemoteUser>;
  restore(personId: string): Promise<RemoteUser>;
  hardDelete(personId: string): Promise<void>;
  deleteNobody(): Promise<string>;

  provisionGroup(groupId: string): Promise<RemoteGroup>;
  provisionGroupAgain(groupId: string): Promise<string>;
  addMembers(groupId: string, personIds: readonly string[], expected: readonly string[]): Promise<void>;
  removeMembers(groupId: string, personIds: readonly string[], expected: readonly string[]): Promise<void>;
  expectMembers(groupId: string, expected: readonly string[]): Promise<void>;
  renameGroup(groupId: string, name: string): Promise<void>;
  changeGroupExternalId(groupId: string, externalId: string): Promise<void>;
  deleteGroup(groupId: string): Promise<void>;
  deleteNoGroup(): Promise<string>;
};

/** Throws a TypeError if the base is not a URL or the token not a header value; sends nothing yet. */
export function createEntraSimulator(options: EntraSimulatorOptions): EntraSimulator {
  const send = connect(options, (hasBody) => entraHeaders(options.token, hasBody));
  const directory = new EntraDirectory();
  const people = new EntraPeople(send, options.dialect, directory);
  const groups = new EntraGroups(send, options.dialect, directory);
  return {
    createPerson: (profile) => directory.addPerson(profile).id,
    createGroup: (name) => directory.addGroup(name).id,
    remoteIdOf: (personId) => directory.person(personId).remoteId,
    isGroupThere: (groupId) => directory.group(groupId).remoteId !== null,
    userNameOf: (personId) => directory.person(personId).profile.userPrincipalName,
    mailNicknameOf: (personId) => directory.person(personId).profile.mailNickname,
    groupNameOf: (groupId) => directory.group(groupId).name,
    groupExternalIdOf: (groupId) => directory.group(groupId).externalId,

    async testConnection() {
      await people.testConnection();
      await groups.testConnection();
    },
    findUser: (key, value) => people.findUser(key, value),
    findGroup: (key, value) => groups.findGroup(key, value),

    provision: (personId, shape) => people.create(personId, shape),
    provisionAgain: (personId) => people.createAgain(personId),
    complete: (personId) => people.complete(personId),
    update: (personId, changes) => people.update(personId, changes),
    updateOnDemand: (personId, changes) => people.update(personId, changes, true),
    changeUserName: (personId, userPrincipalName) => people.changeUserName(personId, userPrincipalName),
    setManager: (personId, managerId, shape) => people.setManager(personId, managerId, shape),
    removeManager: (personId) => people.removeManager(personId),
    softDelete: (personId) => people.setActive(personId, false),
    restore: (personId) => people.setActive(personId, true),
    hardDelete: (personId) => people.remove(personId),
    deleteNobody: () => people.removeNobody(),

    provisionGroup: (groupId) => groups.create(groupId),
    provisionGroupAgain: (groupId) => groups.createAgain(groupId),
    addMembers: (groupId, personIds, expected) => groups.addMembers(groupId, personIds, expected),
    removeMembers: (groupId, personIds, expected) => groups.removeMembers(groupId, personIds, expected),
    expectMembers: (groupId, expected) => groups.expectMembers(groupId, expected),
    renameGroup: (groupId, name) => groups.rename(groupId, name),
    changeGroupExternalId: (groupId, externalId) => groups.changeExternalId(groupId, externalId),
    deleteGroup: (groupId) => groups.remove(groupId),
    deleteNoGroup: () => groups.removeNothing(),
  };
}
