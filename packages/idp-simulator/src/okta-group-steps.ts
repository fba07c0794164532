import type { OktaFixture } from "./okta-fixture.ts";
import { inService } from "./okta-people-steps.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The steps about a pushed group, from the push to its deletion in the service. */
export const groupSteps: readonly Step<OktaFixture>[] = [
  {
    name: "push a group",
    async play(fixture) {
      await fixture.okta.pushGroup(fixture.group);
      await expectMembers(fixture, fixture.ada, fixture.ben);
      return "The group is there with two members.";
    },
  },
  {
    name: "rename the group",
    async play(fixture) {
      const before = fixture.okta.groupNameOf(fixture.group);
      await fixture.okta.renameGroup(fixture.group, `${before} renamed`);
      await expectMembers(fixture, fixture.ada, fixture.ben);
      if ((await fixture.okta.findGroup(before)) !== undefined) throw new MissingEffect(`${before} is still found.`);
      return "The group has its new name and its members.";
    },
  },
  {
    name: "take a member out of the group",
    async play(fixture) {
      await fixture.okta.removeMembers(fixture.group, [fixture.ben]);
      await expectMembers(fixture, fixture.ada);
      const ben = await inService(fixture, fixture.ben);
      if (!ben.active) throw new MissingEffect("The person left the group only, but is now inactive.");
      return "One member is left; who went is still active.";
    },
  },
  {
    name: "put the member back",
    async play(fixture) {
      await fixture.okta.addMembers(fixture.group, [fixture.ben]);
      await expectMembers(fixture, fixture.ada, fixture.ben);
      return "The group has two members again.";
    },
  },
  {
    name: "push the group now, after a member has lost the app",
    async play(fixture) {
      await fixture.okta.unassign(fixture.ben);
      await fixture.okta.pushNow(fixture.group);
      await expectMembers(fixture, fixture.ada);
      return "The group holds who is assigned.";
    },
  },
  {
    name: "empty the group",
    async play(fixture) {
      await fixture.okta.setGroupMembers(fixture.group, []);
      await fixture.okta.pushNow(fixture.group);
      await expectMembers(fixture);
      return "The group is empty.";
    },
  },
  {
    name: "delete the group",
    async play(fixture) {
      const name = fixture.okta.groupNameOf(fixture.group);
      await fixture.okta.setGroupMembers(fixture.group, [fixture.ada]);
      await fixture.okta.deleteGroup(fixture.group);
      if ((await fixture.okta.findGroup(name)) !== undefined)
        throw new MissingEffect(`${name} is deleted, but still found.`);
      const ada = await inService(fixture, fixture.ada);
      if (!ada.active) throw new MissingEffect("The group's deletion has deactivated its member.");
      return "The group is gone; its member stays.";
    },
  },
];

async function expectMembers({ okta, group }: OktaFixture, ...personIds: readonly string[]): Promise<void> {
  const name = okta.groupNameOf(group);
  const found = await okta.findGroup(name);
  if (found === undefined) throw new MissingEffect(`The group ${name} is not found.`);
  if (found.displayName !== name)
    throw new MissingEffect(`The group should be named ${name}, but is ${found.displayName}.`);
  const actual = (found.members ?? []).map((member) => member.value).sort();
  const wanted = personIds.map((personId) => okta.remoteIdOf(personId) ?? "").sort();
  if (actual.join(" ") === wanted.join(" ")) return;
  throw new MissingEffect(`The group ${name} should hold [${wanted.join(", ")}], but holds [${actual.join(", ")}].`);
}
