import { expectError, expectHeader, expectMember, expectScimJson, expectStatus } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import { expectRead, leavesUnchanged } from "./write-kinds.ts";

const byMediaType = { displayName: "Known by its type" };

const chapter: Chapter = { clause: "RFC 7644 section 3.8" };

/** The media types of bodies (RFC 7644 section 3.8). */
export const mediaTypeChecks = checksOf(chapter, {
  "media-answers-are-scim-json": check("All resources are returned as application/scim+json, without parameters.")
    .run(async (target) => {
      for (const path of [target.person(1).path, target.group(1).path, "/Users?count=1", "/Schemas"])
        expectScimJson(await target.get(path));
    })
    .faults("responses as plain JSON", "a charset behind SCIM's media type"),
  "media-json-can-be-asked-for": check("A client that accepts application/json gets JSON.")
    .run(async (target) => {
      const { id, path } = target.person(1);
      const response = await target.get(path, {}, { accept: "application/json" });
      expectStatus(response, 200);
      expectHeader(response, "content-type", /^application\/(?:scim\+)?json\b/i);
      expectMember(response, "id", id);
    })
    .faults("a 406 for a client that accepts JSON", "JSON with the media type of a text"),
  "media-anything-can-be-asked-for": check("A client that accepts anything gets SCIM JSON.")
    .run(async (target) => {
      const response = await target.get(target.person(1).path, {}, { accept: "*/*" });
      expectStatus(response, 200);
      expectScimJson(response);
    })
    .faults("responses as plain JSON", "a charset behind SCIM's media type", "JSON with the media type of a text"),
  "media-scim-json-is-read": check("A body of application/scim+json is read.")
    .run(accepts("application/scim+json"))
    .faults("a service that does not know SCIM's media type", "a body that is accepted and not read"),
  "media-json-is-read": check("A body of application/json is read.")
    .run(accepts("application/json"))
    .faults("a service that takes nothing but SCIM's media type", "a body that is accepted and not read"),
  "media-parameters-are-read": check("A charset parameter of the media type is accepted.")
    .run(accepts("application/scim+json; charset=utf-8"))
    .faults("a service that compares the media type with its parameters", "a body that is accepted and not read"),
  "media-other-types-are-415": check("A body of another type is 415 and changes nothing.")
    .clause("RFC 9110 section 15.5.16")
    .run(
      leavesUnchanged("person 1", async (target) => {
        for (const type of ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
          expectError(await putWithType(target, type), 415);
      }),
    )
    .faults("JSON that is read under any media type", "a 400 for another media type"),
  "media-texts-are-utf-8": check("Letters beyond ASCII are returned as they were sent.")
    .run(async (target) => {
      const { path, givenName } = target.person(3);
      await expectRead(target, path, { "name.givenName": givenName });
      const displayName = "Þóra 🎨 שלום 中文";
      expectStatus(await target.put(path, target.personBody(3, { displayName })), 200, 204);
      await expectRead(target, path, { displayName });
    })
    .faults("responses whose UTF-8 is encoded twice", "a body whose letters beyond ASCII are lost"),
});

async function putWithType(target: Target, type: string): Promise<ScimResponse> {
  return target.put(target.person(1).path, target.personBody(1, byMediaType), { "content-type": type });
}

function accepts(type: string): Check["run"] {
  return async (target) => {
    expectStatus(await putWithType(target, type), 200, 204);
    await expectRead(target, target.person(1).path, byMediaType);
  };
}
