import { expect, test } from "vitest";
import { findsNone, findsOne, isPerson } from "./checks.ts";
import { person, userBody } from "./person.ts";
import { newTally, note, type Check } from "./tally.ts";

const ada = person("seed", 0);
const list = (...found: readonly object[]): object => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: found.length,
  Resources: found,
});
const stored = { ...userBody(ada), id: "1" };

// A server that is fast because its responses are wrong must not pass.
test.each<[name: string, check: Check, status: number, body: object, contentType: string, wrong: number]>([
  ["a hit", findsOne(ada.userName), 200, list(stored), "application/scim+json", 0],
  ["an error for a hit", findsOne(ada.userName), 500, list(stored), "application/scim+json", 1],
  ["nobody for a hit", findsOne(ada.userName), 200, list(), "application/scim+json", 1],
  ["somebody else for a hit", findsOne("b@x.example"), 200, list(stored), "application/scim+json", 1],
  ["plain JSON", findsOne(ada.userName), 200, list(stored), "application/json", 1],
  ["somebody for a miss", findsNone, 200, list(stored), "application/scim+json", 1],
  ["the person", isPerson(ada, true, 200), 200, stored, "application/scim+json; charset=utf-8", 0],
  ["another family name", isPerson({ ...ada, familyName: "X" }, true, 200), 200, stored, "application/scim+json", 1],
  ["still active", isPerson(ada, false, 200, 204), 200, stored, "application/scim+json", 1],
  ["no id", isPerson(ada, true, 201), 201, userBody(ada), "application/scim+json", 1],
])("%s", (name, check, status, body, contentType, wrong) => {
  const tally = newTally();
  note(tally, name, { status, contentType, text: JSON.stringify(body), ms: 1 }, check);
  expect([tally.errors, tally.samples.length, tally.times]).toEqual([wrong, wrong, [1]]);
});
