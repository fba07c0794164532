import { type LifeCycleStep, playEntraLifeCycle, playEntraValidator } from "@rollcall/idp-simulator";
import { startFaultProxy, type Handler } from "@rollcall/scim-conformance/testing/fault-proxy";
import { expect, test } from "vitest";
import {
  doesAndRefuses,
  editsRequest,
  editsResponse,
  onlyFor,
  onlyOn,
  refuses,
  repeatsLast,
  respondsWith,
  type RequestMatch,
} from "../testing/proxy-handlers.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim } = await useScim();
await scim.verifyDomain("verified.example");

type Run = {
  readonly baseUrl: string;
  readonly token: string;
  readonly domain: string;
  onStep(step: LifeCycleStep): void;
};

/** Plays against a proxy with this fault; returns the first failed step as "name: detail". */
async function failure(play: (run: Run) => Promise<unknown>, match: RequestMatch, fault: Handler): Promise<unknown> {
  await using proxy = await startFaultProxy(scim.baseUrl, onlyFor(match, fault));
  const failed: string[] = [];
  const onStep = (step: LifeCycleStep): void => {
    if (!step.ok) failed.push(`${step.name}: ${step.detail}`);
  };
  await play({ baseUrl: proxy.baseUrl, token: scim.token, domain: "verified.example", onStep });
  return failed[0];
}

type Row = [fault: string, match: RequestMatch, handler: Handler, step: RegExp];

const matching = (method: string) => (path: RegExp, body?: RegExp) => ({ method, path, body });
const [get, post, patch, remove] = [matching("GET"), matching("POST"), matching("PATCH"), matching("DELETE")];
const user = /^\/Users\/[^/?]+$/;
const group = /^\/Groups\/[^/?]+$/;

const emptyList = {
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: 0,
  startIndex: 1,
  itemsPerPage: 0,
  Resources: [],
};
const findsNothing = respondsWith(200, emptyList);
/** Reports success without the effect. */
const drops = respondsWith(204);
/** Reports a refused create as successful. */
const accepts = editsResponse(() => ({ status: 201 }));
const rewrites = (from: string | RegExp, to: string): Handler => editsRequest((text) => text.replace(from, to));
const shows = (from: string, to: string): Handler => editsResponse(({ text }) => ({ text: text.replace(from, to) }));
const hidesInactive = editsResponse((response) =>
  response.text.includes('"active":false') ? { text: JSON.stringify(emptyList) } : response,
);

