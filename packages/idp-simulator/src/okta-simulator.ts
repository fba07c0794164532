import type { RemoteGroup } from "./response-check.ts";
import { connect, type ConnectionOptions } from "./connection.ts";
import { OktaDirectory, type OktaProfile } from "./okta-directory.ts";
import { OktaGroups } from "./okta-groups.ts";
import { OktaPeople, type UserNameChange } from "./okta-people.ts";
import type { OktaUser } from "./okta-user.ts";
import { type OktaMode, oktaHeaders } from "./okta-wire.ts";

export type OktaSimulatorOptions = ConnectionOptions & {
  /** The token is sent bare in `header-auth`, and after `Bearer ` in `wizard`. */
  readonly mode: OktaMode;
};

/**
 * A simulated Okta with its own directory and one SCIM app. People and groups are named by their Okta ids, as
 * `createPerson` and `createGroup` return them; those two send nothing. All other methods send requests, throw
 * `UnexpectedResponse` at the first response that would break provisioning, and throw a plain Error if misused.
 */
export type OktaSimulator = {
  createPerson(profile: OktaProfile): string;
  createGroup(name: string, personIds?: readonly string[]): string;
  /** The service's id of a person or group; null before it was sent. */
  remoteIdOf(oktaId: string): string | null;
  isAssigned(personId: string): boolean;
  loginOf(personId: string): string;
  groupNameOf(groupId: string): string;

  /** Okta's "Test API Credentials" and "Save". Returns how many users and groups the service reports. */
  testCredentials(): Promise<{ readonly people: number; readonly groups: number }>;
  importUsers(): Promise<OktaUser[]>;
  importGroups(): Promise<RemoteGroup[]>;
  findUser(login: string): Promise<OktaUser | undefined>;
  findGroup(name: string): Promise<RemoteGroup | undefined>;

  assign(personId: string): Promise<OktaUser>;
  createAgain(personId: string): Promise<string>;
  updateProfile(personId: string, changes: Partial<Omit<OktaProfile, "login">>): Promise<OktaUser>;
  changeUserName(personId: string, login: string): Promise<UserNameChange>;
  unassign(personId: string): Promise<void>;
  deactivate(personId: string): Promise<void>;
  reactivate(personId: string): Promise<OktaUser>;

  pushGroup(groupId: string): Promise<void>;
  renameGroup(groupId: string, name: string): Promise<void>;
  setGroupMembers(groupId: string, personIds: readonly string[]): Promise<void>;
  addMembers(groupId: string, personIds: readonly string[]): Promise<void>;
  removeMembers(groupId: string, personIds: readonly string[]): Promise<void>;
  pushNow(groupId: string): Promise<void>;
  deleteGroup(groupId: string): Promise<void>;
};

/** Throws a TypeError if the base is not a URL or the token not a header value; sends nothing yet. */
export function createOktaSimulator(options: OktaSimulatorOptions): OktaSimulator {
  const send = connect(options, (hasBody) => oktaHeaders(options.mode, options.token, hasBody));
  const directory = new OktaDirectory();
  const people = new OktaPeople(send, options.mode, directory);
  const groups = new OktaGroups(send, options.mode, directory);
  return {
    createPerson: (profile) => directory.addPerson(profile).id,
    createGroup: (name, personIds = []) => directory.addGroup(name, personIds).id,
    remoteIdOf: (oktaId) => (oktaId.startsWith("00g") ? directory.group(oktaId) : directory.person(oktaId)).remoteId,
    loginOf: (personId) => directory.person(personId).profile.login,
    groupNameOf: (groupId) => directory.group(groupId).name,
    isAssigned: (personId) => directory.person(personId).isAssigned,

    testCredentials: async () => ({
      people: await people.testCredentials(),
      groups: await groups.testCredentials(),
    }),
    importUsers: () => people.importUsers(),
    importGroups: () => groups.importGroups(),
    findUser: (login) => people.findUser(login),
    findGroup: (name) => groups.findGroup(name),

    assign: (personId) => people.assign(personId),
    createAgain: (personId) => people.createAgain(personId),
    updateProfile: (personId, changes) => people.updateProfile(personId, changes),
    changeUserName: (personId, login) => people.changeUserName(personId, login),
    unassign: (personId) => people.unassign(personId),
    deactivate: (personId) => people.deactivate(personId),
    reactivate: (personId) => people.reactivate(personId),

    pushGroup: (groupId) => groups.pushGroup(groupId),
    renameGroup: (groupId, name) => groups.renameGroup(groupId, name),
    setGroupMembers: (groupId, personIds) => groups.setGroupMembers(groupId, personIds),
    addMembers: (groupId, personIds) => groups.addMembers(groupId, personIds),
    removeMembers: (groupId, personIds) => groups.removeMembers(groupId, personIds),
    pushNow: (groupId) => groups.pushNow(groupId),
    deleteGroup: (groupId) => groups.deleteGroup(groupId),
  };
}
