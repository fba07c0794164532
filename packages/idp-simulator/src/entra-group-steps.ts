import { randomUUID } from "node:crypto";
import type { EntraFixture } from "./fixtures.ts";
import { MissingEffect, type Steps } from "./step-player.ts";

/** The steps about a group, from its creation to its deletion. */
export const entraGroupSteps: Steps<EntraFixture> = {
  async "create a group"(fixture) {
    const { id } = await fixture.entra.groups.create(fixture.group);
    await expectFound(fixture, id);
    return `The group is there under the id ${id}, and found by displayName and externalId.`;
  },
  "refuse a group that is there already": async ({ entra, group }) =>
    `Refused, as it should be: ${await entra.groups.createAgain(group)}`,
  async "add two members in one request"({ entra, group, cleo, dan }) {
    await entra.groups.addMembers(group, [cleo, dan], [cleo, dan]);
    await entra.groups.addMembers(group, [dan], [cleo, dan]);
    return "The group has two members, also after one of them is added again.";
  },
  async "take a member out of the group"({ entra, group, cleo, dan }) {
    await entra.groups.removeMembers(group, [dan], [cleo]);
    const { active } = (await entra.people.find("userName", dan.profile.userPrincipalName)) ?? { active: false };
    if (!active) throw new MissingEffect("The person left the group only, but is now inactive.");
    return "One member is left; the removed person is still active.";
  },
  async "empty the group and fill it again"({ entra, group, cleo, dan }) {
    await entra.groups.addMembers(group, [dan], [cleo, dan]);
    await entra.groups.removeMembers(group, [cleo, dan], []);
    await entra.groups.addMembers(group, [cleo, dan], [cleo, dan]);
    return "Both were removed in one request, and both are back.";
  },
  async "rename the group"(fixture) {
    const { entra, group, cleo, dan } = fixture;
    const before = group.name;
    await entra.groups.rename(group, `${before} renamed`);
    await entra.groups.expectMembers(group, [cleo, dan]);
    if ((await entra.groups.find("displayName", before)) === undefined)
      return "The group has its new name and its members.";
    throw new MissingEffect(`${before} is still found.`);
  },
  async "change the group's externalId"(fixture) {
    const { entra, group } = fixture;
    const before = group.externalId;
    await entra.groups.changeExternalId(group, randomUUID());
    if ((await entra.groups.find("externalId", before)) !== undefined)
      throw new MissingEffect(`${before} is still found.`);
    await expectFound(fixture);
    return "The group is found by its new externalId only.";
  },
  async "delete the group"({ entra, group, cleo, dan }) {
    const name = group.name;
    await entra.groups.delete(group);
    if ((await entra.groups.find("displayName", name)) !== undefined)
      throw new MissingEffect(`${name} is still found.`);
    for (const person of [cleo, dan]) {
      const found = await entra.people.find("userName", person.profile.userPrincipalName);
      if (found?.active !== true) throw new MissingEffect("The group's deletion has deactivated a member.");
    }
    return "The group is gone: 404 to a GET and to a second DELETE; its members stay.";
  },
  "delete an unknown group": async ({ entra }) => `Refused, as it should be: ${await entra.groups.deleteUnknown()}`,
};

async function expectFound({ entra, group }: EntraFixture, id?: string): Promise<void> {
  const { name } = group;
  const found = [
    await entra.groups.find("displayName", name),
    await entra.groups.find("displayName", name.toUpperCase()),
    await entra.groups.find("externalId", group.externalId),
  ];
  const ids = new Set(found.map((one) => one?.id));
  if (ids.size === 1 && !ids.has(undefined) && (id === undefined || ids.has(id))) return;
  throw new MissingEffect(`${name} should be found by displayName, in any case, and by externalId.`);
}
