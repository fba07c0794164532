import type { EntraPerson } from "./entra-directory.ts";
import { managerShapes } from "./entra-patch.ts";
import type { UserKey } from "./entra-wire.ts";
import type { EntraFixture } from "./fixtures.ts";
import { MissingEffect, refusedRenaming, type Steps } from "./step-player.ts";

/** The steps about people up to the groups, in the order of Entra's provisioning cycle. */
export const entraPeopleSteps: Steps<EntraFixture> = {
  async "test connection"({ entra }) {
    await entra.testConnection();
    return "The token is accepted; an unknown person and an unknown group are an empty list each.";
  },
  async "look for an unknown person"({ entra, cleo }) {
    const keys: readonly UserKey[] = ["userName", "externalId", 'emails[type eq "work"].value'];
    for (const key of keys) {
      const value = key === "externalId" ? cleo.profile.mailNickname : cleo.profile.userPrincipalName;
      if ((await entra.people.find(key, value)) !== undefined) throw new MissingEffect(`${value} is there already.`);
    }
    return "No one is found by userName, externalId or work email.";
  },
  async "create a person"(fixture) {
    const created = await fixture.entra.people.create(fixture.cleo, "whole");
    await expectFound(fixture, fixture.cleo, created.id);
    return `${created.userName} is there under the id ${created.id}, and found by every matching attribute.`;
  },
  async "create a person with a userName only, and add the rest"({ entra, dan }) {
    const { id, userName } = await entra.people.create(dan, "minimal");
    await entra.people.complete(dan);
    return `${userName} is there under the id ${id}, and has the whole profile.`;
  },
  "refuse a person who is there already": async ({ entra, cleo }) =>
    `Refused, as it should be: ${await entra.people.createAgain(cleo)}`,
  async "update several attributes"({ entra, cleo }) {
    const changes = { displayName: "Cléo Øst", givenName: "Cléo", surname: "Øst", employeeId: "4712" };
    await entra.people.update(cleo, { ...changes, jobTitle: "Lead" });
    return "The new names are kept.";
  },
  async "update one attribute"({ entra, cleo }) {
    await entra.people.update(cleo, { displayName: "Cleo the Second" });
    return "The new display name is kept.";
  },
  async "provision on demand"({ entra, dan }) {
    const found = await entra.people.find("userName", dan.profile.userPrincipalName);
    if (found === undefined) throw new MissingEffect(`${dan.profile.userPrincipalName} is not found.`);
    await entra.people.update(dan, { givenName: "Daniel", displayName: "Daniel Ëntra" }, "default");
    return "The new names are kept, in the default dialect.";
  },
  "change a userName": changeUserName,
  async "set a manager and remove it"({ entra, cleo, dan }) {
    for (const shape of managerShapes) await entra.people.setManager(dan, cleo, shape);
    await entra.people.removeManager(dan);
    return "Accepted in each of its three shapes; nothing else has changed.";
  },
};

/** The steps that end a run: deactivation, restoration, deletion. */
export const entraEndSteps: Steps<EntraFixture> = {
  async "soft delete a person"(fixture) {
    const { id } = await fixture.entra.people.softDelete(fixture.cleo);
    await expectFound(fixture, fixture.cleo, id);
    return "The person is inactive, and still read and found by the name that they had.";
  },
  async "restore the person"({ entra, cleo }) {
    const { id } = await entra.people.restore(cleo);
    return `The person is active again under the same id ${id}.`;
  },
  async "hard delete both people"(fixture) {
    for (const person of [fixture.cleo, fixture.dan]) await removeForGood(fixture, person);
    return "Both are gone: 404 to a GET and to a second DELETE, and no longer found.";
  },
  "delete an unknown person": async ({ entra }) => `Refused, as it should be: ${await entra.people.deleteUnknown()}`,
  async "create a deleted person anew, with nulls"(fixture) {
    const { userName } = await fixture.entra.people.create(fixture.dan, "nulls");
    await removeForGood(fixture, fixture.dan);
    return `${userName} was there again, and is gone again.`;
  },
};

async function removeForGood({ entra }: EntraFixture, person: EntraPerson): Promise<void> {
  await entra.people.softDelete(person);
  await entra.people.hardDelete(person);
  const userName = person.profile.userPrincipalName;
  if ((await entra.people.find("userName", userName)) === undefined) return;
  throw new MissingEffect(`${userName} is deleted, but still found.`);
}

/** Every attribute that Entra may match by, and the userName in another case, must find this id. */
async function expectFound({ entra }: EntraFixture, person: EntraPerson, id: string): Promise<void> {
  const userName = person.profile.userPrincipalName;
  const sought: readonly (readonly [UserKey, string])[] = [
    ["userName", userName],
    ["userName", userName.toUpperCase()],
    ["externalId", person.profile.mailNickname],
    ["id", id],
    ['emails[type eq "work"].value', userName],
  ];
  for (const [key, value] of sought) {
    const found = await entra.people.find(key, value);
    if (found?.id !== id)
      throw new MissingEffect(`${key} eq "${value}" should find ${id}, but finds ${found?.id ?? "no one"}.`);
  }
}

/** Changes it back, so that the run ends with the people it began with. */
async function changeUserName({ entra, cleo, domain, run }: EntraFixture): Promise<string> {
  const before = cleo.profile.userPrincipalName;
  const wanted = `cleo.renamed.${run}@${domain}`;
  const detail = await entra.people.changeUserName(cleo, wanted);
  if (detail !== undefined) return refusedRenaming(detail, domain);
  if ((await entra.people.find("userName", before)) !== undefined) {
    throw new MissingEffect(`The change was accepted, but ${before} is still found.`);
  }
  const refusal = await entra.people.changeUserName(cleo, before);
  if (refusal === undefined) return `The userName was ${wanted} for a while, under the same id.`;
  throw new MissingEffect(`The userName could be changed, but not changed back: ${refusal}`);
}
