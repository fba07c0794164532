import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  checkEcho,
  checkStatus,
  readRefusal,
  readUnpaged,
  readUser,
  readUserPage,
  type RemoteUser,
  userShape,
  unexpected,
} from "./response-check.ts";
import type { ScimResponse, Send } from "./connection.ts";
import { type EntraDirectory, type EntraPerson, type EntraProfile, remoteIdOf } from "./entra-directory.ts";
import { addManager, mappedValues, type ManagerShape, removeManager, setAttributes } from "./entra-patch.ts";
import { type CreateShape, createBody } from "./entra-user-body.ts";
import { type EntraDialect, managerQuery, onePage, type UserKey, userQuery } from "./entra-wire.ts";

/**
 * Entra's requests about people. Every method throws `UnexpectedResponse` at the first response that would break provisioning.
 */
export class EntraPeople {
  readonly #send: Send;
  readonly #dialect: EntraDialect;
  readonly #directory: EntraDirectory;

  constructor(send: Send, dialect: EntraDialect, directory: EntraDirectory) {
    this.#send = send;
    this.#dialect = dialect;
    this.#directory = directory;
  }

  /** The first request of "Test Connection": for an unknown person, so that only an empty list is correct. */
  async testConnection(): Promise<void> {
    await this.findUser("userName", randomUUID());
  }

  async findUser(key: UserKey, value: string): Promise<RemoteUser | undefined> {
    const response = await this.#send({ method: "GET", path: `/Users${userQuery(key, value)}` });
    const { resources } = readUserPage(response, userShape, onePage);
    const [hit, other] = resources;
    if (other !== undefined)
      throw unexpected(response, `should find at most one person, but finds ${resources.length}.`);
    if (hit !== undefined) checkHit(response, key, value, hit);
    return hit;
  }

