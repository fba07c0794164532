import { randomUUID } from "node:crypto";
import { validatorUser, verbosePatch } from "./entra-validator-bodies.ts";
import type { ValidatorFixture } from "./fixtures.ts";
import { checkStatus } from "./response-check.ts";
import { groupSchema, patchBody } from "./scim-wire.ts";
import { MissingEffect, type Steps } from "./step-player.ts";

/** The Validator's tests of groups, by their names there. The bodies of a POST are E-DOC's: its own are unknown. */
export const validatorGroupSteps: Steps<ValidatorFixture> = {
  async "POST /Groups: create a new group"(fixture) {
    const { requests, groupName } = fixture;
    const { id } = await requests.createGroup(groupBody(groupName), groupName);
    fixture.groupId = id;
    return `The group is there under the id ${id}.`;
  },
  "POST /Groups: create a duplicate group": async ({ requests, groupName }) =>
    `Refused, as it should be: ${await requests.groups.createAgain(groupBody(groupName))}`,
  async "GET /Groups/Id: get a group excluding members"({ requests, groupName, groupId }) {
    await requests.expectGroup(groupId, { displayName: groupName });
    return "It holds no members.";
  },
  async "GET /Groups: filter for an existing group, one in other letters, and a missing one"({
    requests,
    groupName,
    groupId,
  }) {
    const found = [
      await requests.findGroup(groupName, false),
      await requests.findGroup(groupName, true),
      await requests.findGroup(groupName.toUpperCase(), false),
    ];
    if (!found.every((group) => group?.id === groupId)) throw new MissingEffect(`${groupName} is not always found.`);
    const missing = await requests.findGroup(randomUUID(), false);
    if (missing === undefined) return "Found in any case, with members and without; an empty list for none.";
    throw new MissingEffect("A group is found that is not there.");
  },
  async "PATCH /Groups: replace attributes"({ requests, groupName, groupId }) {
    const displayName = `${groupName} replaced`;
    await requests.patchGroup(groupId, verbosePatch("replace", { displayName }));
    await requests.expectGroup(groupId, { displayName });
    return "The new name is kept.";
  },
  async "PATCH /Groups: update externalId"({ requests, groupId }) {
    const externalId = randomUUID();
    await requests.patchGroup(groupId, verbosePatch("replace", { externalId }));
    await requests.expectGroup(groupId, { externalId });
    return "The new externalId is kept.";
  },
  async "PATCH /Groups: add member"(fixture) {
    const { requests, dan, groupId } = fixture;
    const { id } = await requests.createUser(validatorUser(dan), { userName: dan });
    fixture.memberId = id;
    await requests.patchGroup(groupId, patchBody([{ op: "add", path: "members", value: [{ value: id }] }]));
    await requests.expectGroup(groupId, {}, [id]);
    return "The group has one member.";
  },
  async "PATCH /Groups: remove member"({ requests, groupId, memberId }) {
    await requests.patchGroup(groupId, patchBody([{ op: "remove", path: `members[value eq "${memberId}"]` }]));
    await requests.expectGroup(groupId, {}, []);
    return "The group has no member.";
  },
  async "PATCH /Groups: several operations on one attribute"({ requests, groupId, memberId }) {
    const value = [{ value: memberId }];
    const add = { op: "add", path: "members", value };
    await requests.patchGroup(groupId, patchBody([add, { op: "remove", path: "members", value }, add]));
    await requests.expectGroup(groupId, {}, [memberId]);
    return "The last one counts.";
  },
  async "DELETE /Groups: a group, the same twice, a missing one"({ requests, groupId, memberId }) {
    await requests.groups.deleteForGood(groupId);
    await requests.groups.deleteUnknown();
    checkStatus(await requests.users.get(memberId), 200);
    checkStatus(await requests.users.delete(memberId), 204);
    return "Gone after the first DELETE; 404 to the others. Its member was still there.";
  },
};

function groupBody(displayName: string): object {
  return { schemas: [groupSchema], displayName, externalId: randomUUID() };
}
