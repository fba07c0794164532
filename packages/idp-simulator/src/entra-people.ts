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
  wrong,
} from "./answer-check.ts";
import type { Answer, Send } from "./connection.ts";
import { type EntraDirectory, type EntraPerson, type EntraProfile, remoteIdOf } from "./entra-directory.ts";
import { addManager, mappedValues, type ManagerShape, removeManager, setAttributes } from "./entra-patch.ts";
import { type CreateShape, createBody } from "./entra-user-body.ts";
import { type EntraDialect, managerQuery, onePage, type UserKey, userQuery } from "./entra-wire.ts";

/** What Entra sends about people. Every method throws `WrongAnswer` at the first answer that would break provisioning. */
export class EntraPeople {
  readonly #send: Send;
  readonly #dialect: EntraDialect;
  readonly #directory: EntraDirectory;

  constructor(send: Send, dialect: EntraDialect, directory: EntraDirectory) {
    this.#send = send;
    this.#dialect = dialect;
    this.#directory = directory;
  }

  /** The first call of "Test Connection": somebody whom nobody can know, so that only an empty list is right. */
  async testConnection(): Promise<void> {
    await this.findUser("userName", randomUUID());
  }

  async findUser(key: UserKey, value: string): Promise<RemoteUser | undefined> {
    const answer = await this.#send({ method: "GET", path: `/Users${userQuery(key, value)}` });
    const { resources } = readUserPage(answer, userShape, onePage);
    const [hit, other] = resources;
    if (other !== undefined) throw wrong(answer, `should find at most one person, but finds ${resources.length}.`);
    if (hit !== undefined) checkHit(answer, key, value, hit);
    return hit;
  }

