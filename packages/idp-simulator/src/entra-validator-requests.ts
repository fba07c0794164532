import type { ScimResponse, Send } from "./connection.ts";
import type { MappedValues } from "./entra-patch.ts";
import { readSchemas, valueAtPath, type WritablePaths } from "./entra-schema.ts";
import { onePage, withoutMembers } from "./entra-wire.ts";
import { ResourceClient } from "./resource-client.ts";
import {
  checkEcho,
  checkStatus,
  groupKind,
  type RemoteGroup,
  type RemoteUser,
  unexpected,
  userKind,
} from "./response-check.ts";
import { filterBy } from "./scim-wire.ts";

/**
 * The requests of the Validator's tests. Sent values are checked in the responses if GET /Schemas declares them
 * writable; the Validator itself expects `returned: "never"` back too, which is a known fault of it. Methods throw
 * `UnexpectedResponse`.
 */
export class ValidatorRequests {
  readonly users: ResourceClient<RemoteUser>;
  readonly groups: ResourceClient<RemoteGroup>;
  readonly #send: Send;
  #writable: WritablePaths = new Set();

  constructor(send: Send) {
    this.#send = send;
    this.users = new ResourceClient(send, userKind);
    this.groups = new ResourceClient(send, groupKind);
  }

  async discover(): Promise<number> {
    this.#writable = readSchemas(await this.#send({ method: "GET", path: "/Schemas" }));
    return this.#writable.size;
  }

  /** POST /Users; the person can be found by the userName and is as sent. */
  async createUser(body: object, sent: MappedValues & { readonly userName: string }): Promise<RemoteUser> {
    const { response, resource: user } = await this.users.create(body);
    this.#checkValues(response, user, sent);
    if ((await this.findUser(sent.userName))?.id === user.id) return user;
    throw unexpected(response, `answered 201, but ${sent.userName} is not found under ${user.id}.`);
  }

  async findUser(userName: string): Promise<RemoteUser | undefined> {
    return (await this.users.find(`?filter=${filterBy("userName", userName)}`, onePage)).found;
  }

  /** PATCH /Users/{id}; the resource read back afterwards has the values. */
  async patchUser(id: string, body: object, expected: MappedValues): Promise<void> {
    await this.checkPatched(id, await this.users.patch(id, body), expected);
  }

  async checkPatched(id: string, response: ScimResponse, expected: MappedValues): Promise<void> {
    const patched = this.users.readPatched(response);
    if (patched !== undefined) this.#checkValues(response, patched, expected);
    const read = await this.users.read(id);
    this.#checkValues(read.response, read.resource, expected);
  }

  async createGroup(body: object, displayName: string): Promise<RemoteGroup> {
    const { response, resource: group } = await this.groups.create(body);
    checkEcho(response, "displayName", displayName, group.displayName);
    return group;
  }

  async findGroup(displayName: string, isWithMembers: boolean): Promise<RemoteGroup | undefined> {
    const prefix = isWithMembers ? "?" : `${withoutMembers}&`;
    const query = `${prefix}filter=${filterBy("displayName", displayName)}`;
    const { response, found } = await this.groups.find(query, onePage);
    if (!isWithMembers && found?.members !== undefined) throw unexpected(response, "should leave the members out.");
    return found;
  }

  /** GET /Groups/{id}, without its members or with exactly these. */
  async expectGroup(id: string, expected: MappedValues, memberIds?: readonly string[]): Promise<void> {
    const { response, resource: group } = await this.groups.read(id, memberIds === undefined ? withoutMembers : "");
    for (const [name, value] of Object.entries(expected)) checkEcho(response, name, value, group[name]);
    const actual = group.members?.map(({ value }) => value).toSorted();
    if (memberIds === undefined) checkEcho(response, "members", undefined, actual?.join(" "));
    else checkEcho(response, "members", memberIds.toSorted().join(" "), (actual ?? []).join(" "));
  }

  async patchGroup(id: string, body: object): Promise<void> {
    checkStatus(await this.groups.patch(id, body), 204, 200);
  }

  /** How many resources the run has created and not deleted. */
  get leftovers(): number {
    return this.users.createdIds.size + this.groups.createdIds.size;
  }

  /** Deletes what is left over. Returns how many resources there were. */
  async cleanUp(): Promise<number> {
    const count = this.leftovers;
    for (const id of this.groups.createdIds) checkStatus(await this.groups.delete(id), 204);
    for (const id of this.users.createdIds) checkStatus(await this.users.delete(id), 204);
    return count;
  }

  #checkValues(response: ScimResponse, user: RemoteUser, values: MappedValues): void {
    for (const [path, value] of Object.entries(values)) {
      if (this.#writable.has(path)) checkEcho(response, path, value, valueAtPath(user, path));
    }
  }
}
