import { randomUUID } from "node:crypto";
import { checkStatus, readRefusal } from "./response-check.ts";
import { validatorUser, verbosePatch } from "./entra-validator-bodies.ts";
import type { ValidatorFixture } from "./entra-validator-fixture.ts";
import { groupSchema, patchBody } from "./scim-wire.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The Validator's tests of groups, by their names there. The bodies of a POST are E-DOC's: its own are unknown. */
export const validatorGroupSteps: readonly Step<ValidatorFixture>[] = [
  {
    name: "POST /Groups: create a new group",
    async play({ requests, groupName, remember }) {
      const { id } = await requests.createGroup(groupBody(groupName), groupName);
      remember({ groupId: id });
      return `The group is there under the id ${id}.`;
    },
  },
  {
    name: "POST /Groups: create a duplicate group",
    async play({ requests, groupName }) {
      return `Refused, as it should be: ${readRefusal(await requests.post("/Groups", groupBody(groupName)), 409)}`;
    },
  },
  {
    name: "GET /Groups/Id: get a group excluding members",
    async play({ requests, groupName, groupId }) {
      await requests.expectGroup(groupId(), { displayName: groupName });
      return "It holds no members.";
    },
  },
  {
    name: "GET /Groups: filter for an existing group, one in other letters, and a missing one",
    async play({ requests, groupName, groupId }) {
      const found = [
        await requests.findGroup(groupName, false),
        await requests.findGroup(groupName, true),
        await requests.findGroup(groupName.toUpperCase(), false),
      ];
      if (!found.every((group) => group?.id === groupId()))
        throw new MissingEffect(`${groupName} is not always found.`);
      const missing = await requests.findGroup(randomUUID(), false);
      if (missing === undefined) return "Found in any case, with members and without; an empty list for none.";
      throw new MissingEffect("A group is found that is not there.");
    },
  },
  {
    name: "PATCH /Groups: replace attributes",
    async play({ requests, groupName, groupId }) {
      const displayName = `${groupName} replaced`;
      await requests.patchGroup(groupId(), verbosePatch("replace", { displayName }));
      await requests.expectGroup(groupId(), { displayName });
      return "The new name is kept.";
    },
  },
  {
    name: "PATCH /Groups: update externalId",
    async play({ requests, groupId }) {
      const externalId = randomUUID();
      await requests.patchGroup(groupId(), verbosePatch("replace", { externalId }));
      await requests.expectGroup(groupId(), { externalId });
      return "The new externalId is kept.";
    },
  },
  {
    name: "PATCH /Groups: add member",
    async play({ requests, dan, groupId, remember }) {
      const { id } = await requests.createUser(validatorUser(dan), { userName: dan });
      remember({ memberId: id });
      await requests.patchGroup(groupId(), patchBody([{ op: "add", path: "members", value: [{ value: id }] }]));
      await requests.expectGroup(groupId(), {}, [id]);
      return "The group has one member.";
    },
  },
  {
    name: "PATCH /Groups: remove member",
    async play({ requests, groupId, memberId }) {
      await requests.patchGroup(groupId(), patchBody([{ op: "remove", path: `members[value eq "${memberId()}"]` }]));
      await requests.expectGroup(groupId(), {}, []);
      return "The group has no member.";
    },
  },
  {
    name: "PATCH /Groups: several operations on one attribute",
    async play({ requests, groupId, memberId }) {
      const value = [{ value: memberId() }];
      const add = { op: "add", path: "members", value };
      await requests.patchGroup(groupId(), patchBody([add, { op: "remove", path: "members", value }, add]));
      await requests.expectGroup(groupId(), {}, [memberId()]);
      return "The last one counts.";
    },
  },
  {
    name: "DELETE /Groups: a group, the same twice, a missing one",
    async play({ requests, groupId, memberId }) {
      checkStatus(await requests.delete("/Groups", groupId()), 204);
      readRefusal(await requests.read("/Groups", groupId()), 404);
      readRefusal(await requests.delete("/Groups", groupId()), 404);
      readRefusal(await requests.delete("/Groups", randomUUID()), 404);
      checkStatus(await requests.read("/Users", memberId()), 200);
      checkStatus(await requests.delete("/Users", memberId()), 204);
      return "Gone after the first DELETE; 404 to the others. Its member was still there.";
    },
  },
];

function groupBody(displayName: string): object {
  return { schemas: [groupSchema], displayName, externalId: randomUUID() };
}
