import type { OktaFixture } from "./fixtures.ts";
import type { OktaPerson } from "./okta-directory.ts";
import { inService } from "./okta-people-steps.ts";
import { MissingEffect, type Steps } from "./step-player.ts";

/** The steps about a pushed group, from the push to its deletion in the service. */
export const oktaGroupSteps: Steps<OktaFixture> = {
  async "push a group"(fixture) {
    await fixture.okta.groups.push(fixture.group);
    await expectMembers(fixture, fixture.ada, fixture.ben);
    return "The group is there with two members.";
  },
  async "rename the group"(fixture) {
    const before = fixture.group.name;
    await fixture.okta.groups.rename(fixture.group, `${before} renamed`);
    await expectMembers(fixture, fixture.ada, fixture.ben);
    if ((await fixture.okta.groups.find(before)) !== undefined) throw new MissingEffect(`${before} is still found.`);
    return "The group has its new name and its members.";
  },
  async "take a member out of the group"(fixture) {
    await fixture.okta.groups.setMembers(fixture.group, [fixture.ada]);
    await expectMembers(fixture, fixture.ada);
    const ben = await inService(fixture, fixture.ben);
    if (!ben.active) throw new MissingEffect("The person left the group only, but is now inactive.");
    return "One member is left; the removed person is still active.";
  },
  async "put the member back"(fixture) {
    await fixture.okta.groups.setMembers(fixture.group, [fixture.ada, fixture.ben]);
    await expectMembers(fixture, fixture.ada, fixture.ben);
    return "The group has two members again.";
  },
  async "push the group now, after a member has lost the app"(fixture) {
    await fixture.okta.people.unassign(fixture.ben);
    await fixture.okta.groups.pushNow(fixture.group);
    await expectMembers(fixture, fixture.ada);
    return "The group holds who is assigned.";
  },
  async "empty the group"(fixture) {
    await fixture.okta.groups.setMembers(fixture.group, []);
    await fixture.okta.groups.pushNow(fixture.group);
    await expectMembers(fixture);
    return "The group is empty.";
  },
  async "delete the group"(fixture) {
    const name = fixture.group.name;
    await fixture.okta.groups.setMembers(fixture.group, [fixture.ada]);
    await fixture.okta.groups.delete(fixture.group);
    if ((await fixture.okta.groups.find(name)) !== undefined)
      throw new MissingEffect(`${name} is deleted, but still found.`);
    const ada = await inService(fixture, fixture.ada);
    if (!ada.active) throw new MissingEffect("The group's deletion has deactivated its member.");
    return "The group is gone; its member stays.";
  },
};

async function expectMembers({ okta, group }: OktaFixture, ...people: readonly OktaPerson[]): Promise<void> {
  const { name } = group;
  const found = await okta.groups.find(name);
  if (found === undefined) throw new MissingEffect(`The group ${name} is not found.`);
  if (found.displayName !== name)
    throw new MissingEffect(`The group should be named ${name}, but is ${found.displayName}.`);
  const actual = (found.members ?? []).map((member) => member.value).sort();
  const wanted = people.map(({ remoteId }) => remoteId ?? "").sort();
  if (actual.join(" ") === wanted.join(" ")) return;
  throw new MissingEffect(`The group ${name} should hold [${wanted.join(", ")}], but holds [${actual.join(", ")}].`);
}
