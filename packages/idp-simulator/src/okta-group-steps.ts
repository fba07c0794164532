import type { OktaCast } from "./okta-cast.ts";
import { inService } from "./okta-people-steps.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The steps about a pushed group, from the push to its deletion in the service. */
export const groupSteps: readonly Step<OktaCast>[] = [
  {
    name: "push a group",
    async play(cast) {
      await cast.okta.pushGroup(cast.group);
      await expectMembers(cast, cast.ada, cast.ben);
      return "The group is there with two members.";
    },
  },
  {
    name: "rename the group",
    async play(cast) {
      const before = cast.okta.groupNameOf(cast.group);
      await cast.okta.renameGroup(cast.group, `${before} renamed`);
      await expectMembers(cast, cast.ada, cast.ben);
      if ((await cast.okta.findGroup(before)) !== undefined) throw new MissingEffect(`${before} is still found.`);
      return "The group has its new name and its members.";
    },
  },
  {
    name: "take a member out of the group",
    async play(cast) {
      await cast.okta.removeMembers(cast.group, [cast.ben]);
      await expectMembers(cast, cast.ada);
      const ben = await inService(cast, cast.ben);
      if (!ben.active) throw new MissingEffect("The person left the group only, but is now inactive.");
      return "One member is left; who went is still active.";
    },
  },
  {
    name: "put the member back",
    async play(cast) {
      await cast.okta.addMembers(cast.group, [cast.ben]);
      await expectMembers(cast, cast.ada, cast.ben);
      return "The group has two members again.";
    },
  },
  {
    name: "push the group now, after a member has lost the app",
    async play(cast) {
      await cast.okta.unassign(cast.ben);
      await cast.okta.pushNow(cast.group);
      await expectMembers(cast, cast.ada);
      return "The group holds who is assigned.";
    },
  },
  {
    name: "empty the group",
    async play(cast) {
      await cast.okta.setGroupMembers(cast.group, []);
      await cast.okta.pushNow(cast.group);
      await expectMembers(cast);
      return "The group is empty.";
    },
  },
  {
    name: "delete the group",
    async play(cast) {
      const name = cast.okta.groupNameOf(cast.group);
      await cast.okta.setGroupMembers(cast.group, [cast.ada]);
      await cast.okta.deleteGroup(cast.group);
      if ((await cast.okta.findGroup(name)) !== undefined)
        throw new MissingEffect(`${name} is deleted, but still found.`);
      const ada = await inService(cast, cast.ada);
      if (!ada.active) throw new MissingEffect("The group's deletion has deactivated its member.");
      return "The group is gone; its member stays.";
    },
  },
];

async function expectMembers({ okta, group }: OktaCast, ...personIds: readonly string[]): Promise<void> {
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
