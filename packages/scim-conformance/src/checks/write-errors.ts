import { errorSchema, expectSame, expectThat } from "../assertion.ts";
import type { Check } from "../check.ts";
import type { Answer } from "../http-client.ts";
import { at } from "../json.ts";
import type { Target } from "../target.ts";
import {
  bodyOfPerson,
  expectScimJson,
  newGroup,
  nobodysId,
  patchOf,
  personPath,
  references,
  userSchema,
} from "./written-resource.ts";

/** Writes that are refused, by what refuses them. */
const refusals: readonly (readonly [string, string, (target: Target) => Promise<Answer>])[] = [
  ["broken-json", "a body that is no JSON", (target) => target.post("/Users", "{")],
  ["media-type", "a body of another type", (target) => target.post("/Users", "<a/>", { "content-type": "text/xml" })],
  ["create", "a POST without a required attribute", (target) => target.post("/Users", { schemas: [userSchema] })],
  ["conflict", "a POST of a userName that is taken", (target) => target.post("/Users", bodyOfPerson(target, 1))],
  [
    "unknown-member",
    "a group with an unknown member",
    (target) => target.post("/Groups", newGroup(target, { members: references(nobodysId) })),
  ],
  [
    "replace",
    "a PUT of a wrong type",
    (target) => target.put(personPath(target, 1), bodyOfPerson(target, 1, { name: 7 })),
  ],
  ["replace-nobody", "a PUT to no user", (target) => target.put(`/Users/${nobodysId}`, bodyOfPerson(target, 1))],
  ["patch", "a PATCH of a wrong operation", (target) => target.patch(personPath(target, 1), patchOf({ op: "move" }))],
  [
    "patch-nobody",
    "a PATCH to no group",
    (target) => target.patch(`/Groups/${nobodysId}`, patchOf({ op: "replace", path: "displayName", value: "x" })),
  ],
  ["delete-nobody", "a DELETE of no user", (target) => target.delete(`/Users/${nobodysId}`)],
  ["method", "a method that the address does not have", (target) => target.delete("/Users")],
  ["schema-is-fixed", "a write to a schema", (target) => target.put(`/Schemas/${userSchema}`, { id: userSchema })],
];

/** RFC 7644 section 3.12: whatever refuses a write does so in SCIM's form. */
export const writeErrorsChecks: readonly Check[] = refusals.map(([id, what, call]) => ({
  id: `write-error-${id}`,
  clause: "RFC 7644 section 3.12",
  title: `The refusal of ${what} is an application/scim+json error: its schema, its status as a text, and a detail.`,
  run: async (target: Target) => expectScimError(await call(target)),
}));

function expectScimError(answer: Answer): void {
  expectThat(answer, answer.status >= 400 && answer.status < 500, "should be refused with a 4xx");
  expectScimJson(answer);
  expectSame(answer, "schemas", at(answer.body, "schemas"), [errorSchema]);
  expectSame(answer, "status", at(answer.body, "status"), String(answer.status));
  const detail = at(answer.body, "detail");
  expectThat(answer, typeof detail === "string" && /\S/.test(detail), "should have a detail that a person can read");
}
