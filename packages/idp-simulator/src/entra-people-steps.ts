import type { EntraFixture } from "./entra-fixture.ts";
import { managerShapes } from "./entra-patch.ts";
import type { UserKey } from "./entra-wire.ts";
import { refusedRenaming } from "./renaming.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The steps about people up to the groups, in the order of Entra's provisioning cycle. */
export const peopleSteps: readonly Step<EntraFixture>[] = [
  {
    name: "test connection",
    async play({ entra }) {
      await entra.testConnection();
      return "The token is accepted; somebody unknown and a group unknown are an empty list each.";
    },
  },
  {
    name: "look for somebody who is not there",
    async play({ entra, cleo }) {
      const keys: readonly UserKey[] = ["userName", "externalId", 'emails[type eq "work"].value'];
      for (const key of keys) {
        const value = key === "externalId" ? entra.mailNicknameOf(cleo) : entra.userNameOf(cleo);
        if ((await entra.findUser(key, value)) !== undefined) throw new MissingEffect(`${value} is there already.`);
      }
      return "Nobody is found by userName, externalId or work email.";
    },
  },
  {
    name: "create a person",
    async play(fixture) {
      const created = await fixture.entra.provision(fixture.cleo, "whole");
      await expectFound(fixture, fixture.cleo, created.id);
      return `${created.userName} is there under the id ${created.id}, and found by every matching attribute.`;
    },
  },
  {
    name: "create a person with a userName only, and add the rest",
    async play({ entra, dan }) {
      const { id, userName } = await entra.provision(dan, "minimal");
      await entra.complete(dan);
      return `${userName} is there under the id ${id}, and has the whole profile.`;
    },
  },
  {
    name: "refuse a person who is there already",
    play: async ({ entra, cleo }) => `Refused, as it should be: ${await entra.provisionAgain(cleo)}`,
  },
  {
    name: "update several attributes",
    async play({ entra, cleo }) {
      const changes = { displayName: "Cléo Øst", givenName: "Cléo", surname: "Øst", employeeId: "4712" };
      await entra.update(cleo, { ...changes, jobTitle: "Lead" });
      return "The new names are kept.";
    },
  },
  {
    name: "update one attribute",
    async play({ entra, cleo }) {
      await entra.update(cleo, { displayName: "Cleo the Second" });
      return "The new display name is kept.";
    },
  },
  {
    name: "provision on demand",
    async play({ entra, dan }) {
      const found = await entra.findUser("userName", entra.userNameOf(dan));
      if (found === undefined) throw new MissingEffect(`${entra.userNameOf(dan)} is not found.`);
      await entra.updateOnDemand(dan, { givenName: "Daniel", displayName: "Daniel Ëntra" });
      return "The new names are kept, in the default dialect.";
    },
  },
  { name: "change a userName", play: changeUserName },
  {
    name: "set a manager and remove it",
    async play({ entra, cleo, dan }) {
      for (const shape of managerShapes) await entra.setManager(dan, cleo, shape);
      await entra.removeManager(dan);
      return "Accepted in each of its three shapes; nothing else has changed.";
    },
  },
];

/** The steps that end a run: deactivation, restoration, deletion. */
export const endSteps: readonly Step<EntraFixture>[] = [
  {
    name: "soft delete a person",
    async play(fixture) {
      const { id } = await fixture.entra.softDelete(fixture.cleo);
      await expectFound(fixture, fixture.cleo, id);
      return "The person is inactive, and still read and found by the name that they had.";
    },
  },
  {
    name: "restore the person",
    async play({ entra, cleo }) {
      const { id } = await entra.restore(cleo);
      return `The person is active again under the same id ${id}.`;
    },
  },
  {
    name: "hard delete both people",
    async play(fixture) {
      for (const person of [fixture.cleo, fixture.dan]) await removeForGood(fixture, person);
      return "Both are gone: 404 to a GET and to a second DELETE, and no longer found.";
    },
  },
  {
    name: "delete somebody who never was",
    play: async ({ entra }) => `Refused, as it should be: ${await entra.deleteNobody()}`,
  },
  {
    name: "create a deleted person anew, with nulls",
    async play(fixture) {
      const { userName } = await fixture.entra.provision(fixture.dan, "nulls");
      await removeForGood(fixture, fixture.dan);
      return `${userName} was there again, and is gone again.`;
    },
  },
];

async function removeForGood({ entra }: EntraFixture, personId: string): Promise<void> {
  await entra.softDelete(personId);
  await entra.hardDelete(personId);
  const userName = entra.userNameOf(personId);
  if ((await entra.findUser("userName", userName)) === undefined) return;
  throw new MissingEffect(`${userName} is deleted, but still found.`);
}

/** Every attribute that Entra may match by, and the userName in another case, must find this id. */
async function expectFound({ entra }: EntraFixture, personId: string, id: string): Promise<void> {
  const userName = entra.userNameOf(personId);
  const sought: readonly (readonly [UserKey, string])[] = [
    ["userName", userName],
    ["userName", userName.toUpperCase()],
    ["externalId", entra.mailNicknameOf(personId)],
    ["id", id],
    ['emails[type eq "work"].value', userName],
  ];
  for (const [key, value] of sought) {
    const found = await entra.findUser(key, value);
    if (found?.id !== id)
      throw new MissingEffect(`${key} eq "${value}" should find ${id}, but finds ${found?.id ?? "nobody"}.`);
  }
}

/** Changes it back, so that the run ends with the people it began with. */
async function changeUserName({ entra, cleo, domain, run }: EntraFixture): Promise<string> {
  const before = entra.userNameOf(cleo);
  const wanted = `cleo.renamed.${run}@${domain}`;
  const detail = await entra.changeUserName(cleo, wanted);
  if (detail !== undefined) return refusedRenaming(detail, domain);
  if ((await entra.findUser("userName", before)) !== undefined) {
    throw new MissingEffect(`The change was accepted, but ${before} is still found.`);
  }
  const refusal = await entra.changeUserName(cleo, before);
  if (refusal === undefined) return `The userName was ${wanted} for a while, under the same id.`;
  throw new MissingEffect(`The userName could be changed, but not changed back: ${refusal}`);
}
