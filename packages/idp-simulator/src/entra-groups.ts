import { randomUUID } from "node:crypto";
import type { ScimResponse } from "./connection.ts";
import type { EntraGroup, EntraPerson } from "./entra-directory.ts";
import { addMembers, type MappedValues, removeMembers, setAttributes } from "./entra-patch.ts";
import { adGroupSchema, type EntraDialect, type GroupKey, groupQuery, onePage, withoutMembers } from "./entra-wire.ts";
import { checkLocation, remoteIdOf, type ResourceClient } from "./resource-client.ts";
import { checkEcho, type RemoteGroup, unexpected } from "./response-check.ts";
import { groupSchema } from "./scim-wire.ts";

/** Entra's requests about groups (docs/idp-wire.md, section 4), with errors as in `EntraPeople`; `add` sends nothing. */
export class EntraGroups {
  readonly #client: ResourceClient<RemoteGroup>;
  readonly #dialect: EntraDialect;

  constructor(client: ResourceClient<RemoteGroup>, dialect: EntraDialect) {
    this.#client = client;
    this.#dialect = dialect;
  }

  /** Adds a group to Entra's own directory. */
  add(name: string): EntraGroup {
    const id = randomUUID();
    return { id, name, externalId: id, remoteId: null };
  }

  async find(key: GroupKey, value: string): Promise<RemoteGroup | undefined> {
    const { response, found } = await this.#client.find(groupQuery(key, value), onePage);
    if (found === undefined) return undefined;
    checkNoMembers(response, found);
    if (key === "externalId") checkEcho(response, key, value, found["externalId"]);
    else checkEcho(response, key, value.toLowerCase(), found.displayName.toLowerCase());
    return found;
  }

  /** POST /Groups, which never has members; read back with and without them. */
  async create(group: EntraGroup): Promise<RemoteGroup> {
    const created = await this.#client.create(createBody(group));
    group.remoteId = created.resource.id;
    checkGroup(created.response, group, created.resource);
    checkLocation(created);
    await this.expectMembers(group, []);
    return this.#readWithoutMembers(group);
  }

  /** POSTs an existing group. Returns the error's detail. */
  createAgain(group: EntraGroup): Promise<string> {
    return this.#client.createAgain(createBody(group));
  }

  /** Adds people in one operation; afterwards the group must have `expected`. */
  async addMembers(group: EntraGroup, people: readonly EntraPerson[], expected: readonly EntraPerson[]): Promise<void> {
    await this.#patch(group, addMembers(this.#dialect, people.map(remoteIdOf)));
    await this.expectMembers(group, expected);
  }

  /** Removes people from the group, as `addMembers` adds them. */
  async removeMembers(
    group: EntraGroup,
    people: readonly EntraPerson[],
    expected: readonly EntraPerson[],
  ): Promise<void> {
    await this.#patch(group, removeMembers(this.#dialect, people.map(remoteIdOf)));
    await this.expectMembers(group, expected);
  }

  async expectMembers(group: EntraGroup, expected: readonly EntraPerson[]): Promise<void> {
    const { response, resource } = await this.#client.read(remoteIdOf(group));
    checkGroup(response, group, resource);
    const actual = (resource.members ?? []).map((member) => member.value);
    checkEcho(response, "members", expected.map(remoteIdOf).sort().join(" "), actual.sort().join(" "));
  }

  rename(group: EntraGroup, name: string): Promise<void> {
    group.name = name;
    return this.#replace(group, { displayName: name });
  }

  changeExternalId(group: EntraGroup, externalId: string): Promise<void> {
    group.externalId = externalId;
    return this.#replace(group, { externalId });
  }

  delete(group: EntraGroup): Promise<void> {
    return this.#client.deleteForGood(remoteIdOf(group), withoutMembers, () => {
      group.remoteId = null;
    });
  }

  /** DELETE of a group that the service has never had. Returns the error's detail. */
  deleteUnknown(): Promise<string> {
    return this.#client.deleteUnknown();
  }

  async #replace(group: EntraGroup, values: MappedValues): Promise<void> {
    await this.#patch(group, setAttributes(this.#dialect, "replace", values));
    await this.#readWithoutMembers(group);
  }

  /** Entra expects 204, so that no response has thousands of members (E-DOC); a 200 must have the right ones. */
  async #patch(group: EntraGroup, body: object): Promise<void> {
    const response = await this.#client.patch(remoteIdOf(group), body);
    const patched = this.#client.readPatched(response, [204, 200]);
    if (patched !== undefined) checkGroup(response, group, patched);
  }

  async #readWithoutMembers(group: EntraGroup): Promise<RemoteGroup> {
    const { response, resource } = await this.#client.read(remoteIdOf(group), withoutMembers);
    checkGroup(response, group, resource);
    checkNoMembers(response, resource);
    return resource;
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
