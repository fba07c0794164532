import { randomUUID } from "node:crypto";
import type { EntraFixture } from "./entra-fixture.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The steps about a group, from its creation to its deletion. */
export const groupSteps: readonly Step<EntraFixture>[] = [
  {
    name: "create a group",
    async play(fixture) {
      const { id } = await fixture.entra.provisionGroup(fixture.group);
      await expectFound(fixture, id);
      return `The group is there under the id ${id}, and found by displayName and externalId.`;
    },
  },
  {
    name: "refuse a group that is there already",
    play: async ({ entra, group }) => `Refused, as it should be: ${await entra.provisionGroupAgain(group)}`,
  },
  {
    name: "add two members in one call",
    async play({ entra, group, cleo, dan }) {
      await entra.addMembers(group, [cleo, dan], [cleo, dan]);
      await entra.addMembers(group, [dan], [cleo, dan]);
      return "The group has two members, also after one of them is added again.";
    },
  },
  {
    name: "take a member out of the group",
    async play({ entra, group, cleo, dan }) {
      await entra.removeMembers(group, [dan], [cleo]);
      const { active } = (await entra.findUser("userName", entra.userNameOf(dan))) ?? { active: false };
      if (!active) throw new MissingEffect("The person left the group only, but is now inactive.");
      return "One member is left; who went is still active.";
    },
  },
  {
    name: "empty the group and fill it again",
    async play({ entra, group, cleo, dan }) {
      await entra.addMembers(group, [dan], [cleo, dan]);
      await entra.removeMembers(group, [cleo, dan], []);
      await entra.addMembers(group, [cleo, dan], [cleo, dan]);
      return "Both went in one call, and both are back.";
    },
  },
  {
    name: "rename the group",
    async play(fixture) {
      const { entra, group, cleo, dan } = fixture;
      const before = entra.groupNameOf(group);
      await entra.renameGroup(group, `${before} renamed`);
      await entra.expectMembers(group, [cleo, dan]);
      if ((await entra.findGroup("displayName", before)) === undefined)
        return "The group has its new name and its members.";
      throw new MissingEffect(`${before} is still found.`);
    },
  },
  {
    name: "change the group's externalId",
    async play(fixture) {
      const { entra, group } = fixture;
      const before = entra.groupExternalIdOf(group);
      await entra.changeGroupExternalId(group, randomUUID());
      if ((await entra.findGroup("externalId", before)) !== undefined)
        throw new MissingEffect(`${before} is still found.`);
      await expectFound(fixture);
      return "The group is found by its new externalId only.";
    },
  },
  {
    name: "delete the group",
    async play({ entra, group, cleo, dan }) {
      const name = entra.groupNameOf(group);
      await entra.deleteGroup(group);
      if ((await entra.findGroup("displayName", name)) !== undefined)
        throw new MissingEffect(`${name} is still found.`);
      for (const person of [cleo, dan]) {
        const found = await entra.findUser("userName", entra.userNameOf(person));
        if (found?.active !== true) throw new MissingEffect("The group's deletion has deactivated a member.");
      }
      return "The group is gone: 404 to a GET and to a second DELETE; its members stay.";
    },
  },
  {
    name: "delete a group that never was",
    play: async ({ entra }) => `Refused, as it should be: ${await entra.deleteNoGroup()}`,
  },
];

async function expectFound({ entra, group }: EntraFixture, id?: string): Promise<void> {
  const name = entra.groupNameOf(group);
  const found = [
    await entra.findGroup("displayName", name),
    await entra.findGroup("displayName", name.toUpperCase()),
    await entra.findGroup("externalId", entra.groupExternalIdOf(group)),
  ];
  const ids = new Set(found.map((one) => one?.id));
  if (ids.size === 1 && !ids.has(undefined) && (id === undefined || ids.has(id))) return;
  throw new MissingEffect(`${name} should be found by displayName, in any case, and by externalId.`);
}
