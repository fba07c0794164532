import { errorSchema, expectMember, expectScimJson, expectThat } from "../assertion.ts";
import { check, checksOf, type Chapter, type CheckRow } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at } from "../json.ts";
import { patchOf, references, unknownId, userSchema } from "../request-body.ts";
import type { Target } from "../target.ts";
import { rename } from "./write-kinds.ts";

const chapter: Chapter = {
  clause: "RFC 7644 section 3.12",
  faults: ["a 500 for an error of the client"],
};

/** Whatever refuses a write does so in SCIM's form. */
export const writeErrorsChecks = checksOf(chapter, {
  // One row shows that each part of an error is looked at.
  "write-error-broken-json": refusal("a body that is no JSON", (target) => target.post("/Users", "{")).faults(
    "an error page in HTML",
    "an error of the type application/json",
    "an error whose status is a number",
    "an error without its schema",
    "an error without a word",
  ),
  "write-error-media-type": refusal("a body of another type", (target) =>
    target.post("/Users", "<a/>", { "content-type": "text/xml" }),
  ),
  "write-error-create": refusal("a POST without a required attribute", (target) =>
    target.post("/Users", { schemas: [userSchema] }),
  ),
  "write-error-conflict": refusal("a POST of a userName that is taken", (target) =>
    target.post("/Users", target.personBody(1)),
  ),
  "write-error-unknown-member": refusal("a group with an unknown member", (target) =>
    target.post("/Groups", target.newGroup({ members: references(unknownId) })),
  ),
  "write-error-replace": refusal("a PUT of a wrong type", (target) =>
    target.put(target.person(1).path, target.personBody(1, { name: 7 })),
  ),
  "write-error-replace-nobody": refusal("a PUT to no user", (target) =>
    target.put(`/Users/${unknownId}`, target.personBody(1)),
  ),
  "write-error-patch": refusal("a PATCH of a wrong operation", (target) =>
    target.patch(target.person(1).path, patchOf({ op: "move" })),
  ),
  "write-error-patch-nobody": refusal("a PATCH to no group", (target) =>
    target.patch(`/Groups/${unknownId}`, patchOf(rename)),
  ),
  "write-error-delete-nobody": refusal("a DELETE of no user", (target) => target.delete(`/Users/${unknownId}`)),
  "write-error-method": refusal("a method that the address does not have", (target) => target.delete("/Users")),
  "write-error-schema-is-fixed": refusal("a write to a schema", (target) =>
    target.put(`/Schemas/${userSchema}`, { id: userSchema }),
  ),
});

function refusal(what: string, send: (target: Target) => Promise<ScimResponse>): CheckRow {
  return check(
    `The refusal of ${what} is an application/scim+json error: its schema, its status as a text, and a detail.`,
  ).run(async (target) => expectScimError(await send(target)));
}

function expectScimError(response: ScimResponse): void {
  expectThat(response, response.status >= 400 && response.status < 500, "should be refused with a 4xx");
  expectScimJson(response);
  expectMember(response, "schemas", [errorSchema]);
  expectMember(response, "status", String(response.status));
  const detail = at(response.body, "detail");
  expectThat(response, typeof detail === "string" && /\S/.test(detail), "should have a detail that a person can read");
}
