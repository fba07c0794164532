import {
  expectError,
  expectHeader,
  expectMember,
  expectScimJson,
  expectStatus,
  expectThat,
  scimTypes,
  stringAt,
} from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, shown } from "../json.ts";
import { unknownId } from "../request-body.ts";
import type { Target } from "../target.ts";
import { expectRefused, refusesMethods } from "./discovery.ts";
import { refuses, refusesPost } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.12" };

/** The form of errors. */
export const errorChecks = checksOf(chapter, {
  "error-is-a-client-error": check("An error of the client is a 4xx or 501, never a 5xx or a 2xx.")
    .run(
      everyError((response) => {
        const isClientError = (response.status >= 400 && response.status < 500) || response.status === 501;
        expectThat(response, isClientError, "should answer a 4xx or 501");
      }),
    )
    .faults("a 500 for an error of the client"),
  "error-has-the-error-schema": check("The body of an error has the Error schema.")
    .run(everyError((response) => expectError(response, response.status)))
    .faults("a refusal without a schema"),
  "error-status-is-a-text": check("status is the HTTP status as a JSON string.")
    .run(everyError((response) => expectMember(response, "status", String(response.status))))
    .faults("a status that is a number"),
  "error-detail-is-a-text": check("detail is a sentence for people.")
    .run(
      everyError((response) =>
        expectThat(response, stringAt(response, "detail").length > 1, "should say in detail what is wrong"),
      ),
    )
    .faults("an error without a detail"),
  "error-scim-type-is-legal": check("scimType, if there is one, is a value of the RFCs.")
    .run(
      everyError((response) => {
        const scimType = at(response.body, "scimType");
        const isLegal = scimType === undefined || (typeof scimType === "string" && scimTypes.includes(scimType));
        expectThat(response, isLegal, `should hold a scimType of ${scimTypes.join(", ")}, not ${shown(scimType)}`);
      }),
    )
    .faults("a scimType outside the RFCs"),
  "error-is-scim-json": check("An error has the media type application/scim+json.")
    .run(everyError(expectScimJson))
    .faults("a refusal as plain JSON"),
  "error-broken-json-is-invalid-syntax": check("A body that is not valid JSON is 400 invalidSyntax.")
    .run(refusesPost("/Users", [400, "invalidSyntax"], '{"userName":'))
    .faults("a 500 for an error of the client", "invalid JSON that is invalidValue"),
  "error-unknown-user-is-404": check("A person who does not exist is 404, whatever the form of the id.")
    .run(isUnknown("/Users"))
    .faults("a refusal without a schema", "a 400 for an id of another form"),
  "error-unknown-group-is-404": check("A group that does not exist is 404, whatever the form of the id.")
    .run(isUnknown("/Groups"))
    .faults("a 400 for an id of another form"),
  "error-ids-belong-to-their-type": check("The id of a group is no person, and the id of a person is no group.")
    .clause("RFC 7644 section 3.4.1")
    .run(
      refuses(
        [404],
        ({ get, group }) => get(`/Users/${group(1).id}`),
        ({ get, person }) => get(`/Groups/${person(1).id}`),
      ),
    )
    .faults("an id that is found whatever its type"),
  "error-unknown-endpoint-is-404": check("An endpoint that does not exist is 404 with a SCIM error, for every method.")
    .run(
      refuses(
        [404],
        (target) => target.get("/Toasters"),
        (target) => target.get("/Users/1/2/3"),
        (target) => target.post("/Toasters", {}),
        (target) => target.delete("/Toasters/1"),
      ),
    )
    .faults("the web server's own page for an unknown endpoint"),
  "method-on-a-list-is-refused": check("PUT, PATCH and DELETE of a whole list are refused.")
    .clause("RFC 7644 section 3.2")
    .run(refusesMethods(["/Users", "/Groups"], ["PUT", "PATCH", "DELETE"]))
    .faults("a refusal without a schema", "a DELETE of a whole list that is granted"),
  "method-on-a-resource-is-refused": check("POST to a single person or group is refused.")
    .clause("RFC 7644 section 3.2")
    .run(async (target) => {
      for (const { path } of [target.person(1), target.group(1)]) expectRefused(await target.post(path, {}));
    })
    .faults("a POST to a resource that is granted"),
  "method-405-names-the-others": check("A 405 names in Allow the methods that are supported.")
    .clause("RFC 9110 section 15.5.6")
    .run(async (target) => {
      for (const path of ["/Users", "/Groups", "/Schemas"]) {
        const response = await target.delete(path);
        if (response.status === 405) expectHeader(response, "allow", /\bGET\b/);
        else expectRefused(response);
      }
    })
    .faults("a 405 without Allow"),
  "me-is-answered-or-501": check("/Me is a person, a redirect to one, or 501 (404 if the token belongs to no person).")
    .clause("RFC 7644 section 3.11")
    .run(async (target) => {
      const response = await target.get("/Me");
      if (response.status === 308) return expectHeader(response, "location", /\/Users\//);
      if (response.status === 200) return expectMember(response, "meta.resourceType", "User");
      expectError(response, [501, 404]);
    })
    .faults("a /Me that breaks"),
  "me-is-not-half-there": check("Where /Me cannot be read, it cannot be written either.")
    .clause("RFC 7644 section 3.11")
    .run(async (target) => {
      const { status } = await target.get("/Me");
      if (status < 400) return;
      const responses = [await target.delete("/Me"), await target.put("/Me", {}), await target.patch("/Me", {})];
      for (const response of responses) expectStatus(response, status);
    })
    .faults("a /Me that can be deleted but not read"),
});

/** Checks the responses to requests of many kinds that every service refuses. */
function everyError(expectations: (response: ScimResponse) => void): Check["run"] {
  return async (target) =>
    [
      await target.get("/Users", {}, { authorization: undefined }),
      await target.get("/Users/there-is-no-such-id"),
      await target.get("/Groups/there-is-no-such-id"),
      await target.get("/Toasters"),
      await target.get("/Schemas/urn:none"),
      await target.get("/Users", { filter: "userName eq" }),
      await target.post("/Users", "{"),
      await target.put(target.person(1).path, []),
    ].forEach(expectations);
}

/** Expects 404 for ids of several forms. */
function isUnknown(endpoint: "/Users" | "/Groups"): Check["run"] {
  const ids = [unknownId, "no%20such%2Fid", "0", "%F0%9F%8E%A8"];
  return refuses([404], ...ids.map((id) => (target: Target) => target.get(`${endpoint}/${id}`)));
}
