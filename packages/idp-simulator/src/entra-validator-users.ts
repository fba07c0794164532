import { randomUUID } from "node:crypto";
import { validatorMinimalUser, validatorUser, verbosePatch, verboseValues } from "./entra-validator-bodies.ts";
import { enterpriseSchema } from "./entra-wire.ts";
import type { ValidatorFixture } from "./fixtures.ts";
import { readRefusal } from "./response-check.ts";
import { patchBody } from "./scim-wire.ts";
import { MissingEffect, refusedRenaming, type Steps } from "./step-player.ts";

/** The Validator's tests of users, by their names there; its previews come last. */
export const validatorUserSteps: Steps<ValidatorFixture> = {
  "GET /Schemas: discover the schema": async ({ requests }) =>
    `The service says that ${await requests.discover()} attributes of a person may be written.`,
  async "POST /Users: create a new user"(fixture) {
    const { requests, cleo } = fixture;
    const names = { "name.givenName": "Sadye", "name.familyName": "Keaton" };
    const sent = { userName: cleo, active: true, displayName: "BDFAIMDWZXYA", ...names };
    const { userName, id } = await requests.createUser(validatorUser(cleo), sent);
    fixture.userId = id;
    return `${userName} is there under the id ${id}.`;
  },
  "POST /Users: create a duplicate user": async ({ requests, cleo }) =>
    `Refused, as it should be: ${await requests.users.createAgain(validatorUser(cleo))}`,
  async "GET /Users: filter for an existing user, one in other letters, and a missing one"({ requests, cleo, userId }) {
    for (const userName of [cleo, cleo.toUpperCase()]) {
      const found = await requests.findUser(userName);
      if (found?.id !== userId) throw new MissingEffect(`${userName} is not found under the id ${userId}.`);
    }
    if ((await requests.findUser(randomUUID())) !== undefined)
      throw new MissingEffect("A person is found who does not exist.");
    return "Found in any case, and an empty list for no one.";
  },
  async "PATCH /Users: replace attributes (verbose)"({ requests, cleo, userId }) {
    const values = verboseValues(cleo, "replaced");
    await requests.patchUser(userId, verbosePatch("replace", values), values);
    return `${Object.keys(values).length} operations in one request; what the service keeps has its new value.`;
  },
  "PATCH /Users: update userName": updateUserName,
  async "PATCH /Users: disable user"({ requests, userId }) {
    for (const active of [false, true]) {
      await requests.patchUser(userId, verbosePatch("replace", { active }), { active });
    }
    return "Inactive, and active again.";
  },
  async "PATCH /Users: add, replace and remove manager"({ requests, userId }) {
    const path = `${enterpriseSchema}:manager`;
    for (const operation of [
      { op: "add", path, value: { value: "GZFDHGRKQLCG" } },
      { op: "replace", path, value: { value: "QYVJCAGTQBJF" } },
      { op: "remove", path },
    ]) {
      await requests.patchUser(userId, patchBody([operation]), { active: true });
    }
    return "Accepted.";
  },
  async "PATCH /Users: several operations on different attributes"({ requests, run, userId }) {
    const operations = [
      { op: "remove", path: "preferredLanguage" },
      { op: "add", path: "externalId", value: `UOYT-${run}` },
      { op: "replace", path: "displayName", value: "VGNBBCPQEMYC" },
    ];
    const expected = { externalId: `UOYT-${run}`, displayName: "VGNBBCPQEMYC" };
    await requests.patchUser(userId, patchBody(operations), expected);
    return "All of them are done.";
  },
  async "PATCH /Users: several operations on one attribute"({ requests, run, userId }) {
    const operations = [
      { op: "remove", path: "externalId" },
      { op: "add", path: "externalId", value: `WWJQ-${run}` },
      { op: "replace", path: "externalId", value: `SNES-${run}` },
    ];
    await requests.patchUser(userId, patchBody(operations), { externalId: `SNES-${run}` });
    return "The last one counts.";
  },
  async "DELETE /Users: a user, the same twice, a missing one"({ requests, userId }) {
    await requests.users.deleteForGood(userId);
    await requests.users.deleteUnknown();
    return "Gone after the first DELETE; 404 to the others.";
  },
  async "PATCH /Users: add attributes to a minimal user (verbose)"({ requests, cleo }) {
    const { id } = await requests.createUser(validatorMinimalUser(cleo), { userName: cleo });
    const values = verboseValues(cleo, "added");
    await requests.patchUser(id, verbosePatch("add", values), values);
    await requests.users.deleteForGood(id);
    return `${Object.keys(values).length} operations in one request; what the service keeps has its value.`;
  },
};

/** Changes it back, so that the run needs no third person. */
async function updateUserName({ requests, cleo, domain, run, userId }: ValidatorFixture): Promise<string> {
  const wanted = `cleo.updated.${run}@${domain}`;
  const response = await requests.users.patch(userId, verbosePatch("replace", { userName: wanted }));
  if (response.exchange.status === 403) {
    const sentence = refusedRenaming(readRefusal(response, 403), domain);
    if ((await requests.findUser(cleo))?.id === userId) return sentence;
    throw new MissingEffect(`Refused with 403, but ${cleo} is no longer found.`);
  }
  await requests.checkPatched(userId, response, { userName: wanted });
  if ((await requests.findUser(cleo)) !== undefined)
    throw new MissingEffect(`The change was accepted, but ${cleo} is still found.`);
  await requests.patchUser(userId, verbosePatch("replace", { userName: cleo }), { userName: cleo });
  return `The userName was ${wanted} for a while, under the same id.`;
}
