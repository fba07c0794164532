import type { OktaFixture } from "./fixtures.ts";
import type { OktaPerson } from "./okta-directory.ts";
import type { OktaUser } from "./okta-wire.ts";
import { MissingEffect, refusedRenaming, type Steps } from "./step-player.ts";

/** The steps about people, in the order of Okta's own test plan. */
export const oktaPeopleSteps: Steps<OktaFixture> = {
  async "test API credentials"({ okta }) {
    const { people, groups } = await okta.testCredentials();
    return `The token is accepted; the service lists ${peopleLabel(people)} and ${groupsLabel(groups)}.`;
  },
  async "import people"({ okta }) {
    const people = await okta.people.importAll();
    const inactive = people.filter((person) => !person.active).length;
    return `${peopleLabel(people.length)} read, ${inactive} of them inactive.`;
  },
  "import groups": async ({ okta }) => `${groupsLabel((await okta.groups.importAll()).length)} read.`,
  async "create a person"({ okta, ada }) {
    const created = await okta.people.assign(ada);
    return `${created.userName} is there under the id ${created.id}.`;
  },
  "create a second person": async ({ okta, ben }) => `${(await okta.people.assign(ben)).userName} is there.`,
  async "find a person in other letters"(fixture) {
    const found = await inService(fixture, fixture.ada, "inCapitals");
    return `${found.userName} is found in capitals.`;
  },
  "refuse a person who is there already": async ({ okta, ada }) =>
    `Refused, as it should be: ${await okta.people.createAgain(ada)}`,
  async "update a name"(fixture) {
    await fixture.okta.people.update(fixture.ada, { givenName: "Adelaide", familyName: "Øst" });
    const { name } = await inService(fixture, fixture.ada);
    if (name?.givenName !== "Adelaide" || name.familyName !== "Øst") {
      throw new MissingEffect("The new name was accepted, but the person still has the old one.");
    }
    return "The new name is kept.";
  },
  "change a userName": changeUserName,
  async "deactivate a person"(fixture) {
    await fixture.okta.people.unassign(fixture.ada);
    await expectActive(fixture, fixture.ada, false);
    return "The person is inactive, and still found.";
  },
  async "reactivate a person"(fixture) {
    const { id } = await fixture.okta.people.reactivate(fixture.ada);
    await expectActive(fixture, fixture.ada, true);
    return `The person is active again under the same id ${id}.`;
  },
};

/** The step that ends a run: both people are unassigned. */
export const oktaRemovalSteps: Steps<OktaFixture> = {
  async "remove both people"(fixture) {
    for (const person of [fixture.ada, fixture.ben]) {
      if (person.isAssigned) await fixture.okta.people.unassign(person);
      await expectActive(fixture, person, false);
    }
    return "Both are inactive.";
  },
};

/** Reads a person of this run from the service, by the login. */
export async function inService({ okta }: OktaFixture, person: OktaPerson, spelling?: "inCapitals"): Promise<OktaUser> {
  const { login: asSent } = person.profile;
  const login = spelling === undefined ? asSent : asSent.toUpperCase();
  const found = await okta.people.find(login);
  if (found === undefined) throw new MissingEffect(`No one is found under the userName ${login}.`);
  if (found.id === person.remoteId) return found;
  throw new MissingEffect(`${login} finds ${found.id}, another person.`);
}

function peopleLabel(count: number): string {
  return `${count} ${count === 1 ? "person" : "people"}`;
}

function groupsLabel(count: number): string {
  return `${count} ${count === 1 ? "group" : "groups"}`;
}

async function expectActive(fixture: OktaFixture, person: OktaPerson, active: boolean): Promise<void> {
  const found = await inService(fixture, person);
  if (found.active === active) return;
  throw new MissingEffect(`${found.userName} should ${active ? "" : "not "}be active now.`);
}

async function changeUserName(fixture: OktaFixture): Promise<string> {
  const { okta, ada, domain, run } = fixture;
  const before = ada.profile.login;
  const wanted = `ada.renamed.${run}@${domain}`;
  const change = await okta.people.changeUserName(ada, wanted);
  const found = await inService(fixture, ada);
  if (change.kind === "changed") {
    if (found.userName !== wanted)
      throw new MissingEffect(`The change was accepted, but the userName is ${found.userName}.`);
    if ((await okta.people.find(before)) === undefined) return `The userName is now ${wanted}, under the same id.`;
    throw new MissingEffect(`The change was accepted, but ${before} is still found.`);
  }
  const sentence = refusedRenaming(change.detail, domain);
  if (found.userName !== before)
    throw new MissingEffect(`Refused with 403, but the userName is now ${found.userName}.`);
  return sentence;
}
