import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { ScimResponse } from "./connection.ts";
import type { EntraPerson, EntraProfile } from "./entra-directory.ts";
import { addManager, mappedValues, type ManagerShape, removeManager, setAttributes } from "./entra-patch.ts";
import { type CreateShape, createBody } from "./entra-user-body.ts";
import { type EntraDialect, managerQuery, onePage, type UserKey, userQuery } from "./entra-wire.ts";
import { checkLocation, remoteIdOf, type ResourceClient } from "./resource-client.ts";
import { checkEcho, readRefusal, readUnpaged, type RemoteUser } from "./response-check.ts";

type Changes = Partial<Omit<EntraProfile, "userPrincipalName">>;

/**
 * Entra's requests about people. Every method but `add` sends requests, reads back what it wrote, and throws
 * `UnexpectedResponse` at the first response that would break provisioning.
 */
export class EntraPeople {
  readonly #client: ResourceClient<RemoteUser>;
  readonly #dialect: EntraDialect;

  constructor(client: ResourceClient<RemoteUser>, dialect: EntraDialect) {
    this.#client = client;
    this.#dialect = dialect;
  }

  /** Adds a person to Entra's own directory. */
  add(profile: EntraProfile): EntraPerson {
    return { id: randomUUID(), profile, remoteId: null };
  }

  async find(key: UserKey, value: string): Promise<RemoteUser | undefined> {
    const { response, found } = await this.#client.find(userQuery(key, value), onePage);
    if (found === undefined) return undefined;
    if (key === "userName") checkEcho(response, key, value.toLowerCase(), found.userName.toLowerCase());
    if (key === "externalId" || key === "id") checkEcho(response, key, value, found[key]);
    return found;
  }

  /** POST /Users, and the same person read back. Only `minimal` leaves the profile to a later update. */
  async create(person: EntraPerson, shape: CreateShape): Promise<RemoteUser> {
    const created = await this.#client.create(createBody(person, shape));
    const { response, resource: user } = created;
    person.remoteId = user.id;
    checkEcho(response, "userName", person.profile.userPrincipalName, user.userName);
    checkLocation(created);
    if (shape === "minimal") return (await this.#client.read(user.id)).resource;
    checkProfile(response, person, user, true);
    return this.#readBack(person, true);
  }

  /** POSTs an existing person. Returns the error's detail. */
  createAgain(person: EntraPerson): Promise<string> {
    return this.#client.createAgain(createBody(person, "whole"));
  }

  /** Adds the rest of the profile, externalId included, to a person created with a userName only. */
  complete(person: EntraPerson): Promise<RemoteUser> {
    const { userPrincipalName: _there, ...rest } = person.profile;
    return this.#change(person, setAttributes(this.#dialect, "add", { ...mappedValues(rest), active: true }));
  }

  /** Changes a profile and pushes the changes; on-demand provisioning does so in the default dialect (E-COMPAT). */
  update(person: EntraPerson, changes: Changes, dialect = this.#dialect): Promise<RemoteUser> {
    person.profile = { ...person.profile, ...changes };
    return this.#change(person, setAttributes(dialect, "replace", mappedValues(changes)));
  }

  /**
   * Changes userName and email. Returns the detail of a 403, which the service may return (an unverified domain), and
   * undefined if the change succeeded.
   */
  async changeUserName(person: EntraPerson, userPrincipalName: string): Promise<string | undefined> {
    const body = setAttributes(this.#dialect, "replace", mappedValues({ userPrincipalName }));
    const response = await this.#client.patch(remoteIdOf(person), body);
    if (response.exchange.status === 403) {
      const detail = readRefusal(response, 403);
      await this.#readBack(person, true);
      return detail;
    }
    person.profile = { ...person.profile, userPrincipalName };
    await this.#checkChange(response, person, true);
    return undefined;
  }

  /**
   * The soft delete (E-HOW). Entra frees the name of a deleted person by 32 hexadecimal digits before it, and sends
   * that too (onyx-dot-app/onyx #14074); the service must keep its name.
   */
  softDelete(person: EntraPerson): Promise<RemoteUser> {
    const userPrincipalName = `${randomUUID().replaceAll("-", "")}${person.profile.userPrincipalName}`;
    const values = { ...mappedValues({ userPrincipalName }), active: false };
    return this.#change(person, setAttributes(this.#dialect, "replace", values), false);
  }

  restore(person: EntraPerson): Promise<RemoteUser> {
    return this.#change(person, setAttributes(this.#dialect, "replace", { active: true }));
  }

  /**
   * Asks whether a person has a manager (E-DOC, example 4), and sets it. A service may ignore it, but must accept both
   * and leave everything else unchanged.
   */
  async setManager(person: EntraPerson, manager: EntraPerson, shape: ManagerShape): Promise<void> {
    const { id, meta } = (await this.#client.read(remoteIdOf(manager))).resource;
    readUnpaged(await this.#client.search(managerQuery(remoteIdOf(person), id)), referenceShape, "a User");
    await this.#change(person, addManager(this.#dialect, shape, { id, location: meta.location }));
  }

  async removeManager(person: EntraPerson): Promise<void> {
    await this.#change(person, removeManager(this.#dialect));
  }

  /** The hard delete, thirty days after the soft one. */
  hardDelete(person: EntraPerson): Promise<void> {
    return this.#client.deleteForGood(remoteIdOf(person), "", () => {
      person.remoteId = null;
    });
  }

  /** DELETE of a person whom the service has never had. Returns the error's detail. */
  deleteUnknown(): Promise<string> {
    return this.#client.deleteUnknown();
  }

  async #change(person: EntraPerson, body: object, active = true): Promise<RemoteUser> {
    return this.#checkChange(await this.#client.patch(remoteIdOf(person), body), person, active);
  }

  /** The response to a PATCH, if it has the person, and the resource read back must have the change. */
  #checkChange(response: ScimResponse, person: EntraPerson, active: boolean): Promise<RemoteUser> {
    const user = this.#client.readPatched(response);
    if (user !== undefined) checkProfile(response, person, user, active);
    return this.#readBack(person, active);
  }

  async #readBack(person: EntraPerson, active: boolean): Promise<RemoteUser> {
    const { response, resource } = await this.#client.read(remoteIdOf(person));
    checkProfile(response, person, resource, active);
    return resource;
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

/** The rest of a User if only the id is requested. */
const referenceShape = z.looseObject({ id: z.string() });