  /** GET /Users/{id}, as Entra does before each change. */
  async readUser(personId: string): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const answer = await this.#get(remoteIdOf(person));
    checkStatus(answer, 200);
    const user = readUser(answer, userShape);
    checkEcho(answer, "id", person.remoteId, user.id);
    return user;
  }

  /** POST /Users, and the same person read back. Only `minimal` leaves the profile to a later update. */
  async create(personId: string, shape: CreateShape): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const answer = await this.#send({ method: "POST", path: "/Users", body: createBody(person, shape) });
    checkStatus(answer, 201);
    const user = readUser(answer, userShape);
    person.remoteId = user.id;
    checkEcho(answer, "userName", person.profile.userPrincipalName, user.userName);
    checkEcho(answer, "Location", user.meta.location, answer.location);
    if (shape === "minimal") return this.readUser(personId);
    checkProfile(answer, person, user, true);
    return this.#readBack(person, true);
  }

  /** POSTs somebody who is there already. Returns the refusal's detail. */
  async createAgain(personId: string): Promise<string> {
    const body = createBody(this.#directory.person(personId), "whole");
    return readRefusal(await this.#send({ method: "POST", path: "/Users", body }), 409);
  }

  /** Gives somebody who was made with a userName only the rest of the profile, externalId included. */
  async complete(personId: string): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const { userPrincipalName: _there, ...rest } = person.profile;
    const values = { ...mappedValues(rest), active: true };
    const answer = await this.#patch(person, setAttributes(this.#dialect, "add", values));
    return this.#checkChange(answer, person, true);
  }

  /** Changes a profile and pushes what changed, in the default dialect where it is provisioned on demand (E-COMPAT). */
  async update(
    personId: string,
    changes: Partial<Omit<EntraProfile, "userPrincipalName">>,
    isOnDemand = false,
  ): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    person.profile = { ...person.profile, ...changes };
    const dialect = isOnDemand ? "default" : this.#dialect;
    const answer = await this.#patch(person, setAttributes(dialect, "replace", mappedValues(changes)));
    return this.#checkChange(answer, person, true);
  }

  /**
   * Changes userName and email. Returns the detail of a 403, which is the service's right (an unverified domain), and
   * undefined where the change is done.
   */
  async changeUserName(personId: string, userPrincipalName: string): Promise<string | undefined> {
    const person = this.#directory.person(personId);
    const before = person.profile;
    const body = setAttributes(this.#dialect, "replace", mappedValues({ userPrincipalName }));
    const answer = await this.#patch(person, body);
    const detail = answer.exchange.status === 403 ? readRefusal(answer, 403) : undefined;
    if (detail === undefined) {
      person.profile = { ...before, userPrincipalName };
      await this.#checkChange(answer, person, true);
    } else {
      await this.#readBack(person, true);
    }
    return detail;
  }

  /**
   * The soft delete, and the way back from it (E-HOW). Entra frees the name of a person who is deleted by 32 hexadecimal
   * digits before it, and sends that too (onyx-dot-app/onyx #14074); the service has to keep the name that it has.
   */
  async setActive(personId: string, active: boolean): Promise<RemoteUser> {
    const person = this.#directory.person(personId);
    const userPrincipalName = `${randomUUID().replaceAll("-", "")}${person.profile.userPrincipalName}`;
    const values = active ? { active } : { ...mappedValues({ userPrincipalName }), active };
    const answer = await this.#patch(person, setAttributes(this.#dialect, "replace", values));
    return this.#checkChange(answer, person, active);
  }

  /**
   * Asks whether somebody has a manager already (E-DOC, example 4), and sets it. A service may ignore it, but has to accept
   * both and to leave everything else as it was.
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

  /** The hard delete, thirty days after the soft one. Afterwards the id is unknown, to a second DELETE too. */
  async remove(personId: string): Promise<void> {
    const person = this.#directory.person(personId);
    const path = pathOf(remoteIdOf(person));
    checkStatus(await this.#send({ method: "DELETE", path }), 204);
    readRefusal(await this.#send({ method: "GET", path }), 404);
    // Only now, so that somebody who is still there is left to be tidied away.
    person.remoteId = null;
    readRefusal(await this.#send({ method: "DELETE", path }), 404);
  }

  /** DELETE of somebody whom the service has never known. Returns the refusal's detail. */
  async removeNobody(): Promise<string> {
    return readRefusal(await this.#send({ method: "DELETE", path: pathOf(randomUUID()) }), 404);
  }

  #get(remoteId: string): Promise<Answer> {
    return this.#send({ method: "GET", path: pathOf(remoteId) });
  }

  #patch(person: EntraPerson, body: object): Promise<Answer> {
    return this.#send({ method: "PATCH", path: pathOf(remoteIdOf(person)), body });
  }

  /** A PATCH may answer with the person or without; what it says, and what is read back, has to be the change. */
  #checkChange(answer: Answer, person: EntraPerson, active: boolean): Promise<RemoteUser> {
    checkStatus(answer, 200, 204);
    if (answer.exchange.status === 200) checkProfile(answer, person, readUser(answer, userShape), active);
    return this.#readBack(person, active);
  }

  async #readBack(person: EntraPerson, active: boolean): Promise<RemoteUser> {
    const answer = await this.#get(remoteIdOf(person));
    checkStatus(answer, 200);
    const user = readUser(answer, userShape);
    checkProfile(answer, person, user, active);
    return user;
  }
}

function checkProfile(answer: Answer, person: EntraPerson, user: RemoteUser, active: boolean): void {
  const { profile } = person;
  checkEcho(answer, "id", person.remoteId, user.id);
  checkEcho(answer, "userName", profile.userPrincipalName, user.userName);
  checkEcho(answer, "externalId", profile.mailNickname, user["externalId"]);
  checkEcho(answer, "active", active, user.active);
  checkEcho(answer, "displayName", profile.displayName, user["displayName"]);
  checkEcho(answer, "name.givenName", profile.givenName, user.name?.givenName);
  checkEcho(answer, "name.familyName", profile.surname, user.name?.familyName);
  const workEmail = user.emails?.find(({ type }) => type === "work")?.value;
  checkEcho(answer, 'emails[type eq "work"].value', profile.userPrincipalName, workEmail);
}

function checkHit(answer: Answer, key: UserKey, value: string, hit: RemoteUser): void {
  if (key === "userName") checkEcho(answer, key, value.toLowerCase(), hit.userName.toLowerCase());
  if (key === "externalId" || key === "id") checkEcho(answer, key, value, hit[key]);
}

/** What is left of a User where nothing but the id is asked for. */
const referenceShape = z.looseObject({ id: z.string() });

function pathOf(remoteId: string): string {
  return `/Users/${encodeURIComponent(remoteId)}`;
}
