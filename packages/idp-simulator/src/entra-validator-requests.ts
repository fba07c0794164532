import {
  checkEcho,
  checkStatus,
  readGroup,
  readGroupPage,
  readUser,
  readUserPage,
  type RemoteGroup,
  type RemoteUser,
  userShape,
  unexpected,
} from "./response-check.ts";
import type { ScimResponse, Send } from "./connection.ts";
import type { MappedValues } from "./entra-patch.ts";
import { readSchemas, valueAtPath, type WritablePaths } from "./entra-schema.ts";
import { onePage } from "./entra-wire.ts";

/**
 * The requests of the Validator's tests. Keeps a list of what it created, so that the run can be cleaned up. Sent
 * values are checked in the responses if GET /Schemas declares them writable; the Validator itself expects `returned:
 * "never"` back too, which is a known fault of it. Methods throw `UnexpectedResponse`.
 */
export class ValidatorRequests {
  readonly #send: Send;
  readonly #people = new Set<string>();
  readonly #groups = new Set<string>();
  #writable: WritablePaths = new Set();

  constructor(send: Send) {
    this.#send = send;
  }

  get hasLeftovers(): boolean {
    return this.#people.size + this.#groups.size > 0;
  }

  async discover(): Promise<number> {
    this.#writable = readSchemas(await this.#send({ method: "GET", path: "/Schemas" }));
    return this.#writable.size;
  }

  /** POST /Users; the person can be found by the userName and is as sent. */
  async createUser(body: object, sent: MappedValues & { readonly userName: string }): Promise<RemoteUser> {
    const response = await this.post("/Users", body);
    checkStatus(response, 201);
    const user = readUser(response, userShape);
    this.#people.add(user.id);
    this.#checkValues(response, user, sent);
    const found = await this.findUser(sent.userName);
    if (found?.id !== user.id)
      throw unexpected(response, `answered 201, but ${sent.userName} is not found under ${user.id}.`);
    return user;
  }

  post(path: "/Users" | "/Groups", body: object): Promise<ScimResponse> {
    return this.#send({ method: "POST", path, body });
  }

  async findUser(userName: string): Promise<RemoteUser | undefined> {
    const response = await this.#send({ method: "GET", path: `/Users?filter=${equals("userName", userName)}` });
    const { resources } = readUserPage(response, userShape, onePage);
    if (resources.length > 1)
      throw unexpected(response, `should find at most one person, but finds ${resources.length}.`);
    return resources[0];
  }

  /** PATCH /Users/{id}; the resource read back afterwards has the values. */
  async patchUser(id: string, body: object, expected: MappedValues): Promise<void> {
    const patched = await this.#send({ method: "PATCH", path: `/Users/${encodeURIComponent(id)}`, body });
    await this.checkPatched(id, patched, expected);
  }

  /** Sends a PATCH that may be refused, and returns the response unchecked. */
  tryPatchUser(id: string, body: object): Promise<ScimResponse> {
    return this.#send({ method: "PATCH", path: `/Users/${encodeURIComponent(id)}`, body });
  }

  async checkPatched(id: string, patched: ScimResponse, expected: MappedValues): Promise<void> {
    checkStatus(patched, 200, 204);
    if (patched.exchange.status === 200) this.#checkValues(patched, readUser(patched, userShape), expected);
    const read = await this.#send({ method: "GET", path: `/Users/${encodeURIComponent(id)}` });
    checkStatus(read, 200);
    const user = readUser(read, userShape);
    checkEcho(read, "id", id, user.id);
    this.#checkValues(read, user, expected);
  }

  async createGroup(body: object, displayName: string): Promise<RemoteGroup> {
    const response = await this.post("/Groups", body);
    checkStatus(response, 201);
    const group = readGroup(response);
    this.#groups.add(group.id);
    checkEcho(response, "displayName", displayName, group.displayName);
    return group;
  }

  async findGroup(displayName: string, isWithMembers: boolean): Promise<RemoteGroup | undefined> {
    const excluded = isWithMembers ? "" : "excludedAttributes=members&";
    const path = `/Groups?${excluded}filter=${equals("displayName", displayName)}`;
    const response = await this.#send({ method: "GET", path });
    const { resources } = readGroupPage(response, onePage);
    if (resources.length > 1)
      throw unexpected(response, `should find at most one group, but finds ${resources.length}.`);
    if (!isWithMembers && resources[0]?.members !== undefined)
      throw unexpected(response, "should leave the members out.");
    return resources[0];
  }

  /** GET /Groups/{id}, without its members or with exactly these. */
  async expectGroup(id: string, expected: MappedValues, memberIds?: readonly string[]): Promise<void> {
    const excluded = memberIds === undefined ? "?excludedAttributes=members" : "";
    const response = await this.#send({ method: "GET", path: `/Groups/${encodeURIComponent(id)}${excluded}` });
    checkStatus(response, 200);
    const group = readGroup(response);
    checkEcho(response, "id", id, group.id);
    for (const [name, value] of Object.entries(expected)) checkEcho(response, name, value, group[name]);
    const actual = group.members?.map(({ value }) => value).toSorted();
    if (memberIds === undefined) checkEcho(response, "members", undefined, actual?.join(" "));
    else checkEcho(response, "members", memberIds.toSorted().join(" "), (actual ?? []).join(" "));
  }

  async patchGroup(id: string, body: object): Promise<void> {
    checkStatus(await this.#send({ method: "PATCH", path: `/Groups/${encodeURIComponent(id)}`, body }), 204, 200);
  }

  /** Sends a DELETE and returns the response unchecked; deleted resources need no cleanup. */
  async delete(endpoint: "/Users" | "/Groups", id: string): Promise<ScimResponse> {
    const response = await this.#send({ method: "DELETE", path: `${endpoint}/${encodeURIComponent(id)}` });
    if (response.exchange.status === 204) (endpoint === "/Users" ? this.#people : this.#groups).delete(id);
    return response;
  }

  read(endpoint: "/Users" | "/Groups", id: string): Promise<ScimResponse> {
    return this.#send({ method: "GET", path: `${endpoint}/${encodeURIComponent(id)}` });
  }

  /** Deletes what the run has created and not deleted. Returns how many there were. */
  async cleanUp(): Promise<number> {
    const groups = [...this.#groups];
    const people = [...this.#people];
    for (const id of groups) checkStatus(await this.delete("/Groups", id), 204);
    for (const id of people) checkStatus(await this.delete("/Users", id), 204);
    return groups.length + people.length;
  }

  #checkValues(response: ScimResponse, user: RemoteUser, values: MappedValues): void {
    for (const [path, value] of Object.entries(values)) {
      if (this.#writable.has(path)) checkEcho(response, path, value, valueAtPath(user, path));
    }
  }
}

function equals(attribute: string, value: string): string {
  return encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`);
}
