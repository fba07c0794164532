import type { OktaFixture } from "./okta-fixture.ts";
import type { OktaUser } from "./okta-user.ts";
import { refusedRenaming } from "./renaming.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The steps about people, in the order of Okta's own test plan. */
export const peopleSteps: readonly Step<OktaFixture>[] = [
  {
    name: "test API credentials",
    async play({ okta }) {
      const { people, groups } = await okta.testCredentials();
      return `The token is accepted; the service tells of ${people} people and ${groups} groups.`;
    },
  },
  {
    name: "import people",
    async play({ okta }) {
      const people = await okta.importUsers();
      const inactive = people.filter((person) => !person.active).length;
      return `${people.length} people read, ${inactive} of them inactive.`;
    },
  },
  {
    name: "import groups",
    play: async ({ okta }) => `${(await okta.importGroups()).length} groups read.`,
  },
  {
    name: "create a person",
    async play({ okta, ada }) {
      const created = await okta.assign(ada);
      return `${created.userName} is there under the id ${created.id}.`;
    },
  },
  {
    name: "create a second person",
    play: async ({ okta, ben }) => `${(await okta.assign(ben)).userName} is there.`,
  },
  {
    name: "find a person in other letters",
    async play(fixture) {
      const found = await inService(fixture, fixture.ada, (login) => login.toUpperCase());
      return `${found.userName} is found in capitals.`;
    },
  },
  {
    name: "refuse a person who is there already",
    play: async ({ okta, ada }) => `Refused, as it should be: ${await okta.createAgain(ada)}`,
  },
  {
    name: "update a name",
    async play(fixture) {
      await fixture.okta.updateProfile(fixture.ada, { givenName: "Adelaide", familyName: "Øst" });
      const { name } = await inService(fixture, fixture.ada);
      if (name?.givenName !== "Adelaide" || name.familyName !== "Øst") {
        throw new MissingEffect("The new name was accepted, but the person still has the old one.");
      }
      return "The new name is kept.";
    },
  },
  { name: "change a userName", play: changeUserName },
  {
    name: "deactivate a person",
    async play(fixture) {
      await fixture.okta.deactivate(fixture.ada);
      await expectActive(fixture, fixture.ada, false);
      return "The person is inactive, and still found.";
    },
  },
  {
    name: "reactivate a person",
    async play(fixture) {
      const { id } = await fixture.okta.reactivate(fixture.ada);
      await expectActive(fixture, fixture.ada, true);
      return `The person is active again under the same id ${id}.`;
    },
  },
];

/** The step that ends a run: both people are unassigned. */
export const removalStep: Step<OktaFixture> = {
  name: "remove both people",
  async play(fixture) {
    for (const person of [fixture.ada, fixture.ben]) {
      if (fixture.okta.isAssigned(person)) await fixture.okta.unassign(person);
      await expectActive(fixture, person, false);
    }
    return "Both are inactive.";
  },
};

/** Reads a person of this run from the service, by the login. */
export async function inService(
  { okta }: OktaFixture,
  personId: string,
  spell: (login: string) => string = (login) => login,
): Promise<OktaUser> {
  const login = spell(okta.loginOf(personId));
  const found = await okta.findUser(login);
  if (found === undefined) throw new MissingEffect(`Nobody is found under the userName ${login}.`);
  if (found.id === okta.remoteIdOf(personId)) return found;
  throw new MissingEffect(`Under ${login} is found ${found.id}, who is somebody else.`);
}

async function expectActive(fixture: OktaFixture, personId: string, active: boolean): Promise<void> {
  const found = await inService(fixture, personId);
  if (found.active === active) return;
  throw new MissingEffect(`${found.userName} should ${active ? "" : "not "}be active now.`);
}

async function changeUserName(fixture: OktaFixture): Promise<string> {
  const { okta, ada, domain, run } = fixture;
  const before = okta.loginOf(ada);
  const wanted = `ada.renamed.${run}@${domain}`;
  const change = await okta.changeUserName(ada, wanted);
  const found = await inService(fixture, ada);
  if (change.kind === "changed") {
    if (found.userName !== wanted)
      throw new MissingEffect(`The change was accepted, but the userName is ${found.userName}.`);
    if ((await okta.findUser(before)) === undefined) return `The userName is now ${wanted}, under the same id.`;
    throw new MissingEffect(`The change was accepted, but ${before} is still found.`);
  }
  const sentence = refusedRenaming(change.detail, domain);
  if (found.userName !== before)
    throw new MissingEffect(`Refused with 403, but the userName is now ${found.userName}.`);
  return sentence;
}
