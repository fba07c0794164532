import { expectHeader, expectMembers, expectStatus, expectThat, pathOf } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { add, patchOf, unknownId } from "../request-body.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import { versionOf } from "./versions.ts";
import {
  another,
  expectRead,
  pathOfFixture,
  refuses,
  refusesUnchanged,
  rename,
  type FixtureName,
} from "./write-kinds.ts";

const stale = 'W/"rollcall-conformance-never"';

const staleFaults: readonly FaultName[] = ["a service that ignores If-Match", "a 409 for an outdated version"];

const chapter: Chapter = { clause: "RFC 7644 section 3.14", needs: ["etag"] };

/** If-None-Match on reads and If-Match on writes. */
export const preconditionsChecks = checksOf(chapter, {
  "if-none-match-is-304": check("A GET with the version that a resource has in If-None-Match is 304 without a body.")
    .run(async (target) => {
      for (const name of ["person 1", "group 1"] as const) {
        const response = await getIfNoneMatch(target, name, (version) => version);
        expectStatus(response, 304);
        expectThat(response, response.text === "", "should have no body");
      }
    })
    .faults("a service that ignores If-None-Match"),
  "if-none-match-304-has-etag": check("A 304 has the ETag that the response with a body would have.")
    .clause("RFC 9110 section 15.4.5")
    .run(async (target) => {
      const response = await getIfNoneMatch(target, "person 1", (version) => version);
      expectStatus(response, 304);
      expectHeader(response, "etag", response.request.headers?.["if-none-match"] ?? "");
    })
    .faults("a service that ignores If-None-Match", "a 304 without an ETag"),
  "if-none-match-among-others": check("If-None-Match may name several versions: one that matches is enough for a 304.")
    .clause("RFC 9110 section 13.1.2")
    .run(async (target) =>
      expectStatus(await getIfNoneMatch(target, "person 1", (version) => `"other", ${stale}, ${version}`), 304),
    )
    .faults("a service that ignores If-None-Match", "an If-None-Match of which the first version counts"),
  "if-none-match-star": check("If-None-Match: * matches every version, so that a GET is 304.")
    .clause("RFC 9110 section 13.1.2")
    .run(async (target) => expectStatus(await getIfNoneMatch(target, "person 1", () => "*"), 304))
    .faults("a service that ignores If-None-Match", "a star in If-None-Match that is a version"),
  "if-none-match-changed": check("A GET with the version from before a change is 200 with the whole resource.")
    .run(async (target) => {
      const { path } = target.person(1);
      const version = versionOf(await target.read(path));
      await target.replacePerson(1, another);
      const response = await target.get(path, {}, { "if-none-match": version });
      expectStatus(response, 200);
      expectMembers(response, another);
    })
    .faults("a 304 for every If-None-Match"),
  "if-none-match-of-nothing": check("A GET of a resource that does not exist is 404 whatever its If-None-Match is.")
    .clause("RFC 9110 section 13.2.1")
    .run(refuses([404], (target) => target.get(`/Users/${unknownId}`, {}, { "if-none-match": "*" })))
    .faults("a 304 for every If-None-Match"),
  "if-match-put": check("A PUT with the version that a resource has in If-Match is done.")
    .run(putsIfMatch((version) => version))
    .faults("a 412 for every If-Match"),
  "if-match-patch": check("A PATCH with the version that a resource has in If-Match is done.")
    .needs("etag", "patch")
    .run(async (target) => {
      const { path } = target.group(1);
      const headers = { "if-match": versionOf(await target.read(path)) };
      expectStatus(await target.patch(path, patchOf(add("members", target.members(5))), headers), 200, 204);
    })
    .faults("a 412 for every If-Match"),
  "if-match-delete": check("A DELETE with the version that a resource has in If-Match is done.")
    .run(async (target) => {
      const path = pathOf(await target.createGroup());
      expectStatus(await target.delete(path, { "if-match": versionOf(await target.read(path)) }), 204);
    })
    .faults("a 412 for every If-Match"),
  "if-match-star": check("If-Match: * matches every version of a resource that exists.")
    .clause("RFC 9110 section 13.1.1")
    .run(putsIfMatch(() => "*"))
    .faults("a 412 for every If-Match", "a star in If-Match that is a version"),
  "if-match-among-others": check("If-Match may name several versions: one that matches is enough.")
    .clause("RFC 9110 section 13.1.1")
    .run(putsIfMatch((version) => `"other", ${version}`))
    .faults("a 412 for every If-Match", "an If-Match of which the first version counts"),
  "if-match-stale-put": check("A PUT with the version from before a change is 412 and changes nothing.")
    .run(async (target) => {
      const headers = { "if-match": versionOf(await target.read(target.person(1).path)) };
      await target.replacePerson(1, another);
      await refusesUnchanged("person 1", [412], (_, path) => target.put(path, target.personBody(1), headers))(target);
    })
    .faults(...staleFaults),
  "if-match-stale-patch": check("A PATCH with a version that a resource does not have is 412 and changes nothing.")
    .needs("etag", "patch")
    .run(
      refusesUnchanged(["person 1", "group 1"], [412], (target, path) =>
        target.patch(path, patchOf(rename), { "if-match": stale }),
      ),
    )
    .faults(...staleFaults),
  "if-match-stale-members": check("A PATCH of a group whose members have changed since is 412 and adds no one.")
    .needs("etag", "patch")
    .run(async (target) => {
      const { path } = target.group(1);
      const headers = { "if-match": versionOf(await target.read(path)) };
      await target.change(path, add("members", target.members(3)));
      const addition = patchOf(add("members", target.members(5)));
      await refusesUnchanged("group 1", [412], () => target.patch(path, addition, headers))(target);
    })
    .faults(...staleFaults),
  "if-match-stale-delete": check("A DELETE with a version that a resource does not have is 412 and deletes nothing.")
    .run(refusesUnchanged(["person 5", "group 1"], [412], (target, path) => target.delete(path, { "if-match": stale })))
    .faults(...staleFaults),
  "if-match-of-nothing": check("A PUT to a resource that does not exist is 404 whatever its If-Match is.")
    .clause("RFC 9110 section 13.2.1")
    .run(refuses([404], (target) => target.put(`/Users/${unknownId}`, target.personBody(1), { "if-match": stale })))
    .faults("a 412 for every If-Match"),
});

/** Reads a resource again with an If-None-Match made of its version. */
async function getIfNoneMatch(
  target: Target,
  name: FixtureName,
  header: (version: string) => string,
): Promise<ScimResponse> {
  const path = pathOfFixture(target, name);
  return target.get(path, {}, { "if-none-match": header(versionOf(await target.read(path))) });
}

/** Expects that a PUT with an If-Match made of the person's version is done. */
function putsIfMatch(header: (version: string) => string): Check["run"] {
  return async (target) => {
    const { path } = target.person(1);
    const headers = { "if-match": header(versionOf(await target.read(path))) };
    expectStatus(await target.put(path, target.personBody(1, another), headers), 200);
    await expectRead(target, path, another);
  };
}
