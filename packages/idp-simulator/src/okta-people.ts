import { checkEcho, checkStatus, readRefusal, readUser, readUserPage, unexpected } from "./response-check.ts";
import type { ScimResponse, Send } from "./connection.ts";
import { type OktaDirectory, type OktaPerson, type OktaProfile, remoteIdOf } from "./okta-directory.ts";
import { importAll } from "./okta-import.ts";
import { activePatch, createBody, mergedBody } from "./okta-profile.ts";
import { type OktaUser, oktaUserShape } from "./okta-user.ts";
import { matchQuery, type OktaMode, oktaPageSize, pageQuery } from "./okta-wire.ts";

export type UserNameChange =
  | { readonly kind: "changed"; readonly user: OktaUser }
  | { readonly kind: "refused"; readonly detail: string };

/**
 * Okta's requests about people. Every method throws `UnexpectedResponse` at the first response that would break provisioning.
 */
export class OktaPeople {
  readonly #send: Send;
  readonly #mode: OktaMode;
  readonly #directory: OktaDirectory;

  constructor(send: Send, mode: OktaMode, directory: OktaDirectory) {
    this.#send = send;
    this.#mode = mode;
    this.#directory = directory;
  }

  /** The request of "Test API Credentials". Returns the number of users in the service. */
  async testCredentials(): Promise<number> {
    const response = await this.#send({ method: "GET", path: `/Users${pageQuery(1, 2)}` });
    return readUserPage(response, oktaUserShape, { startIndex: 1, count: 2 }).totalResults;
  }

  /** Reads all users, active or not, in steps of 100. */
  importUsers(): Promise<OktaUser[]> {
    return importAll(async (startIndex) => {
      const response = await this.#send({ method: "GET", path: `/Users${pageQuery(startIndex, oktaPageSize)}` });
      return { response, page: readUserPage(response, oktaUserShape, { startIndex, count: oktaPageSize }) };
    });
  }

