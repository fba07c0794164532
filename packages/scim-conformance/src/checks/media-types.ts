import { expectError, expectHeader, expectMember, expectStatus } from "../assertion.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import { personBody } from "../cast-roles.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import { shows } from "./write-kinds.ts";
import { expectScimJson } from "./written-resource.ts";

async function putWithType(target: Target, type: string): Promise<ScimResponse> {
  const person = target.cast.person(1);
  const body = { ...personBody(person), displayName: "Known by its type" };
  return target.put(`/Users/${person.id}`, body, { "content-type": type });
}

function accepted(type: string): Check["run"] {
  return async (target) => {
    expectStatus(await putWithType(target, type), 200, 204);
    await shows("person 1", { displayName: "Known by its type" })(target);
  };
}

const chapter: Chapter = { clause: "RFC 7644 section 3.8" };

/** What bodies are written in (RFC 7644 section 3.8). */
export const mediaTypeChecks = checksOf(chapter, {
  "media-answers-are-scim-json": {
    title: "People, groups, lists and discovery are answered as application/scim+json, without parameters.",
    run: async (target) => {
      const { cast } = target;
      for (const path of [`/Users/${cast.person(1).id}`, `/Groups/${cast.group(1).id}`, "/Users?count=1", "/Schemas"])
        expectScimJson(await target.get(path));
    },
    faults: ["answers as plain JSON", "a charset behind SCIM's media type"],
  },
  "media-json-can-be-asked-for": {
    title: "A client that accepts application/json is answered in JSON.",
    run: async (target) => {
      const person = target.cast.person(1);
      const response = await target.get(`/Users/${person.id}`, {}, { accept: "application/json" });
      expectStatus(response, 200);
      expectHeader(response, "content-type", /^application\/(?:scim\+)?json\b/i);
      expectMember(response, "id", person.id);
    },
    faults: ["a 406 for who accepts JSON", "JSON that is called a text"],
  },
  "media-anything-can-be-asked-for": {
    title: "A client that accepts anything is answered in SCIM.",
    run: async (target) => {
      const response = await target.get(`/Users/${target.cast.person(1).id}`, {}, { accept: "*/*" });
      expectStatus(response, 200);
      expectScimJson(response);
    },
    faults: ["answers as plain JSON", "a charset behind SCIM's media type", "JSON that is called a text"],
  },
  "media-scim-json-is-read": {
    title: "A body of application/scim+json is read.",
    run: accepted("application/scim+json"),
    faults: ["a service that does not know SCIM's media type", "a body that is accepted and not read"],
  },
  "media-json-is-read": {
    title: "A body of application/json is read.",
    run: accepted("application/json"),
    faults: ["a service that takes nothing but SCIM's media type", "a body that is accepted and not read"],
  },
  "media-parameters-are-read": {
    title: "A charset behind the media type does no harm.",
    run: accepted("application/scim+json; charset=utf-8"),
    faults: ["a service that compares the media type with its parameters", "a body that is accepted and not read"],
  },
  "media-other-types-are-415": {
    clause: "RFC 9110 section 15.5.16",
    title: "A body of another type is 415 and changes nothing.",
    run: async (target) => {
      const person = target.cast.person(1);
      for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
        expectError(await putWithType(target, type), 415);
      expectMember(await target.get(`/Users/${person.id}`), "displayName", person.displayName);
    },
    faults: ["JSON that is read whatever it is called", "a 400 for another media type"],
  },
  "media-texts-are-utf-8": {
    title: "Letters beyond ASCII come back as they were sent.",
    run: async (target) => {
      const person = target.cast.person(3);
      expectMember(await target.get(`/Users/${person.id}`), "name.givenName", person.givenName);
      const text = "Þóra 🎨 שלום 中文";
      const body = { ...personBody(person), displayName: text };
      expectStatus(await target.put(`/Users/${person.id}`, body), 200, 204);
      expectMember(await target.get(`/Users/${person.id}`), "displayName", text);
    },
    faults: ["answers whose UTF-8 is packed twice", "a body whose letters beyond ASCII are lost"],
  },
});
