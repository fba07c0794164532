import { randomUUID } from "node:crypto";
import { checkStatus, readRefusal } from "./response-check.ts";
import { enterpriseSchema } from "./entra-wire.ts";
import { validatorMinimalUser, validatorUser, verbosePatch, verboseValues } from "./entra-validator-bodies.ts";
import type { ValidatorFixture } from "./entra-validator-fixture.ts";
import { refusedRenaming } from "./renaming.ts";
import { patchBody } from "./scim-wire.ts";
import { type Step, MissingEffect } from "./step-player.ts";

/** The Validator's tests of users, by their names there; its previews come last. */
export const validatorUserSteps: readonly Step<ValidatorFixture>[] = [
  {
    name: "GET /Schemas: discover the schema",
    play: async ({ calls }) => `The service says that ${await calls.discover()} attributes of a person may be written.`,
  },
  {
    name: "POST /Users: create a new user",
    async play(fixture) {
      const { userName, id } = await createWhole(fixture);
      return `${userName} is there under the id ${id}.`;
    },
  },
  {
    name: "POST /Users: create a duplicate user",
    async play({ calls, cleo }) {
      return `Refused, as it should be: ${readRefusal(await calls.post("/Users", validatorUser(cleo)), 409)}`;
    },
  },
  {
    name: "GET /Users: filter for an existing user, one in other letters, and a missing one",
    async play({ calls, cleo, userId }) {
      for (const userName of [cleo, cleo.toUpperCase()]) {
        const found = await calls.findUser(userName);
        if (found?.id !== userId()) throw new MissingEffect(`${userName} is not found under the id ${userId()}.`);
      }
      if ((await calls.findUser(randomUUID())) !== undefined)
        throw new MissingEffect("Somebody is found who is not there.");
      return "Found in any case, and an empty list for nobody.";
    },
  },
  {
    name: "PATCH /Users: replace attributes (verbose)",
    async play({ calls, cleo, userId }) {
      const values = verboseValues(cleo, "replaced");
      await calls.patchUser(userId(), verbosePatch("replace", values), values);
      return `${Object.keys(values).length} operations in one call; what the service keeps has its new value.`;
    },
  },
  { name: "PATCH /Users: update userName", play: updateUserName },
  {
    name: "PATCH /Users: disable user",
    async play({ calls, userId }) {
      for (const active of [false, true]) {
        await calls.patchUser(userId(), verbosePatch("replace", { active }), { active });
      }
      return "Inactive, and active again.";
    },
  },
  {
    name: "PATCH /Users: add, replace and remove manager",
    async play({ calls, userId }) {
      const path = `${enterpriseSchema}:manager`;
      for (const operation of [
        { op: "add", path, value: { value: "GZFDHGRKQLCG" } },
        { op: "replace", path, value: { value: "QYVJCAGTQBJF" } },
        { op: "remove", path },
      ]) {
        await calls.patchUser(userId(), patchBody([operation]), { active: true });
      }
      return "Accepted.";
    },
  },
  {
    name: "PATCH /Users: several operations on different attributes",
    async play({ calls, run, userId }) {
      const operations = [
        { op: "remove", path: "preferredLanguage" },
        { op: "add", path: "externalId", value: `UOYT-${run}` },
        { op: "replace", path: "displayName", value: "VGNBBCPQEMYC" },
      ];
      const expected = { externalId: `UOYT-${run}`, displayName: "VGNBBCPQEMYC" };
      await calls.patchUser(userId(), patchBody(operations), expected);
      return "All of them are done.";
    },
  },
  {
    name: "PATCH /Users: several operations on one attribute",
    async play({ calls, run, userId }) {
      const operations = [
        { op: "remove", path: "externalId" },
        { op: "add", path: "externalId", value: `WWJQ-${run}` },
        { op: "replace", path: "externalId", value: `SNES-${run}` },
      ];
      await calls.patchUser(userId(), patchBody(operations), { externalId: `SNES-${run}` });
      return "The last one counts.";
    },
  },
  {
    name: "DELETE /Users: a user, the same twice, a missing one",
    async play(fixture) {
      await deleteForGood(fixture, fixture.userId());
      readRefusal(await fixture.calls.delete("/Users", randomUUID()), 404);
      return "Gone after the first DELETE; 404 to the others.";
    },
  },
  {
    name: "PATCH /Users: add attributes to a minimal user (verbose)",
    async play(fixture) {
      const { calls, cleo } = fixture;
      const { id } = await calls.createUser(validatorMinimalUser(cleo), { userName: cleo });
      const values = verboseValues(cleo, "added");
      await calls.patchUser(id, verbosePatch("add", values), values);
      await deleteForGood(fixture, id);
      return `${Object.keys(values).length} operations in one call; what the service keeps has its value.`;
    },
  },
];

async function createWhole({ calls, cleo, remember }: ValidatorFixture): Promise<{ userName: string; id: string }> {
  const sent = { userName: cleo, active: true, displayName: "BDFAIMDWZXYA" };
  const names = { "name.givenName": "Sadye", "name.familyName": "Keaton" };
  const { userName, id } = await calls.createUser(validatorUser(cleo), { ...sent, ...names });
  remember({ userId: id });
  return { userName, id };
}

async function deleteForGood({ calls }: ValidatorFixture, id: string): Promise<void> {
  checkStatus(await calls.delete("/Users", id), 204);
  readRefusal(await calls.read("/Users", id), 404);
  readRefusal(await calls.delete("/Users", id), 404);
}

/** Changes it back, so that the run needs no third person. */
async function updateUserName({ calls, cleo, domain, run, userId }: ValidatorFixture): Promise<string> {
  const wanted = `cleo.updated.${run}@${domain}`;
  const response = await calls.tryPatchUser(userId(), verbosePatch("replace", { userName: wanted }));
  if (response.exchange.status === 403) {
    const sentence = refusedRenaming(readRefusal(response, 403), domain);
    if ((await calls.findUser(cleo))?.id === userId()) return sentence;
    throw new MissingEffect(`Refused with 403, but ${cleo} is no longer found.`);
  }
  await calls.checkPatched(userId(), response, { userName: wanted });
  if ((await calls.findUser(cleo)) !== undefined)
    throw new MissingEffect(`The change was accepted, but ${cleo} is still found.`);
  await calls.patchUser(userId(), verbosePatch("replace", { userName: cleo }), { userName: cleo });
  return `The userName was ${wanted} for a while, under the same id.`;
}
