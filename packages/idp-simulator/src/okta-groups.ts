import { checkEcho, checkStatus, readGroup, readGroupPage, type RemoteGroup, unexpected } from "./response-check.ts";
import type { ScimResponse, Send } from "./connection.ts";
import { type MemberReference, type OktaDirectory, type OktaGroup, remoteIdOf } from "./okta-directory.ts";
import { addMembers, memberChanges, replaceMembers, replaceName } from "./okta-group-patch.ts";
import { importAll } from "./okta-import.ts";
import { matchQuery, type OktaMode, oktaPageSize, pageQuery } from "./okta-wire.ts";
import { groupSchema } from "./scim-wire.ts";

/** Okta's requests about groups (docs/idp-wire.md, section 3.7). Methods throw `UnexpectedResponse` as `OktaPeople` does. */
export class OktaGroups {
  readonly #send: Send;
  readonly #mode: OktaMode;
  readonly #directory: OktaDirectory;

  constructor(send: Send, mode: OktaMode, directory: OktaDirectory) {
    this.#send = send;
    this.#mode = mode;
    this.#directory = directory;
  }

  /** The request that Okta sends when credentials are saved. Returns the number of groups in the service. */
  async testCredentials(): Promise<number> {
    const response = await this.#send({ method: "GET", path: `/Groups${pageQuery(1, oktaPageSize)}` });
    return readGroupPage(response, { startIndex: 1, count: oktaPageSize }).totalResults;
  }

  /** Reads all groups in steps of 100. */
  importGroups(): Promise<RemoteGroup[]> {
    return importAll(async (startIndex) => {
      const response = await this.#send({ method: "GET", path: `/Groups${pageQuery(startIndex, oktaPageSize)}` });
      return { response, page: readGroupPage(response, { startIndex, count: oktaPageSize }) };
    });
  }

  /** The match before a push: the group of this name, in any case. */
  async findGroup(name: string): Promise<RemoteGroup | undefined> {
    const response = await this.#send({ method: "GET", path: `/Groups${matchQuery("displayName", name)}` });
    const { resources } = readGroupPage(response, { startIndex: 1, count: oktaPageSize });
    const [hit, other] = resources;
    if (other !== undefined)
      throw unexpected(response, `should find at most one group, but finds ${resources.length}.`);
    if (hit !== undefined) checkEcho(response, "displayName", name.toLowerCase(), hit.displayName.toLowerCase());
    return hit;
  }

  /** Pushes a group: created if no group has its name, else linked with its existing members. */
  async pushGroup(groupId: string): Promise<void> {
    const group = this.#directory.group(groupId);
    const members = this.#directory.pushableMembers(group);
    const found = await this.findGroup(group.name);
    if (found !== undefined) return this.#link(group, found, members);
    if (this.#mode === "wizard") return this.#create(group, members);
    await this.#create(group, []);
    await this.#patch(group, replaceName(remoteIdOf(group), group.name));
    if (members.length > 0) await this.#patch(group, replaceMembers(members));
    group.pushedMembers = members;
  }

  async renameGroup(groupId: string, name: string): Promise<void> {
    const group = this.#directory.group(groupId);
    group.name = name;
    const remoteId = remoteIdOf(group);
    if (this.#mode === "header-auth") return this.#patch(group, replaceName(remoteId, name));
    await this.#getAndPut(group, group.pushedMembers);
  }

  /** Sets the group's members in Okta and pushes the changes. */
  async setGroupMembers(groupId: string, personIds: readonly string[]): Promise<void> {
    const group = this.#directory.group(groupId);
    group.memberIds = new Set(personIds);
    const members = this.#directory.pushableMembers(group);
    if (this.#mode === "wizard") {
      await this.#getAndPut(group, members);
    } else {
      const changes = memberChanges(group.pushedMembers, members);
      await this.#patch(group, replaceName(remoteIdOf(group), group.name));
      if (changes !== undefined) await this.#patch(group, changes);
    }
    group.pushedMembers = members;
  }

  addMembers(groupId: string, personIds: readonly string[]): Promise<void> {
    const { memberIds } = this.#directory.group(groupId);
    return this.setGroupMembers(groupId, [...memberIds, ...personIds]);
  }

  removeMembers(groupId: string, personIds: readonly string[]): Promise<void> {
    const { memberIds } = this.#directory.group(groupId);
    return this.setGroupMembers(
      groupId,
      [...memberIds].filter((id) => !personIds.includes(id)),
    );
  }

  /**
   * "Push now": the whole group again. The wizard's app first sends the old list, including removed people (CAP-KR-2).
   */
  async pushNow(groupId: string): Promise<void> {
    const group = this.#directory.group(groupId);
    const members = this.#directory.pushableMembers(group);
    if (this.#mode === "wizard") {
      await this.#getAndPut(group, group.pushedMembers);
      await this.#getAndPut(group, members);
    } else {
      await this.#patch(group, replaceName(remoteIdOf(group), group.name));
      await this.#patch(group, replaceMembers(members));
    }
    group.pushedMembers = members;
  }

  /** "Delete the group in the target app". */
  async deleteGroup(groupId: string): Promise<void> {
    const group = this.#directory.group(groupId);
    const response = await this.#send({ method: "DELETE", path: pathOf(group) });
    checkStatus(response, 204);
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
      await this.#patch(group, replaceName(found.id, group.name));
      if (members.length > 0) await this.#patch(group, addMembers(members));
      group.pushedMembers = members;
    }
  }

  async #create(group: OktaGroup, members: readonly MemberReference[]): Promise<void> {
    const body = { schemas: [groupSchema], displayName: group.name, members };
    const response = await this.#send({ method: "POST", path: "/Groups", body });
    checkStatus(response, 201);
    const created = readGroup(response);
    checkEcho(response, "displayName", group.name, created.displayName);
    checkEcho(response, "Location", created.meta.location, response.location);
    this.#checkMembers(response, members, created);
    group.remoteId = created.id;
    group.pushedMembers = members;
  }

  async #patch(group: OktaGroup, body: object): Promise<void> {
    const response = await this.#send({ method: "PATCH", path: pathOf(group), body });
    checkStatus(response, 200, 204);
    if (response.exchange.status === 200)
      checkEcho(response, "displayName", group.name, readGroup(response).displayName);
  }

  async #getAndPut(group: OktaGroup, members: readonly MemberReference[]): Promise<void> {
    const before = await this.#send({ method: "GET", path: pathOf(group) });
    checkStatus(before, 200);
    checkEcho(before, "id", remoteIdOf(group), readGroup(before).id);
    const body = { id: remoteIdOf(group), schemas: [groupSchema], displayName: group.name, members };
    const response = await this.#send({ method: "PUT", path: pathOf(group), body });
    checkStatus(response, 200);
    const replaced = readGroup(response);
    checkEcho(response, "id", remoteIdOf(group), replaced.id);
    checkEcho(response, "displayName", group.name, replaced.displayName);
    this.#checkMembers(response, members, replaced);
  }

  /** Okta does not need members in a response (O-REF); if present, they must be correct. */
  #checkMembers(response: ScimResponse, sent: readonly MemberReference[], group: RemoteGroup): void {
    if (group.members === undefined) return;
    checkEcho(response, "members", idsOf(sent).sort().join(" "), idsOf(group.members).sort().join(" "));
  }
}

function pathOf(group: OktaGroup): string {
  return `/Groups/${encodeURIComponent(remoteIdOf(group))}`;
}

function idsOf(members: readonly { readonly value: string }[]): string[] {
  return members.map((member) => member.value);
}
