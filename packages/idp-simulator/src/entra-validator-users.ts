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
    play: async ({ requests }) =>
      `The service says that ${await requests.discover()} attributes of a person may be written.`,
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
    async play({ requests, cleo }) {
      return `Refused, as it should be: ${readRefusal(await requests.post("/Users", validatorUser(cleo)), 409)}`;
    },
  },
  {
    name: "GET /Users: filter for an existing user, one in other letters, and a missing one",
    async play({ requests, cleo, userId }) {
      for (const userName of [cleo, cleo.toUpperCase()]) {
        const found = await requests.findUser(userName);
        if (found?.id !== userId()) throw new MissingEffect(`${userName} is not found under the id ${userId()}.`);
      }
      if ((await requests.findUser(randomUUID())) !== undefined)
        throw new MissingEffect("Somebody is found who is not there.");
      return "Found in any case, and an empty list for nobody.";
    },
  },
  {
    name: "PATCH /Users: replace attributes (verbose)",
    async play({ requests, cleo, userId }) {
      const values = verboseValues(cleo, "replaced");
      await requests.patchUser(userId(), verbosePatch("replace", values), values);
      return `${Object.keys(values).length} operations in one call; what the service keeps has its new value.`;
    },
  },
  { name: "PATCH /Users: update userName", play: updateUserName },
  {
    name: "PATCH /Users: disable user",
    async play({ requests, userId }) {
      for (const active of [false, true]) {
        await requests.patchUser(userId(), verbosePatch("replace", { active }), { active });
      }
      return "Inactive, and active again.";
    },
  },
  {
    name: "PATCH /Users: add, replace and remove manager",
    async play({ requests, userId }) {
      const path = `${enterpriseSchema}:manager`;
      for (const operation of [
        { op: "add", path, value: { value: "GZFDHGRKQLCG" } },
        { op: "replace", path, value: { value: "QYVJCAGTQBJF" } },
        { op: "remove", path },
      ]) {
        await requests.patchUser(userId(), patchBody([operation]), { active: true });
      }
      return "Accepted.";
    },
  },
  {
    name: "PATCH /Users: several operations on different attributes",
    async play({ requests, run, userId }) {
      const operations = [
        { op: "remove", path: "preferredLanguage" },
        { op: "add", path: "externalId", value: `UOYT-${run}` },
        { op: "replace", path: "displayName", value: "VGNBBCPQEMYC" },
      ];
      const expected = { externalId: `UOYT-${run}`, displayName: "VGNBBCPQEMYC" };
      await requests.patchUser(userId(), patchBody(operations), expected);
      return "All of them are done.";
    },
  },
  {
    name: "PATCH /Users: several operations on one attribute",
    async play({ requests, run, userId }) {
      const operations = [
        { op: "remove", path: "externalId" },
        { op: "add", path: "externalId", value: `WWJQ-${run}` },
        { op: "replace", path: "externalId", value: `SNES-${run}` },
      ];
      await requests.patchUser(userId(), patchBody(operations), { externalId: `SNES-${run}` });
      return "The last one counts.";
    },
  },
  {
    name: "DELETE /Users: a user, the same twice, a missing one",
    async play(fixture) {
      await deleteForGood(fixture, fixture.userId());
      readRefusal(await fixture.requests.delete("/Users", randomUUID()), 404);
      return "Gone after the first DELETE; 404 to the others.";
    },
  },
  {
    name: "PATCH /Users: add attributes to a minimal user (verbose)",
    async play(fixture) {
      const { requests, cleo } = fixture;
      const { id } = await requests.createUser(validatorMinimalUser(cleo), { userName: cleo });
      const values = verboseValues(cleo, "added");
      await requests.patchUser(id, verbosePatch("add", values), values);
      await deleteForGood(fixture, id);
      return `${Object.keys(values).length} operations in one call; what the service keeps has its value.`;
    },
  },
];

async function createWhole({ requests, cleo, remember }: ValidatorFixture): Promise<{ userName: string; id: string }> {
  const sent = { userName: cleo, active: true, displayName: "BDFAIMDWZXYA" };
  const names = { "name.givenName": "Sadye", "name.familyName": "Keaton" };
  const { userName, id } = await requests.createUser(validatorUser(cleo), { ...sent, ...names });
  remember({ userId: id });
  return { userName, id };
}

async function deleteForGood({ requests }: ValidatorFixture, id: string): Promise<void> {
  checkStatus(await requests.delete("/Users", id), 204);
  readRefusal(await requests.read("/Users", id), 404);
  readRefusal(await requests.delete("/Users", id), 404);
}

/** Changes it back, so that the run needs no third person. */
async function updateUserName({ requests, cleo, domain, run, userId }: ValidatorFixture): Promise<string> {
  const wanted = `cleo.updated.${run}@${domain}`;
  const response = await requests.tryPatchUser(userId(), verbosePatch("replace", { userName: wanted }));
  if (response.exchange.status === 403) {
    const sentence = refusedRenaming(readRefusal(response, 403), domain);
    if ((await requests.findUser(cleo))?.id === userId()) return sentence;
    throw new MissingEffect(`Refused with 403, but ${cleo} is no longer found.`);
  }
  await requests.checkPatched(userId(), response, { userName: wanted });
  if ((await requests.findUser(cleo)) !== undefined)
    throw new MissingEffect(`The change was accepted, but ${cleo} is still found.`);
  await requests.patchUser(userId(), verbosePatch("replace", { userName: cleo }), { userName: cleo });
  return `The userName was ${wanted} for a while, under the same id.`;
}
