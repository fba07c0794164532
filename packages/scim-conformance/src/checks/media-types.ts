import { expectError, expectHeader, expectMember, expectStatus } from "../assertion.ts";
import { personBody } from "../cast-roles.ts";
import type { Check } from "../check.ts";
import type { Answer } from "../http-client.ts";
import type { Target } from "../target.ts";
import { expectScimJson } from "./written-resource.ts";

const clause = "RFC 7644 section 3.8";

async function putWithType(target: Target, type: string): Promise<Answer> {
  const person = target.cast.person(1);
  const body = { ...personBody(person), displayName: "Known by its type" };
  return target.put(`/Users/${person.id}`, body, { "content-type": type });
}

function accepted(id: string, type: string, title: string): Check {
  return {
    id,
    clause,
    title,
    run: async (target) => {
      expectStatus(await putWithType(target, type), 200, 204);
      expectMember(await target.get(`/Users/${target.cast.person(1).id}`), "displayName", "Known by its type");
    },
  };
}

/** What bodies are written in (RFC 7644 section 3.8). */
export const mediaTypeChecks: readonly Check[] = [
  {
    id: "media-answers-are-scim-json",
    clause,
    title: "People, groups, lists and discovery are answered as application/scim+json, without parameters.",
    run: async (target) => {
      const { cast } = target;
      for (const path of [`/Users/${cast.person(1).id}`, `/Groups/${cast.group(1).id}`, "/Users?count=1", "/Schemas"])
        expectScimJson(await target.get(path));
    },
  },
  {
    id: "media-json-can-be-asked-for",
    clause,
    title: "A client that accepts application/json is answered in JSON.",
    run: async (target) => {
      const person = target.cast.person(1);
      const answer = await target.get(`/Users/${person.id}`, {}, { accept: "application/json" });
      expectStatus(answer, 200);
      expectHeader(answer, "content-type", /^application\/(?:scim\+)?json\b/i);
      expectMember(answer, "id", person.id);
    },
  },
  {
    id: "media-anything-can-be-asked-for",
    clause,
    title: "A client that accepts anything is answered in SCIM.",
    run: async (target) => {
      const answer = await target.get(`/Users/${target.cast.person(1).id}`, {}, { accept: "*/*" });
      expectStatus(answer, 200);
      expectScimJson(answer);
    },
  },
  accepted("media-scim-json-is-read", "application/scim+json", "A body of application/scim+json is read."),
  accepted("media-json-is-read", "application/json", "A body of application/json is read."),
  accepted(
    "media-parameters-are-read",
    "application/scim+json; charset=utf-8",
    "A charset behind the media type does no harm.",
  ),
  {
    id: "media-other-types-are-415",
    clause: "RFC 9110 section 15.5.16",
    title: "A body of another type is 415 and changes nothing.",
    run: async (target) => {
      const person = target.cast.person(1);
      for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
        expectError(await putWithType(target, type), 415);
      expectMember(await target.get(`/Users/${person.id}`), "displayName", person.displayName);
    },
  },
  {
    id: "media-texts-are-utf-8",
    clause,
    title: "Letters beyond ASCII come back as they were sent.",
    run: async (target) => {
      const person = target.cast.person(3);
      expectMember(await target.get(`/Users/${person.id}`), "name.givenName", person.givenName);
      const text = "Þóra 🎨 שלום 中文";
      const body = { ...personBody(person), displayName: text };
      expectStatus(await target.put(`/Users/${person.id}`, body), 200, 204);
      expectMember(await target.get(`/Users/${person.id}`), "displayName", text);
    },
  },
];
