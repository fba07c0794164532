import {
  expectError,
  expectHeader,
  expectMember,
  expectStatus,
  expectThat,
  scimTypes,
  stringAt,
} from "../assertion.ts";
import { at, shown } from "../json.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import { expectRefused } from "./discovery.ts";
import { expectScimJson, nobodysId } from "./written-resource.ts";

/** Calls of many kinds that no service can grant. */
async function refusals(target: Target): Promise<readonly ScimResponse[]> {
  return [
    await target.get("/Users", {}, { authorization: undefined }),
    await target.get("/Users/there-is-no-such-id"),
    await target.get("/Groups/there-is-no-such-id"),
    await target.get("/Toasters"),
    await target.get("/Schemas/urn:none"),
    await target.get("/Users", { filter: "userName eq" }),
    await target.post("/Users", "{"),
    await target.put(`/Users/${target.cast.person(1).id}`, []),
  ];
}

function everyRefusal(holds: (response: ScimResponse) => void): Check["run"] {
  return async (target) => (await refusals(target)).forEach(holds);
}

const chapter: Chapter = { clause: "RFC 7644 section 3.12" };

/** How the service says no. */
export const errorChecks = checksOf(chapter, {
  "error-is-a-client-error": {
    title: "What the client did wrong is a 4xx or 501, never a 5xx or a 2xx.",
    run: everyRefusal((response) => {
      const isClientError = (response.status >= 400 && response.status < 500) || response.status === 501;
      expectThat(response, isClientError, "should answer a 4xx or 501");
    }),
    faults: ["a 500 for what the client did wrong"],
  },
  "error-has-the-error-schema": {
    title: "The body of a refusal has the Error schema.",
    run: everyRefusal((response) => expectError(response, response.status)),
    faults: ["a refusal without a schema"],
  },
  "error-status-is-a-text": {
    title: "status is the HTTP status as a JSON string.",
    run: everyRefusal((response) => expectMember(response, "status", String(response.status))),
    faults: ["a status that is a number"],
  },
  "error-detail-is-a-text": {
    title: "detail is a sentence for people.",
    run: everyRefusal((response) => {
      expectThat(response, stringAt(response, "detail").length > 1, "should say in detail what is wrong");
    }),
    faults: ["a refusal without a word"],
  },
  "error-scim-type-is-legal": {
    title: "scimType, where there is one, is a word of the RFCs.",
    run: everyRefusal((response) => {
      const scimType = at(response.body, "scimType");
      const isLegal = scimType === undefined || (typeof scimType === "string" && scimTypes.includes(scimType));
      expectThat(response, isLegal, `should hold a scimType of ${scimTypes.join(", ")}, not ${shown(scimType)}`);
    }),
    faults: ["a scimType of the service's own"],
  },
  "error-is-scim-json": {
    title: "A refusal has the media type application/scim+json.",
    run: everyRefusal(expectScimJson),
    faults: ["a refusal as plain JSON"],
  },
  "error-broken-json-is-invalid-syntax": {
    title: "A body that is no JSON is 400 invalidSyntax.",
    run: async (target) => expectError(await target.post("/Users", '{"userName":'), 400, "invalidSyntax"),
    faults: ["a 500 for what the client did wrong", "broken JSON that is called an invalid value"],
  },
  "error-unknown-user-is-404": {
    title: "A person who does not exist is 404, whatever the id looks like.",
    run: isUnknown("/Users"),
    faults: ["a refusal without a schema", "a 400 for an id of another form"],
  },
  "error-unknown-group-is-404": {
    title: "A group that does not exist is 404, whatever the id looks like.",
    run: isUnknown("/Groups"),
    faults: ["a 400 for an id of another form"],
  },
  "error-ids-belong-to-their-type": {
    clause: "RFC 7644 section 3.4.1",
    title: "The id of a group is no person, and the id of a person is no group.",
    run: async (target) => {
      expectError(await target.get(`/Users/${target.cast.group(1).id}`), 404);
      expectError(await target.get(`/Groups/${target.cast.person(1).id}`), 404);
    },
    faults: ["an id that is found whatever its type"],
  },
  "error-unknown-endpoint-is-404": {
    title: "An endpoint that does not exist is 404 with a SCIM error, for every method.",
    run: async (target) => {
      expectError(await target.get("/Toasters"), 404);
      expectError(await target.get("/Users/1/2/3"), 404);
      expectError(await target.post("/Toasters", {}), 404);
      expectError(await target.delete("/Toasters/1"), 404);
    },
    faults: ["the web server's own page for an unknown endpoint"],
  },
  "method-on-a-list-is-refused": {
    clause: "RFC 7644 section 3.2",
    title: "PUT, PATCH and DELETE of a whole list are refused.",
    run: async (target) => {
      for (const path of ["/Users", "/Groups"])
        for (const method of ["PUT", "PATCH", "DELETE"] as const)
          expectRefused(await target.send({ method, path, ...(method === "DELETE" ? {} : { body: {} }) }));
    },
    faults: ["a refusal without a schema", "a DELETE of a whole list that is granted"],
  },
  "method-on-a-resource-is-refused": {
    clause: "RFC 7644 section 3.2",
    title: "POST to a single person or group is refused.",
    run: async (target) => {
      expectRefused(await target.post(`/Users/${target.cast.person(1).id}`, {}));
      expectRefused(await target.post(`/Groups/${target.cast.group(1).id}`, {}));
    },
    faults: ["a POST to a resource that is granted"],
  },
  "method-405-names-the-others": {
    clause: "RFC 9110 section 15.5.6",
    title: "A 405 names in Allow the methods that would do.",
    run: async (target) => {
      for (const path of ["/Users", "/Groups", "/Schemas"]) {
        const response = await target.delete(path);
        if (response.status === 405) expectHeader(response, "allow", /\bGET\b/);
        else expectRefused(response);
      }
    },
    faults: ["a 405 without Allow"],
  },
  "me-is-answered-or-501": {
    clause: "RFC 7644 section 3.11",
    title: "/Me is a person, a redirect to one, or 501 (or 404 where nobody stands behind the token).",
    run: async (target) => {
      const response = await target.get("/Me");
      if (response.status === 308) return expectHeader(response, "location", /\/Users\//);
      if (response.status === 200) return expectMember(response, "meta.resourceType", "User");
      expectError(response, [501, 404]);
    },
    faults: ["a /Me that breaks"],
  },
  "me-is-not-half-there": {
    clause: "RFC 7644 section 3.11",
    title: "Where /Me is not answered, it cannot be written either.",
    run: async (target) => {
      const { status } = await target.get("/Me");
      if (status < 400) return;
      const responses = [await target.delete("/Me"), await target.put("/Me", {}), await target.patch("/Me", {})];
      for (const response of responses) expectStatus(response, status);
    },
    faults: ["a /Me that can be deleted but not read"],
  },
});

/** Expects 404 for ids of several forms. */
function isUnknown(endpoint: "/Users" | "/Groups"): Check["run"] {
  return async (target) => {
    for (const id of [nobodysId, "no%20such%2Fid", "0", "%F0%9F%8E%A8"])
      expectError(await target.get(`${endpoint}/${id}`), 404);
  };
}
