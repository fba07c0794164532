import type { ScimResponse } from "./connection.ts";
import { addMembers, memberChanges, replaceMembers, replaceName } from "./okta-bodies.ts";
import {
  type MemberReference,
  type OktaGroup,
  type OktaPerson,
  pushableMembers,
  randomText,
} from "./okta-directory.ts";
import { countAll, firstPage, importAll, matchQuery, type OktaMode, oktaPageSize } from "./okta-wire.ts";
import { checkLocation, remoteIdOf, type ResourceClient } from "./resource-client.ts";
import { checkEcho, checkStatus, type RemoteGroup } from "./response-check.ts";
import { groupSchema } from "./scim-wire.ts";

/** Okta's requests about groups (docs/idp-wire.md, section 3.7), with errors as in `OktaPeople`; `add` sends nothing. */
export class OktaGroups {
  readonly #client: ResourceClient<RemoteGroup>;
  readonly #mode: OktaMode;

  constructor(client: ResourceClient<RemoteGroup>, mode: OktaMode) {
    this.#client = client;
    this.#mode = mode;
  }

  /** Adds a group to Okta's own directory. */
  add(name: string, members: readonly OktaPerson[] = []): OktaGroup {
    return { id: `00g${randomText(17)}`, name, members, remoteId: null, pushedMembers: [] };
  }

  /** The request that Okta sends when credentials are saved. Returns the number of groups in the service. */
  count(): Promise<number> {
    return countAll(this.#client, oktaPageSize);
  }

  /** Reads all groups in steps of 100. */
  importAll(): Promise<RemoteGroup[]> {
    return importAll(this.#client);
  }

  /** The match before a push: the group of this name, in any case. */
  async find(name: string): Promise<RemoteGroup | undefined> {
    const { response, found } = await this.#client.find(matchQuery("displayName", name), firstPage);
    if (found !== undefined) checkEcho(response, "displayName", name.toLowerCase(), found.displayName.toLowerCase());
    return found;
  }

  /** Pushes a group: created if no group has its name, else linked with its existing members. */
  async push(group: OktaGroup): Promise<void> {
    const members = pushableMembers(group);
    const found = await this.find(group.name);
    if (found !== undefined) return this.#link(group, found, members);
    if (this.#mode === "wizard") return this.#create(group, members);
    await this.#create(group, []);
    await this.#patchName(group);
    if (members.length > 0) await this.#patch(group, replaceMembers(members));
    group.pushedMembers = members;
  }

  async rename(group: OktaGroup, name: string): Promise<void> {
    group.name = name;
    if (this.#mode === "header-auth") await this.#patchName(group);
    else await this.#getAndPut(group, group.pushedMembers);
  }

  /** Sets the group's members in Okta and pushes the changes. */
  async setMembers(group: OktaGroup, people: readonly OktaPerson[]): Promise<void> {
    group.members = people;
    const members = pushableMembers(group);
    if (this.#mode === "wizard") {
      await this.#getAndPut(group, members);
    } else {
      const changes = memberChanges(group.pushedMembers, members);
      await this.#patchName(group);
      if (changes !== undefined) await this.#patch(group, changes);
    }
    group.pushedMembers = members;
  }

  /**
   * "Push now": the whole group again. The wizard's app first sends the old list, including removed people (CAP-KR-2).
   */
  async pushNow(group: OktaGroup): Promise<void> {
    const members = pushableMembers(group);
    if (this.#mode === "wizard") {
      await this.#getAndPut(group, group.pushedMembers);
      await this.#getAndPut(group, members);
    } else {
      await this.#patchName(group);
      await this.#patch(group, replaceMembers(members));
    }
    group.pushedMembers = members;
  }

  /** "Delete the group in the target app". */
  async delete(group: OktaGroup): Promise<void> {
    checkStatus(await this.#client.delete(remoteIdOf(group)), 204);
    group.remoteId = null;
    group.pushedMembers = [];
  }

  async #link(group: OktaGroup, found: RemoteGroup, members: readonly MemberReference[]): Promise<void> {
    group.remoteId = found.id;
    const ids = new Set(idsOf(members));
    const stayed = (found.members ?? []).filter((member) => !ids.has(member.value));
    if (this.#mode === "wizard") {
      const everybody = [...stayed.map(({ value, display }) => ({ value, display: display ?? "" })), ...members];
      await this.#getAndPut(group, everybody);
      group.pushedMembers = everybody;
    } else {
      await this.#patchName(group);
      if (members.length > 0) await this.#patch(group, addMembers(members));
      group.pushedMembers = members;
    }
  }

  async #create(group: OktaGroup, members: readonly MemberReference[]): Promise<void> {
    const created = await this.#client.create({ schemas: [groupSchema], displayName: group.name, members });
    const { response, resource } = created;
    checkEcho(response, "displayName", group.name, resource.displayName);
    checkLocation(created);
    checkMembers(response, members, resource);
    group.remoteId = resource.id;
    group.pushedMembers = members;
  }

  #patchName(group: OktaGroup): Promise<void> {
    return this.#patch(group, replaceName(remoteIdOf(group), group.name));
  }

  async #patch(group: OktaGroup, body: object): Promise<void> {
    const response = await this.#client.patch(remoteIdOf(group), body);
    const patched = this.#client.readPatched(response);
    if (patched !== undefined) checkEcho(response, "displayName", group.name, patched.displayName);
  }

  async #getAndPut(group: OktaGroup, members: readonly MemberReference[]): Promise<void> {
    const id = remoteIdOf(group);
    await this.#client.read(id);
    const response = await this.#client.put(id, { id, schemas: [groupSchema], displayName: group.name, members });
    const replaced = this.#client.readAs(response, 200);
    checkEcho(response, "id", id, replaced.id);
    checkEcho(response, "displayName", group.name, replaced.displayName);
    checkMembers(response, members, replaced);
  }
}

/** Okta does not need members in a response (O-REF); if present, they must be correct. */
function checkMembers(response: ScimResponse, sent: readonly MemberReference[], { members }: RemoteGroup): void {
  if (members === undefined) return;
  checkEcho(response, "members", idsOf(sent).sort().join(" "), idsOf(members).sort().join(" "));
}

function idsOf(members: readonly { readonly value: string }[]): string[] {
  return members.map((member) => member.value);
}
