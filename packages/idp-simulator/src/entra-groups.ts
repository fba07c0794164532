import { randomUUID } from "node:crypto";
import {
  checkEcho,
  checkStatus,
  readGroup,
  readGroupPage,
  readRefusal,
  type RemoteGroup,
  unexpected,
} from "./response-check.ts";
import type { ScimResponse, Send } from "./connection.ts";
import { type EntraDirectory, type EntraGroup, remoteIdOf } from "./entra-directory.ts";
import { addMembers, removeMembers, setAttributes } from "./entra-patch.ts";
import { adGroupSchema, type EntraDialect, type GroupKey, groupQuery, onePage } from "./entra-wire.ts";
import { groupSchema } from "./scim-wire.ts";

/** Entra's requests about groups (docs/idp-wire.md, section 4). Methods throw `UnexpectedResponse` as `EntraPeople` does. */
export class EntraGroups {
  readonly #send: Send;
  readonly #dialect: EntraDialect;
  readonly #directory: EntraDirectory;

  constructor(send: Send, dialect: EntraDialect, directory: EntraDirectory) {
    this.#send = send;
    this.#dialect = dialect;
    this.#directory = directory;
  }

  /** The second request of "Test Connection"; a service that returns 404 here is called incompatible. */
  async testConnection(): Promise<void> {
    await this.findGroup("displayName", randomUUID());
  }

  async findGroup(key: GroupKey, value: string): Promise<RemoteGroup | undefined> {
    const response = await this.#send({ method: "GET", path: `/Groups${groupQuery(key, value)}` });
    const { resources } = readGroupPage(response, onePage);
    const [hit, other] = resources;
    if (other !== undefined)
      throw unexpected(response, `should find at most one group, but finds ${resources.length}.`);
    if (hit === undefined) return undefined;
    checkNoMembers(response, hit);
    if (key === "externalId") checkEcho(response, key, value, hit["externalId"]);
    else checkEcho(response, key, value.toLowerCase(), hit.displayName.toLowerCase());
    return hit;
  }

  /** POST /Groups, which never has members; read back with and without them. */
  async create(groupId: string): Promise<RemoteGroup> {
    const group = this.#directory.group(groupId);
    const response = await this.#send({ method: "POST", path: "/Groups", body: createBody(group) });
    checkStatus(response, 201);
    const created = readGroup(response);
    group.remoteId = created.id;
    checkGroup(response, group, created);
    checkEcho(response, "Location", created.meta.location, response.location);
    await this.#expectMembers(group, []);
    return this.#readWithoutMembers(group);
  }

  /** POSTs an existing group. Returns the error's detail. */
  async createAgain(groupId: string): Promise<string> {
    const body = createBody(this.#directory.group(groupId));
    return readRefusal(await this.#send({ method: "POST", path: "/Groups", body }), 409);
  }

  /** Adds people in one operation; afterwards the group must have `expected`. Both are Entra's ids. */
  async addMembers(groupId: string, personIds: readonly string[], expected: readonly string[]): Promise<void> {
    const group = this.#directory.group(groupId);
    await this.#patch(group, addMembers(this.#dialect, this.#remoteIds(personIds)));
    await this.#expectMembers(group, this.#remoteIds(expected));
  }

  /** Removes people from the group, as `addMembers` adds them. */
  async removeMembers(groupId: string, personIds: readonly string[], expected: readonly string[]): Promise<void> {
    const group = this.#directory.group(groupId);
    await this.#patch(group, removeMembers(this.#dialect, this.#remoteIds(personIds)));
    await this.#expectMembers(group, this.#remoteIds(expected));
  }

  async expectMembers(groupId: string, expected: readonly string[]): Promise<void> {
    await this.#expectMembers(this.#directory.group(groupId), this.#remoteIds(expected));
  }

  async rename(groupId: string, name: string): Promise<void> {
    const group = this.#directory.group(groupId);
    group.name = name;
    await this.#patch(group, setAttributes(this.#dialect, "replace", { displayName: name }));
    await this.#readWithoutMembers(group);
  }

  async changeExternalId(groupId: string, externalId: string): Promise<void> {
    const group = this.#directory.group(groupId);
    group.externalId = externalId;
    await this.#patch(group, setAttributes(this.#dialect, "replace", { externalId }));
    await this.#readWithoutMembers(group);
  }

  /** DELETE; afterwards the id is unknown, also to a second DELETE. */
  async remove(groupId: string): Promise<void> {
    const group = this.#directory.group(groupId);
    const path = pathOf(remoteIdOf(group));
    checkStatus(await this.#send({ method: "DELETE", path }), 204);
    readRefusal(await this.#send({ method: "GET", path: `${path}?excludedAttributes=members` }), 404);
    group.remoteId = null;
    readRefusal(await this.#send({ method: "DELETE", path }), 404);
  }

  /** DELETE of a group that the service has never had. Returns the error's detail. */
  async removeNothing(): Promise<string> {
    return readRefusal(await this.#send({ method: "DELETE", path: pathOf(randomUUID()) }), 404);
  }

  /** Entra expects 204, so that no response has thousands of members (E-DOC); a 200 must have the right ones. */
  async #patch(group: EntraGroup, body: object): Promise<void> {
    const response = await this.#send({ method: "PATCH", path: pathOf(remoteIdOf(group)), body });
    checkStatus(response, 204, 200);
    if (response.exchange.status === 200) checkGroup(response, group, readGroup(response));
  }

  async #readWithoutMembers(group: EntraGroup): Promise<RemoteGroup> {
    const path = `${pathOf(remoteIdOf(group))}?excludedAttributes=members`;
    const response = await this.#send({ method: "GET", path });
    checkStatus(response, 200);
    const read = readGroup(response);
    checkGroup(response, group, read);
    checkNoMembers(response, read);
    return read;
  }

  async #expectMembers(group: EntraGroup, expected: readonly string[]): Promise<void> {
    const response = await this.#send({ method: "GET", path: pathOf(remoteIdOf(group)) });
    checkStatus(response, 200);
    const read = readGroup(response);
    checkGroup(response, group, read);
    const actual = (read.members ?? []).map((member) => member.value);
    checkEcho(response, "members", expected.toSorted().join(" "), actual.toSorted().join(" "));
  }

  #remoteIds(personIds: readonly string[]): string[] {
    return personIds.map((personId) => remoteIdOf(this.#directory.person(personId)));
  }
}

/** With the members of E-DOC. */
function createBody(group: EntraGroup): object {
  return {
    schemas: [groupSchema, adGroupSchema],
    externalId: group.externalId,
    displayName: group.name,
    meta: { resourceType: "Group" },
  };
}

function checkGroup(response: ScimResponse, group: EntraGroup, read: RemoteGroup): void {
  checkEcho(response, "id", group.remoteId, read.id);
  checkEcho(response, "displayName", group.name, read.displayName);
  checkEcho(response, "externalId", group.externalId, read["externalId"]);
}

function checkNoMembers(response: ScimResponse, read: RemoteGroup): void {
  if (read.members !== undefined) throw unexpected(response, "should leave the members out, but holds them.");
}

function pathOf(remoteId: string): string {
  return `/Groups/${encodeURIComponent(remoteId)}`;
}
