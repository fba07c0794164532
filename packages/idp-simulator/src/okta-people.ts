import type { ScimResponse } from "./connection.ts";
import { activePatch, createBody, mergedBody } from "./okta-bodies.ts";
import { type OktaPerson, type OktaProfile, randomText } from "./okta-directory.ts";
import { countAll, firstPage, importAll, matchQuery, type OktaMode, type OktaUser } from "./okta-wire.ts";
import { checkLocation, remoteIdOf, type ResourceClient } from "./resource-client.ts";
import { checkEcho, readRefusal } from "./response-check.ts";

type UserNameChange =
  | { readonly kind: "changed"; readonly user: OktaUser }
  | { readonly kind: "refused"; readonly detail: string };

/**
 * Okta's requests about people. Every method but `add` sends requests, and throws `UnexpectedResponse` at the first
 * response that would break provisioning.
 */
export class OktaPeople {
  readonly #client: ResourceClient<OktaUser>;
  readonly #mode: OktaMode;

  constructor(client: ResourceClient<OktaUser>, mode: OktaMode) {
    this.#client = client;
    this.#mode = mode;
  }

  /** Adds a person to Okta's own directory. */
  add(profile: OktaProfile): OktaPerson {
    return { id: `00u${randomText(17)}`, profile, remoteId: null, isAssigned: false };
  }

  /** The request of "Test API Credentials". Returns the number of users in the service. */
  count(): Promise<number> {
    return countAll(this.#client, 2);
  }

  /** Reads all users, active or not, in steps of 100. */
  importAll(): Promise<OktaUser[]> {
    return importAll(this.#client);
  }

  /** The match before an assignment: the user with this userName, in any case. */
  async find(login: string): Promise<OktaUser | undefined> {
    return (await this.#match(login)).found;
  }

  /** Assigns the app: a filter, then POST without a match, else GET and the profile (and `active`) on the match. */
  async assign(person: OktaPerson): Promise<OktaUser> {
    const match = await this.find(person.profile.login);
    return match === undefined ? this.#create(person) : this.#adopt(person, match.id);
  }

  /** Reassigns a formerly assigned person. The service must find the same identity again. */
  async reactivate(person: OktaPerson): Promise<OktaUser> {
    const before = remoteIdOf(person);
    const { response, found } = await this.#match(person.profile.login);
    checkEcho(response, "id", before, found?.id);
    return this.#adopt(person, before);
  }

  /** POSTs an existing person, as Okta does after a missed match. Returns the error's detail. */
  createAgain(person: OktaPerson): Promise<string> {
    return this.#client.createAgain(createBody(person));
  }

  /** Changes names in Okta and pushes them: GET, merge, PUT. */
  async update(person: OktaPerson, changes: Partial<Omit<OktaProfile, "login">>): Promise<OktaUser> {
    person.profile = { ...person.profile, ...changes };
    const { resource: before } = await this.#client.read(remoteIdOf(person));
    const { response, user } = await this.#replace(person, before);
    checkEcho(response, "userName", person.profile.login.toLowerCase(), user.userName.toLowerCase());
    return user;
  }

  /**
   * Changes the login, and with it userName and email. A 403 is allowed (an unverified domain) and returned as a
   * refusal; Okta's own directory then keeps the old login, as after an administrator's undo.
   */
  async changeUserName(person: OktaPerson, login: string): Promise<UserNameChange> {
    const { resource: before } = await this.#client.read(remoteIdOf(person));
    const renamed: OktaPerson = { ...person, profile: { ...person.profile, login } };
    const response = await this.#put(renamed, before);
    if (response.exchange.status === 403) return { kind: "refused", detail: readRefusal(response, 403) };
    const user = this.#readReplaced(response, renamed, before.active);
    checkEcho(response, "userName", login, user.userName);
    person.profile = renamed.profile;
    return { kind: "changed", user };
  }

  /**
   * Unassigns the app, with the same requests as if the person were deactivated in Okta: the account in the service is
   * deactivated, never deleted.
   */
  async unassign(person: OktaPerson): Promise<void> {
    const remoteId = remoteIdOf(person);
    if (this.#mode === "header-auth") await this.#patchActive(remoteId, false);
    else await this.#replace(person, { ...(await this.#client.read(remoteId)).resource, active: false });
    person.isAssigned = false;
  }

  async #match(login: string): Promise<{ response: ScimResponse; found: OktaUser | undefined }> {
    const match = await this.#client.find(matchQuery("userName", login), firstPage);
    const { response, found } = match;
    if (found !== undefined) checkEcho(response, "userName", login.toLowerCase(), found.userName.toLowerCase());
    return match;
  }

  async #create(person: OktaPerson): Promise<OktaUser> {
    const created = await this.#client.create(createBody(person));
    const { response, resource: user } = created;
    person.remoteId = user.id;
    person.isAssigned = true;
    checkEcho(response, "userName", person.profile.login, user.userName);
    checkLocation(created);
    checkProfile(response, person, user, true);
    return user;
  }

  async #adopt(person: OktaPerson, remoteId: string): Promise<OktaUser> {
    const { resource: before } = await this.#client.read(remoteId);
    // Set first, so that a person can be unassigned after a failure half-way.
    person.remoteId = remoteId;
    person.isAssigned = true;
    if (this.#mode === "header-auth") await this.#patchActive(remoteId, true);
    return (await this.#replace(person, { ...before, active: true })).user;
  }

  #put(person: OktaPerson, wanted: OktaUser): Promise<ScimResponse> {
    return this.#client.put(wanted.id, mergedBody(wanted, person));
  }

  async #replace(person: OktaPerson, wanted: OktaUser): Promise<{ response: ScimResponse; user: OktaUser }> {
    const response = await this.#put(person, wanted);
    const user = this.#readReplaced(response, person, wanted.active);
    checkEcho(response, "id", wanted.id, user.id);
    return { response, user };
  }

  #readReplaced(response: ScimResponse, person: OktaPerson, active: boolean): OktaUser {
    const user = this.#client.readAs(response, 200);
    checkProfile(response, person, user, active);
    return user;
  }

  async #patchActive(remoteId: string, active: boolean): Promise<void> {
    const response = await this.#client.patch(remoteId, activePatch(active));
    const user = this.#client.readPatched(response);
    if (user !== undefined) checkEcho(response, "active", active, user.active);
  }
}

function checkProfile(response: ScimResponse, { profile }: OktaPerson, user: OktaUser, active: boolean): void {
  checkEcho(response, "active", active, user.active);
  checkEcho(response, "name.givenName", profile.givenName, user.name?.givenName);
  checkEcho(response, "name.familyName", profile.familyName, user.name?.familyName);
}