  /** The match before an assignment: the user with this userName, in any case. */
  async findUser(login: string): Promise<OktaUser | undefined> {
    return (await this.#match(login)).user;
  }

  /** Assigns the app: a filter, then POST without a match, else GET and the profile (and `active`) on the match. */
  async assign(personId: string): Promise<OktaUser> {
    const person = this.#directory.person(personId);
    const match = await this.findUser(person.profile.login);
    if (match === undefined) return this.#create(person);
    return this.#adopt(person, match.id);
  }

  /** Reassigns a formerly assigned person. The service must find the same identity again. */
  async reactivate(personId: string): Promise<OktaUser> {
    const person = this.#directory.person(personId);
    const before = remoteIdOf(person);
    const { response, user } = await this.#match(person.profile.login);
    checkEcho(response, "id", before, user?.id);
    return this.#adopt(person, before);
  }

  /** POSTs an existing person, as Okta does after a missed match. Returns the error's detail. */
  async createAgain(personId: string): Promise<string> {
    const body = createBody(this.#directory.person(personId));
    return readRefusal(await this.#send({ method: "POST", path: "/Users", body }), 409);
  }

  /** Changes names in Okta and pushes them: GET, merge, PUT. */
  async updateProfile(personId: string, changes: Partial<Omit<OktaProfile, "login">>): Promise<OktaUser> {
    const person = this.#directory.person(personId);
    person.profile = { ...person.profile, ...changes };
    const { response, user } = await this.#replace(person, await this.#read(remoteIdOf(person)));
    checkEcho(response, "userName", person.profile.login.toLowerCase(), user.userName.toLowerCase());
    return user;
  }

  /**
   * Changes the login, and with it userName and email. A 403 is allowed (an unverified domain) and returned as a
   * refusal; Okta's own directory then keeps the old login, as after an administrator's undo.
   */
  async changeUserName(personId: string, login: string): Promise<UserNameChange> {
    const person = this.#directory.person(personId);
    const before = await this.#read(remoteIdOf(person));
    const renamed: OktaPerson = { ...person, profile: { ...person.profile, login } };
    const response = await this.#put(renamed, before, before.active);
    if (response.exchange.status === 403) return { kind: "refused", detail: readRefusal(response, 403) };
    const user = this.#readReplaced(response, renamed, before.active);
    checkEcho(response, "userName", login, user.userName);
    person.profile = renamed.profile;
    return { kind: "changed", user };
  }

  /** Unassigns the app: the account in the service is deactivated, never deleted. */
  async unassign(personId: string): Promise<void> {
    const person = this.#directory.person(personId);
    const remoteId = remoteIdOf(person);
    if (this.#mode === "header-auth") await this.#patchActive(remoteId, false);
    else await this.#replace(person, { ...(await this.#read(remoteId)), active: false });
    person.isAssigned = false;
  }

  /** Deactivates the person in Okta; the requests are those of `unassign`. */
  deactivate(personId: string): Promise<void> {
    return this.unassign(personId);
  }

  async #match(login: string): Promise<{ response: ScimResponse; user: OktaUser | undefined }> {
    const response = await this.#send({ method: "GET", path: `/Users${matchQuery("userName", login)}` });
    const { resources } = readUserPage(response, oktaUserShape, { startIndex: 1, count: oktaPageSize });
    const [hit, other] = resources;
    if (other !== undefined)
      throw unexpected(response, `should find at most one person, but finds ${resources.length}.`);
    if (hit !== undefined) checkEcho(response, "userName", login.toLowerCase(), hit.userName.toLowerCase());
    return { response, user: hit };
  }

  async #create(person: OktaPerson): Promise<OktaUser> {
    const response = await this.#send({ method: "POST", path: "/Users", body: createBody(person) });
    checkStatus(response, 201);
    const user = readUser(response, oktaUserShape);
    person.remoteId = user.id;
    person.isAssigned = true;
    checkEcho(response, "userName", person.profile.login, user.userName);
    checkEcho(response, "Location", user.meta.location, response.location);
    this.#checkProfile(response, person, user, true);
    return user;
  }

  async #adopt(person: OktaPerson, remoteId: string): Promise<OktaUser> {
    const before = await this.#read(remoteId);
    // Set first, so that a person can be unassigned after a failure half-way.
    person.remoteId = remoteId;
    person.isAssigned = true;
    if (this.#mode === "header-auth") await this.#patchActive(remoteId, true);
    const { user } = await this.#replace(person, { ...before, active: true });
    return user;
  }

  async #read(remoteId: string): Promise<OktaUser> {
    const response = await this.#send({ method: "GET", path: `/Users/${encodeURIComponent(remoteId)}` });
    checkStatus(response, 200);
    const user = readUser(response, oktaUserShape);
    checkEcho(response, "id", remoteId, user.id);
    return user;
  }

  #put(person: OktaPerson, before: OktaUser, active: boolean): Promise<ScimResponse> {
    const path = `/Users/${encodeURIComponent(before.id)}`;
    return this.#send({ method: "PUT", path, body: mergedBody(before, person, active) });
  }

  async #replace(person: OktaPerson, wanted: OktaUser): Promise<{ response: ScimResponse; user: OktaUser }> {
    const response = await this.#put(person, wanted, wanted.active);
    const user = this.#readReplaced(response, person, wanted.active);
    checkEcho(response, "id", wanted.id, user.id);
    return { response, user };
  }

  #readReplaced(response: ScimResponse, person: OktaPerson, active: boolean): OktaUser {
    checkStatus(response, 200);
    const user = readUser(response, oktaUserShape);
    this.#checkProfile(response, person, user, active);
    return user;
  }

  async #patchActive(remoteId: string, active: boolean): Promise<void> {
    const path = `/Users/${encodeURIComponent(remoteId)}`;
    const response = await this.#send({ method: "PATCH", path, body: activePatch(active) });
    checkStatus(response, 200, 204);
    if (response.exchange.status === 200)
      checkEcho(response, "active", active, readUser(response, oktaUserShape).active);
  }

  #checkProfile(response: ScimResponse, person: OktaPerson, user: OktaUser, active: boolean): void {
    checkEcho(response, "active", active, user.active);
    checkEcho(response, "name.givenName", person.profile.givenName, user.name?.givenName);
    checkEcho(response, "name.familyName", person.profile.familyName, user.name?.familyName);
  }
}
