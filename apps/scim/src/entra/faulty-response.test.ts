import { type LifeCycleStep, playEntraLifeCycle, playEntraValidator } from "@rollcall/idp-simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startScim } from "../testing/test-harness.ts";
import {
  editsResponse,
  editsRequest,
  type Fault,
  type RequestMatch,
  faultProxy,
  acceptsEverything,
  onlyOn,
  respondsWith,
  refuses,
  repeatsLast,
} from "./fault-proxy.ts";

let scim: Awaited<ReturnType<typeof startScim>>;
beforeAll(async () => {
  scim = await startScim();
  await scim.verifyDomain("verified.example");
});
afterAll(() => scim.stop());

type Play = (options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly domain: string;
  onStep(step: LifeCycleStep): void;
}) => Promise<unknown>;

/** Plays against a proxy with this fault; returns the failed steps as "name: detail". */
async function failures(play: Play, about: RequestMatch, fault: Fault): Promise<readonly string[]> {
  await using server = await faultProxy(scim.baseUrl, about, fault);
  const failed: string[] = [];
  const onStep = (step: LifeCycleStep): void => {
    if (!step.ok) failed.push(`${step.name}: ${step.detail}`);
  };
  await play({ baseUrl: server.url, token: scim.token, domain: "verified.example", onStep });
  return failed;
}

const nobody = {
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: 0,
  startIndex: 1,
  itemsPerPage: 0,
  Resources: [],
};
const user = /^\/Users\/[^/?]+$/;
const group = /^\/Groups\/[^/?]+$/;
const findsNobody = respondsWith(200, nobody);
const gone = respondsWith(204);