  /** GET /Users/{id}, as Entra does before each change. */
  async readUser(personId: string): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const response = await this.#get(remoteIdOf(person));
    checkStatus(response, 200);
    const user = readUser(response, userShape);
    checkEcho(response, "id", person.remoteId, user.id);
    return user;
  }

  /** POST /Users, and the same person read back. Only `minimal` leaves the profile to a later update. */
  async create(personId: string, shape: CreateShape): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const response = await this.#send({ method: "POST", path: "/Users", body: createBody(person, shape) });
    checkStatus(response, 201);
    const user = readUser(response, userShape);
    person.remoteId = user.id;
    checkEcho(response, "userName", person.profile.userPrincipalName, user.userName);
    checkEcho(response, "Location", user.meta.location, response.location);
    if (shape === "minimal") return this.readUser(personId);
    checkProfile(response, person, user, true);
    return this.#readBack(person, true);
  }

  /** POSTs an existing person. Returns the error's detail. */
  async createAgain(personId: string): Promise<string> {
    const body = createBody(this.#directory.person(personId), "whole");
    return readRefusal(await this.#send({ method: "POST", path: "/Users", body }), 409);
  }

  /** Adds the rest of the profile, externalId included, to a person created with a userName only. */
  async complete(personId: string): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const { userPrincipalName: _there, ...rest } = person.profile;
    const values = { ...mappedValues(rest), active: true };
    const response = await this.#patch(person, setAttributes(this.#dialect, "add", values));
    return this.#checkChange(response, person, true);
  }

  /** Changes a profile and pushes the changes, in the default dialect if it is provisioned on demand (E-COMPAT). */
  async update(
    personId: string,
    changes: Partial<Omit<EntraProfile, "userPrincipalName">>,
    isOnDemand = false,
  ): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    person.profile = { ...person.profile, ...changes };
    const dialect = isOnDemand ? "default" : this.#dialect;
    const response = await this.#patch(person, setAttributes(dialect, "replace", mappedValues(changes)));
    return this.#checkChange(response, person, true);
  }

  /**
   * Changes userName and email. Returns the detail of a 403, which the service may return (an unverified domain), and
   * undefined if the change succeeded.
   */
  async changeUserName(personId: string, userPrincipalName: string): Promise<string | undefined> {
    const person = this.#directory.person(personId);
    const before = person.profile;
    const body = setAttributes(this.#dialect, "replace", mappedValues({ userPrincipalName }));
    const response = await this.#patch(person, body);
    const detail = response.exchange.status === 403 ? readRefusal(response, 403) : undefined;
    if (detail === undefined) {
      person.profile = { ...before, userPrincipalName };
      await this.#checkChange(response, person, true);
    } else {
      await this.#readBack(person, true);
    }
    return detail;
  }

  /**
   * The soft delete, and its reversal (E-HOW). Entra frees the name of a deleted person by 32 hexadecimal digits before
   * it, and sends that too (onyx-dot-app/onyx #14074); the service must keep its name.
   */
  async setActive(personId: string, active: boolean): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const userPrincipalName = `${randomUUID().replaceAll("-", "")}${person.profile.userPrincipalName}`;
    const values = active ? { active } : { ...mappedValues({ userPrincipalName }), active };
    const response = await this.#patch(person, setAttributes(this.#dialect, "replace", values));
    return this.#checkChange(response, person, active);
  }

  /**
   * Asks whether a person has a manager (E-DOC, example 4), and sets it. A service may ignore it, but must accept both
   * and leave everything else unchanged.
   */
  async setManager(personId: string, managerId: string, shape: ManagerShape): Promise<void> {
    const person = this.#directory.person(personId);
    const { id, meta } = await this.readUser(managerId);
    const path = `/Users${managerQuery(remoteIdOf(person), id)}`;
    readUnpaged(await this.#send({ method: "GET", path }), referenceShape, "a User");
    const body = addManager(this.#dialect, shape, { id, location: meta.location });
    await this.#checkChange(await this.#patch(person, body), person, true);
  }

  async removeManager(personId: string): Promise<void> {
    const person = this.#directory.person(personId);
    await this.#checkChange(await this.#patch(person, removeManager(this.#dialect)), person, true);
  }

  /** The hard delete, thirty days after the soft one. Afterwards the id is unknown, also to a second DELETE. */
  async remove(personId: string): Promise<void> {
    const person = this.#directory.person(personId);
    const path = pathOf(remoteIdOf(person));
    checkStatus(await this.#send({ method: "DELETE", path }), 204);
    readRefusal(await this.#send({ method: "GET", path }), 404);
    // Only now, so that a person who still exists is cleaned up.
    person.remoteId = null;
    readRefusal(await this.#send({ method: "DELETE", path }), 404);
  }

  /** DELETE of a person whom the service has never had. Returns the error's detail. */
  async removeNobody(): Promise<string> {
    return readRefusal(await this.#send({ method: "DELETE", path: pathOf(randomUUID()) }), 404);
  }

  #get(remoteId: string): Promise<ScimResponse> {
    return this.#send({ method: "GET", path: pathOf(remoteId) });
  }

  #patch(person: EntraPerson, body: object): Promise<ScimResponse> {
    return this.#send({ method: "PATCH", path: pathOf(remoteIdOf(person)), body });
  }

  /** A PATCH may return the person or not; the response and the resource read back must have the change. */
  #checkChange(response: ScimResponse, person: EntraPerson, active: boolean): Promise<RemoteUser> {
    checkStatus(response, 200, 204);
    if (response.exchange.status === 200) checkProfile(response, person, readUser(response, userShape), active);
    return this.#readBack(person, active);
  }

  async #readBack(person: EntraPerson, active: boolean): Promise<RemoteUser> {
    const response = await this.#get(remoteIdOf(person));
    checkStatus(response, 200);
    const user = readUser(response, userShape);
    checkProfile(response, person, user, active);
    return user;
  }
}

function checkProfile(response: ScimResponse, person: EntraPerson, user: RemoteUser, active: boolean): void {
  const { profile } = person;
  checkEcho(response, "id", person.remoteId, user.id);
  checkEcho(response, "userName", profile.userPrincipalName, user.userName);
  checkEcho(response, "externalId", profile.mailNickname, user["externalId"]);
  checkEcho(response, "active", active, user.active);
  checkEcho(response, "displayName", profile.displayName, user["displayName"]);
  checkEcho(response, "name.givenName", profile.givenName, user.name?.givenName);
  checkEcho(response, "name.familyName", profile.surname, user.name?.familyName);
  const workEmail = user.emails?.find(({ type }) => type === "work")?.value;
  checkEcho(response, 'emails[type eq "work"].value', profile.userPrincipalName, workEmail);
}

function checkHit(response: ScimResponse, key: UserKey, value: string, hit: RemoteUser): void {
  if (key === "userName") checkEcho(response, key, value.toLowerCase(), hit.userName.toLowerCase());
  if (key === "externalId" || key === "id") checkEcho(response, key, value, hit[key]);
}

/** The rest of a User if only the id is requested. */
const referenceShape = z.looseObject({ id: z.string() });

function pathOf(remoteId: string): string {
  return `/Users/${encodeURIComponent(remoteId)}`;
}
