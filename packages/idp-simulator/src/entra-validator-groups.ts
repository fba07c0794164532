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
    async play({ calls, groupName, remember }) {
      const { id } = await calls.createGroup(groupBody(groupName), groupName);
      remember({ groupId: id });
      return `The group is there under the id ${id}.`;
    },
  },
  {
    name: "POST /Groups: create a duplicate group",
    async play({ calls, groupName }) {
      return `Refused, as it should be: ${readRefusal(await calls.post("/Groups", groupBody(groupName)), 409)}`;
    },
  },
  {
    name: "GET /Groups/Id: get a group excluding members",
    async play({ calls, groupName, groupId }) {
      await calls.expectGroup(groupId(), { displayName: groupName });
      return "It holds no members.";
    },
  },
  {
    name: "GET /Groups: filter for an existing group, one in other letters, and a missing one",
    async play({ calls, groupName, groupId }) {
      const found = [
        await calls.findGroup(groupName, false),
        await calls.findGroup(groupName, true),
        await calls.findGroup(groupName.toUpperCase(), false),
      ];
      if (!found.every((group) => group?.id === groupId()))
        throw new MissingEffect(`${groupName} is not always found.`);
      const missing = await calls.findGroup(randomUUID(), false);
      if (missing === undefined) return "Found in any case, with members and without; an empty list for none.";
      throw new MissingEffect("A group is found that is not there.");
    },
  },
  {
    name: "PATCH /Groups: replace attributes",
    async play({ calls, groupName, groupId }) {
      const displayName = `${groupName} replaced`;
      await calls.patchGroup(groupId(), verbosePatch("replace", { displayName }));
      await calls.expectGroup(groupId(), { displayName });
      return "The new name is kept.";
    },
  },
  {
    name: "PATCH /Groups: update externalId",
    async play({ calls, groupId }) {
      const externalId = randomUUID();
      await calls.patchGroup(groupId(), verbosePatch("replace", { externalId }));
      await calls.expectGroup(groupId(), { externalId });
      return "The new externalId is kept.";
    },
  },
  {
    name: "PATCH /Groups: add member",
    async play({ calls, dan, groupId, remember }) {
      const { id } = await calls.createUser(validatorUser(dan), { userName: dan });
      remember({ memberId: id });
      await calls.patchGroup(groupId(), patchBody([{ op: "add", path: "members", value: [{ value: id }] }]));
      await calls.expectGroup(groupId(), {}, [id]);
      return "The group has one member.";
    },
  },
  {
    name: "PATCH /Groups: remove member",
    async play({ calls, groupId, memberId }) {
      await calls.patchGroup(groupId(), patchBody([{ op: "remove", path: `members[value eq "${memberId()}"]` }]));
      await calls.expectGroup(groupId(), {}, []);
      return "The group has no member.";
    },
  },
  {
    name: "PATCH /Groups: several operations on one attribute",
    async play({ calls, groupId, memberId }) {
      const value = [{ value: memberId() }];
      const add = { op: "add", path: "members", value };
      await calls.patchGroup(groupId(), patchBody([add, { op: "remove", path: "members", value }, add]));
      await calls.expectGroup(groupId(), {}, [memberId()]);
      return "The last one counts.";
    },
  },
  {
    name: "DELETE /Groups: a group, the same twice, a missing one",
    async play({ calls, groupId, memberId }) {
      checkStatus(await calls.delete("/Groups", groupId()), 204);
      readRefusal(await calls.read("/Groups", groupId()), 404);
      readRefusal(await calls.delete("/Groups", groupId()), 404);
      readRefusal(await calls.delete("/Groups", randomUUID()), 404);
      checkStatus(await calls.read("/Users", memberId()), 200);
      checkStatus(await calls.delete("/Users", memberId()), 204);
      return "Gone after the first DELETE; 404 to the others. Its member was still there.";
    },
  },
];

function groupBody(displayName: string): object {
  return { schemas: [groupSchema], displayName, externalId: randomUUID() };
}