// A step that trusts the status alone would pass; each step of the life cycle must be able to fail.
test.each<[string, RequestMatch, Fault, RegExp]>([
  ["look-ups by email are not understood", { method: "GET", path: /emails\[/ }, refuses(400), /^look for somebody/],
  [
    "people in capitals are not found",
    { method: "GET", path: /userName eq "CLEO/ },
    findsNobody,
    /^create a person: userName eq "CLEO/,
  ],
  [
    "nobody is found by externalId",
    { method: "GET", path: /Users.*externalId eq/ },
    findsNobody,
    /^create a person: externalId eq/,
  ],
  ["nobody is found by id", { method: "GET", path: /Users.*filter=id eq/ }, findsNobody, /^create a person: id eq/],
  [
    "a minimal create is refused",
    { method: "POST", path: /Users/, body: /^\{"userName":"[^"]*","schemas":\[[^\]]*\]\}$/ },
    refuses(400),
    /^create a person with a userName only/,
  ],
  [
    "adds are dropped",
    { method: "PATCH", path: user, body: /"Add"/ },
    gone,
    /^create a person with a userName only.*externalId/,
  ],
  [
    "a person is created twice",
    { method: "POST", path: /Users/, body: /Cleo/ },
    acceptsEverything,
    /^refuse a person who is there/,
  ],
  [
    "updates are dropped",
    { method: "PATCH", path: user, body: /Cléo Øst/ },
    gone,
    /^update several attributes.*displayName/,
  ],
  [
    "an update of one attribute is dropped",
    { method: "PATCH", path: user, body: /Cleo the Second/ },
    gone,
    /^update one attribute/,
  ],
  [
    "half of an update is dropped",
    { method: "PATCH", path: user, body: /Cléo Øst/ },
    editsRequest((body) => body.replace('"name.familyName"', '"title"')),
    /^update several.*familyName/,
  ],
  ["an on-demand update is dropped", { method: "PATCH", path: user, body: /Daniel/ }, gone, /^provision on demand/],
  [
    "a rename is dropped",
    { method: "PATCH", path: user, body: /cleo\.renamed/ },
    gone,
    /^change a userName.*should hold userName/,
  ],
  [
    "a rename is refused without the domain",
    { method: "PATCH", path: user, body: /cleo\.renamed/ },
    refuses(403, "Forbidden."),
    /^change a userName: Refused with 403, but the detail does not name/,
  ],
  [
    "a rename is done and called refused",
    { method: "PATCH", path: user, body: /cleo\.renamed/ },
    async (body, passOn) => {
      await passOn(body);
      return refuses(403, "verified.example")(body, passOn);
    },
    /^change a userName.*should hold userName "Cleo/,
  ],
  [
    "a rename keeps the old name findable",
    { method: "GET", path: /userName eq "Cleo/ },
    repeatsLast(),
    /^change a userName/,
  ],
  [
    "a rename is not taken back",
    { method: "PATCH", path: user, body: /"path":"userName","value":"Cleo/ },
    refuses(403, "verified.example"),
    /^change a userName: .*not changed back/,
  ],
  ["the question for a manager is refused", { method: "GET", path: /manager eq/ }, refuses(400), /^set a manager/],
  [
    "a manager is refused",
    { method: "PATCH", path: user, body: /manager","value":\[/ },
    refuses(400),
    /^set a manager/,
  ],
  [
    "a manager's removal deactivates",
    { method: "PATCH", path: user, body: /"Remove".*manager/ },
    editsRequest((body) =>
      body.replace(/"op":"Remove","path":"[^"]*manager"/, '"op":"Replace","path":"active","value":"False"'),
    ),
    /^set a manager.*active/,
  ],
  [
    "a group in capitals is not found",
    { method: "GET", path: /displayName eq "ENTRA/ },
    findsNobody,
    /^create a group/,
  ],
  [
    "a group is not found by externalId",
    { method: "GET", path: /Groups.*externalId eq/ },
    findsNobody,
    /^create a group/,
  ],
  [
    "members are told where they are excluded",
    { method: "GET", path: /Groups\?excluded/ },
    editsResponse((body) => body.replace('"displayName"', '"members":[],"displayName"')),
    /^create a group.*members out/,
  ],
  [
    "one member of two is added",
    { method: "PATCH", path: group, body: /"Add"/ },
    editsRequest((body) => body.replace(/,\{"\$ref":null,"value":"[^"]*"\}/, "")),
    /^add two members/,
  ],
  [
    "a removal empties the group, as the RFC has it",
    { method: "PATCH", path: group, body: /"Remove"/ },
    editsRequest((body) => body.replace(/,"value":\[.*\](?=\}\])/, "")),
    /^take a member out.*should hold members/,
  ],
  ["a removal is dropped", { method: "PATCH", path: group, body: /"Remove"/ }, gone, /^take a member out/],
  [
    "who leaves a group is deactivated",
    { method: "GET", path: /userName eq "dan/ },
    editsResponse((body) => body.replace('"active":true', '"active":false')),
    /^take a member out.*now inactive/,
  ],
  [
    "a removal of two takes one",
    { method: "PATCH", path: group, body: /"Remove".*null.*null/ },
    editsRequest((body) => body.replace(/,\{"\$ref":null,"value":"[^"]*"\}/, "")),
    /^empty the group/,
  ],
  ["a group's rename is dropped", { method: "PATCH", path: group, body: /renamed/ }, gone, /^rename the group/],
  [
    "a group's rename keeps the old name findable",
    { method: "GET", path: /displayName eq "Entra simulator \w+"$/ },
    repeatsLast(),
    /^rename the group: .*still found/,
  ],
  [
    "a group's externalId is dropped",
    { method: "PATCH", path: group, body: /externalId/ },
    gone,
    /^change the group's externalId/,
  ],
  ["a group is not deleted", { method: "DELETE", path: group }, gone, /^delete the group.*should answer 404/],
  ["a soft delete is dropped", { method: "PATCH", path: user, body: /"False"/ }, gone, /^soft delete a person.*active/],
  [
    "somebody inactive is hidden from filters",
    { method: "GET", path: /Users\?/ },
    async (body, passOn) => {
      const forwarded = await passOn(body);
      return forwarded.body.includes('"active":false') ? { ...forwarded, body: JSON.stringify(nobody) } : forwarded;
    },
    /^soft delete a person: userName eq/,
  ],
  [
    "a restoration is dropped",
    { method: "PATCH", path: user, body: /"Replace","path":"active","value":"True"/ },
    gone,
    /^restore the person.*active/,
  ],
  ["a hard delete is dropped", { method: "DELETE", path: user }, gone, /^hard delete both people.*should answer 404/],
  ["a group is created twice", { method: "POST", path: /Groups/ }, acceptsEverything, /^refuse a group that is there/],
  [
    "a member cannot be added again",
    { method: "PATCH", path: group, body: /"Add"/ },
    onlyOn(2, refuses(400)),
    /^add two members/,
  ],
  [
    "a group is deleted twice",
    { method: "DELETE", path: group },
    onlyOn(2, gone),
    /^delete the group.*should answer 404/,
  ],
  [
    "a group is deleted that never was",
    { method: "DELETE", path: group },
    onlyOn(3, gone),
    /^delete a group that never was/,
  ],
  [
    "a person is deleted twice",
    { method: "DELETE", path: user },
    onlyOn(2, gone),
    /^hard delete both people.*should answer 404/,
  ],
  [
    "somebody is deleted who never was",
    { method: "DELETE", path: user },
    onlyOn(5, gone),
    /^delete somebody who never was/,
  ],
  ["nulls are refused", { method: "POST", path: /Users/, body: /null/ }, refuses(400), /^create a deleted person anew/],
])("the life cycle notices that %s", async (_name, about, fault, sentence) => {
  const [first] = await failures((options) => playEntraLifeCycle({ ...options, dialect: "default" }), about, fault);
  expect(first).toMatch(sentence);
});

test.each<[string, RequestMatch, Fault, RegExp]>([
  [
    "a path-less replace is dropped",
    { method: "PATCH", path: user, body: /"value":\{/ },
    gone,
    /^update several attributes/,
  ],
  [
    "dotted keys are dropped",
    { method: "PATCH", path: user, body: /"value":\{/ },
    editsRequest((body) => body.replace('"name.givenName"', '"nickName"')),
    /^update several attributes.*givenName/,
  ],
  ["a boolean is refused", { method: "PATCH", path: user, body: /"active":false/ }, refuses(400), /^soft delete/],
  ["a removal by filter is dropped", { method: "PATCH", path: group, body: /members\[/ }, gone, /^take a member out/],
])("with the flag it notices that %s", async (_name, about, fault, sentence) => {
  const play: Play = (options) => playEntraLifeCycle({ ...options, dialect: "aadOptscim062020" });
  const [first] = await failures(play, about, fault);
  expect(first).toMatch(sentence);
});

test.each<[string, RequestMatch, Fault, RegExp]>([
  ["a user is deleted twice", { method: "DELETE", path: user }, onlyOn(2, gone), /^DELETE \/Users.*should answer 404/],
  [
    "a user is deleted who never was",
    { method: "DELETE", path: user },
    onlyOn(3, gone),
    /^DELETE \/Users.*should answer 404/,
  ],
  [
    "a group is deleted twice",
    { method: "DELETE", path: group },
    onlyOn(2, gone),
    /^DELETE \/Groups.*should answer 404/,
  ],
  [
    "a group is deleted that never was",
    { method: "DELETE", path: group },
    onlyOn(3, gone),
    /^DELETE \/Groups.*should answer 404/,
  ],
  ["the schemas are no list", { method: "GET", path: /Schemas/ }, respondsWith(200, {}), /^GET \/Schemas/],
  [
    "roles whose primary is a text are refused",
    { method: "POST", path: /Users/, body: /"primary":"True"/ },
    refuses(400),
    /^POST \/Users: create a new user/,
  ],
  [
    "half of a create is kept",
    { method: "POST", path: /Users/, body: /Sadye/ },
    editsRequest((body) => body.replace("Sadye", "Jim")),
    /^POST \/Users: create a new user.*givenName/,
  ],
  [
    "who is created is not found",
    { method: "GET", path: /userName eq "Cleo/ },
    findsNobody,
    /^POST \/Users: create a new user.*is not found/,
  ],
  [
    "a user is created twice",
    { method: "POST", path: /Users/ },
    acceptsEverything,
    /^POST \/Users: create a duplicate user/,
  ],
  ["capitals are not found", { method: "GET", path: /userName eq "CLEO/ }, findsNobody, /^GET \/Users: filter/],
  [
    "a verbose replace is dropped",
    { method: "PATCH", path: user, body: /replaced display/ },
    gone,
    /^PATCH \/Users: replace attributes.*displayName/,
  ],
  [
    "a verbose replace is refused for its roles",
    { method: "PATCH", path: user, body: /"replace","path":"roles\[/ },
    refuses(400),
    /^PATCH \/Users: replace attributes/,
  ],
  [
    "an update of userName is dropped",
    { method: "PATCH", path: user, body: /cleo\.updated/ },
    gone,
    /^PATCH \/Users: update userName/,
  ],
  [
    "an update of userName is done and called refused",
    { method: "PATCH", path: user, body: /cleo\.updated/ },
    async (body, passOn) => {
      await passOn(body);
      return refuses(403, "verified.example")(body, passOn);
    },
    /^PATCH \/Users: update userName.*no longer found/,
  ],
  [
    "disabling is dropped",
    { method: "PATCH", path: user, body: /"active","value":false/ },
    gone,
    /^PATCH \/Users: disable user/,
  ],
  ["a manager is refused", { method: "PATCH", path: user, body: /manager/ }, refuses(400), /manager/],
  [
    "one of several operations is dropped",
    { method: "PATCH", path: user, body: /preferredLanguage/ },
    editsRequest((body) => body.replace(/"externalId","value":"[^"]*"/, '"title","value":"x"')),
    /^PATCH \/Users: several operations on different/,
  ],
  [
    "the last of several operations is dropped",
    { method: "PATCH", path: user, body: /SNES/ },
    editsRequest((body) => body.replace(/,\{"op":"replace".*(?=\]\})/, "")),
    /^PATCH \/Users: several operations on one/,
  ],
  ["a user is not deleted", { method: "DELETE", path: user }, gone, /^DELETE \/Users.*should answer 404/],
  [
    "verbose adds are dropped",
    { method: "PATCH", path: user, body: /added display/ },
    gone,
    /^PATCH \/Users: add attributes/,
  ],
  [
    "a group is created twice",
    { method: "POST", path: /Groups/ },
    acceptsEverything,
    /^POST \/Groups: create a duplicate group/,
  ],
  [
    "a group in capitals is not found",
    { method: "GET", path: /displayName eq "ENTRA/ },
    findsNobody,
    /^GET \/Groups: filter/,
  ],
  [
    "excluded members are told",
    { method: "GET", path: /\?excluded/ },
    editsResponse((body) => body.replace('"displayName"', '"members":[{"value":"x"}],"displayName"')),
    /^GET \/Groups\/Id/,
  ],
  [
    "a group's name is dropped",
    { method: "PATCH", path: group, body: /displayName/ },
    gone,
    /^PATCH \/Groups: replace attributes/,
  ],
  [
    "a group's externalId is dropped",
    { method: "PATCH", path: group, body: /externalId/ },
    gone,
    /^PATCH \/Groups: update externalId/,
  ],
  ["a member is not added", { method: "PATCH", path: group, body: /"add"/ }, gone, /^PATCH \/Groups: add member/],
  [
    "a member is not removed",
    { method: "PATCH", path: group, body: /members\[/ },
    gone,
    /^PATCH \/Groups: remove member/,
  ],
  [
    "the last of several operations is dropped",
    { method: "PATCH", path: group, body: /"add".*"remove".*"add"/ },
    editsRequest((body) => body.replace(/,\{"op":"add"[^\]]*\]\}(?=\]\}$)/, "")),
    /^PATCH \/Groups: several operations/,
  ],
  ["a group is not deleted", { method: "DELETE", path: group }, gone, /^DELETE \/Groups.*should answer 404/],
])("the Validator notices that %s", async (_name, about, fault, sentence) => {
  const [first] = await failures(playEntraValidator, about, fault);
  expect(first).toMatch(sentence);
});