// A step that trusts the status alone would pass; each step of the life cycle must be able to fail.
test.each<Row>([
  ["a filter by email is refused", get(/emails\[/), refuses(400), /^look for an unknown person/],
  [
    "a userName in capitals is not found",
    get(/userName eq "CLEO/),
    findsNothing,
    /^create a person: userName eq "CLEO/,
  ],
  ["a person is not found by externalId", get(/Users.*externalId eq/), findsNothing, /^create a person: externalId eq/],
  ["a person is not found by id", get(/Users.*filter=id eq/), findsNothing, /^create a person: id eq/],
  [
    "a minimal create is refused",
    post(/Users/, /^\{"userName":"[^"]*","schemas":\[[^\]]*\]\}$/),
    refuses(400),
    /^create a person with a userName only/,
  ],
  ["adds are dropped", patch(user, /"Add"/), drops, /^create a person with a userName only.*externalId/],
  ["a person is created twice", post(/Users/, /Cleo/), accepts, /^refuse a person who is there/],
  ["updates are dropped", patch(user, /Cléo Øst/), drops, /^update several attributes.*displayName/],
  ["an update of one attribute is dropped", patch(user, /Cleo the Second/), drops, /^update one attribute/],
  [
    "half of an update is dropped",
    patch(user, /Cléo Øst/),
    rewrites('"name.familyName"', '"title"'),
    /^update several.*familyName/,
  ],
  ["an on-demand update is dropped", patch(user, /Daniel/), drops, /^provision on demand/],
  ["a rename is dropped", patch(user, /cleo\.renamed/), drops, /^change a userName.*should hold userName/],
  [
    "a rename is refused without the domain",
    patch(user, /cleo\.renamed/),
    refuses(403, "Forbidden."),
    /^change a userName: Refused with 403, but the detail does not name/,
  ],
  [
    "a rename is done and refused",
    patch(user, /cleo\.renamed/),
    doesAndRefuses(403, "verified.example"),
    /^change a userName.*should hold userName "Cleo/,
  ],
  ["a rename keeps the old name findable", get(/userName eq "Cleo/), repeatsLast(), /^change a userName/],
  [
    "a rename is not taken back",
    patch(user, /"path":"userName","value":"Cleo/),
    refuses(403, "verified.example"),
    /^change a userName: .*not changed back/,
  ],
  ["a filter by manager is refused", get(/manager eq/), refuses(400), /^set a manager/],
  ["a manager is refused", patch(user, /manager","value":\[/), refuses(400), /^set a manager/],
  [
    "a manager's removal deactivates",
    patch(user, /"Remove".*manager/),
    rewrites(/"op":"Remove","path":"[^"]*manager"/, '"op":"Replace","path":"active","value":"False"'),
    /^set a manager.*active/,
  ],
  ["a group in capitals is not found", get(/displayName eq "ENTRA/), findsNothing, /^create a group/],
  ["a group is not found by externalId", get(/Groups.*externalId eq/), findsNothing, /^create a group/],
  [
    "excluded members are returned",
    get(/Groups\?excluded/),
    shows('"displayName"', '"members":[],"displayName"'),
    /^create a group.*members out/,
  ],
  [
    "one member of two is added",
    patch(group, /"Add"/),
    rewrites(/,\{"\$ref":null,"value":"[^"]*"\}/, ""),
    /^add two members/,
  ],
  [
    "a removal empties the group, as the RFC has it",
    patch(group, /"Remove"/),
    rewrites(/,"value":\[.*\](?=\}\])/, ""),
    /^take a member out.*should hold members/,
  ],
  ["a removal is dropped", patch(group, /"Remove"/), drops, /^take a member out/],
  [
    "a person removed from a group is deactivated",
    get(/userName eq "dan/),
    shows('"active":true', '"active":false'),
    /^take a member out.*now inactive/,
  ],
  [
    "a removal of two takes one",
    patch(group, /"Remove".*null.*null/),
    rewrites(/,\{"\$ref":null,"value":"[^"]*"\}/, ""),
    /^empty the group/,
  ],
  ["a group's rename is dropped", patch(group, /renamed/), drops, /^rename the group/],
  [
    "a group's rename keeps the old name findable",
    get(/displayName eq "Entra simulator \w+"$/),
    repeatsLast(),
    /^rename the group: .*still found/,
  ],
  ["a group's externalId is dropped", patch(group, /externalId/), drops, /^change the group's externalId/],
  ["a group is not deleted", remove(group), drops, /^delete the group.*should answer 404/],
  ["a soft delete is dropped", patch(user, /"False"/), drops, /^soft delete a person.*active/],
  ["inactive people are hidden from filters", get(/Users\?/), hidesInactive, /^soft delete a person: userName eq/],
  [
    "a restoration is dropped",
    patch(user, /"Replace","path":"active","value":"True"/),
    drops,
    /^restore the person.*active/,
  ],
  ["a hard delete is dropped", remove(user), drops, /^hard delete both people.*should answer 404/],
  ["a group is created twice", post(/Groups/), accepts, /^refuse a group that is there/],
  ["a member cannot be added again", patch(group, /"Add"/), onlyOn(2, refuses(400)), /^add two members/],
  ["a group is deleted twice", remove(group), onlyOn(2, drops), /^delete the group.*should answer 404/],
  ["an unknown group is deleted", remove(group), onlyOn(3, drops), /^delete an unknown group/],
  ["a person is deleted twice", remove(user), onlyOn(2, drops), /^hard delete both people.*should answer 404/],
  ["an unknown person is deleted", remove(user), onlyOn(5, drops), /^delete an unknown person/],
  ["nulls are refused", post(/Users/, /null/), refuses(400), /^create a deleted person anew/],
])("the life cycle fails when %s", async (_fault, match, handler, step) => {
  const play = (run: Run): Promise<unknown> => playEntraLifeCycle({ ...run, dialect: "default" });
  expect(await failure(play, match, handler)).toMatch(step);
});

test.each<Row>([
  ["a path-less replace is dropped", patch(user, /"value":\{/), drops, /^update several attributes/],
  [
    "dotted keys are dropped",
    patch(user, /"value":\{/),
    rewrites('"name.givenName"', '"nickName"'),
    /^update several attributes.*givenName/,
  ],
  ["a boolean is refused", patch(user, /"active":false/), refuses(400), /^soft delete/],
  ["a removal by filter is dropped", patch(group, /members\[/), drops, /^take a member out/],
])("the life cycle with aadOptscim062020 fails when %s", async (_fault, match, handler, step) => {
  const play = (run: Run): Promise<unknown> => playEntraLifeCycle({ ...run, dialect: "aadOptscim062020" });
  expect(await failure(play, match, handler)).toMatch(step);
});

test.each<Row>([
  ["a user is deleted twice", remove(user), onlyOn(2, drops), /^DELETE \/Users.*should answer 404/],
  ["an unknown user is deleted", remove(user), onlyOn(3, drops), /^DELETE \/Users.*should answer 404/],
  ["a group is deleted twice", remove(group), onlyOn(2, drops), /^DELETE \/Groups.*should answer 404/],
  ["an unknown group is deleted", remove(group), onlyOn(3, drops), /^DELETE \/Groups.*should answer 404/],
  ["the schemas are not a list", get(/Schemas/), respondsWith(200, {}), /^GET \/Schemas/],
  [
    "roles with primary as a string are refused",
    post(/Users/, /"primary":"True"/),
    refuses(400),
    /^POST \/Users: create a new user/,
  ],
  [
    "half of a create is kept",
    post(/Users/, /Sadye/),
    rewrites("Sadye", "Jim"),
    /^POST \/Users: create a new user.*givenName/,
  ],
  [
    "a created user is not found",
    get(/userName eq "Cleo/),
    findsNothing,
    /^POST \/Users: create a new user.*is not found/,
  ],
  ["a user is created twice", post(/Users/), accepts, /^POST \/Users: create a duplicate user/],
  ["capitals are not found", get(/userName eq "CLEO/), findsNothing, /^GET \/Users: filter/],
  [
    "a verbose replace is dropped",
    patch(user, /replaced display/),
    drops,
    /^PATCH \/Users: replace attributes.*displayName/,
  ],
  [
    "a verbose replace is refused for its roles",
    patch(user, /"replace","path":"roles\[/),
    refuses(400),
    /^PATCH \/Users: replace attributes/,
  ],
  ["an update of userName is dropped", patch(user, /cleo\.updated/), drops, /^PATCH \/Users: update userName/],
  [
    "an update of userName is done and refused",
    patch(user, /cleo\.updated/),
    doesAndRefuses(403, "verified.example"),
    /^PATCH \/Users: update userName.*no longer found/,
  ],
  ["disabling is dropped", patch(user, /"active","value":false/), drops, /^PATCH \/Users: disable user/],
  ["a manager is refused", patch(user, /manager/), refuses(400), /manager/],
  [
    "one of several operations is dropped",
    patch(user, /preferredLanguage/),
    rewrites(/"externalId","value":"[^"]*"/, '"title","value":"x"'),
    /^PATCH \/Users: several operations on different/,
  ],
  [
    "the last of several operations is dropped",
    patch(user, /SNES/),
    rewrites(/,\{"op":"replace".*(?=\]\})/, ""),
    /^PATCH \/Users: several operations on one/,
  ],
  ["a user is not deleted", remove(user), drops, /^DELETE \/Users.*should answer 404/],
  ["verbose adds are dropped", patch(user, /added display/), drops, /^PATCH \/Users: add attributes/],
  ["a group is created twice", post(/Groups/), accepts, /^POST \/Groups: create a duplicate group/],
  ["a group in capitals is not found", get(/displayName eq "ENTRA/), findsNothing, /^GET \/Groups: filter/],
  [
    "excluded members are returned",
    get(/\?excluded/),
    shows('"displayName"', '"members":[{"value":"x"}],"displayName"'),
    /^GET \/Groups\/Id/,
  ],
  ["a group's name is dropped", patch(group, /displayName/), drops, /^PATCH \/Groups: replace attributes/],
  ["a group's externalId is dropped", patch(group, /externalId/), drops, /^PATCH \/Groups: update externalId/],
  ["a member is not added", patch(group, /"add"/), drops, /^PATCH \/Groups: add member/],
  ["a member is not removed", patch(group, /members\[/), drops, /^PATCH \/Groups: remove member/],
  [
    "the last of several operations is dropped",
    patch(group, /"add".*"remove".*"add"/),
    rewrites(/,\{"op":"add"[^\]]*\]\}(?=\]\}$)/, ""),
    /^PATCH \/Groups: several operations/,
  ],
  ["a group is not deleted", remove(group), drops, /^DELETE \/Groups.*should answer 404/],
])("the Validator fails when %s", async (_fault, match, handler, step) => {
  expect(await failure(playEntraValidator, match, handler)).toMatch(step);
});
