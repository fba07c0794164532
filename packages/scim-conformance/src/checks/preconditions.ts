import { expectError, expectHeader, expectMember, expectStatus, expectThat } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { Target } from "../target.ts";
import { add, membersOf, replace } from "./write-kinds.ts";
import {
  bodyOfPerson,
  createGroup,
  groupPath,
  nobodysId,
  patchOf,
  pathOf,
  personPath,
  read,
  staysAsItIs,
} from "./written-resource.ts";

const stale = 'W/"rollcall-conformance-never"';
const rename = replace("displayName", "Another");

const chapter: Chapter = { clause: "RFC 7644 section 3.14", needs: "etag" };

/** If-None-Match on reads and If-Match on writes. */
export const preconditionsChecks = checksOf(chapter, {
  "if-none-match-is-304": {
    title: "A GET with the version that a resource has in If-None-Match is 304 without a body.",
    run: async (target) => {
      for (const path of [personPath(target, 1), groupPath(target, 1)]) {
        const response = await target.get(path, {}, { "if-none-match": await versionAt(target, path) });
        expectStatus(response, 304);
        expectThat(response, response.text === "", "should have no body");
      }
    },
    faults: ["a service that does not look at If-None-Match"],
  },
  "if-none-match-304-has-etag": {
    clause: "RFC 9110 section 15.4.5",
    title: "A 304 has the ETag that the whole answer would have.",
    run: async (target) => {
      const version = await versionAt(target, personPath(target, 1));
      const response = await target.get(personPath(target, 1), {}, { "if-none-match": version });
      expectStatus(response, 304);
      expectHeader(response, "etag", version);
    },
    faults: ["a service that does not look at If-None-Match", "a 304 without an ETag"],
  },
  "if-none-match-among-others": {
    clause: "RFC 9110 section 13.1.2",
    title: "If-None-Match may name several versions: one that fits is enough for a 304.",
    run: async (target) => {
      const tags = `"other", ${stale}, ${await versionAt(target, personPath(target, 1))}`;
      expectStatus(await target.get(personPath(target, 1), {}, { "if-none-match": tags }), 304);
    },
    faults: ["a service that does not look at If-None-Match", "an If-None-Match of which the first version counts"],
  },
  "if-none-match-star": {
    clause: "RFC 9110 section 13.1.2",
    title: "If-None-Match: * fits every version, so that a GET is 304.",
    run: async (target) => expectStatus(await target.get(personPath(target, 1), {}, { "if-none-match": "*" }), 304),
    faults: ["a service that does not look at If-None-Match", "a star in If-None-Match that is a version"],
  },
  "if-none-match-changed": {
    title: "A GET with the version that a resource had before it changed is 200 with the whole resource.",
    run: async (target) => {
      const path = personPath(target, 1);
      const version = await versionAt(target, path);
      expectStatus(await target.put(path, bodyOfPerson(target, 1, { displayName: "Another" })), 200);
      const response = await target.get(path, {}, { "if-none-match": version });
      expectStatus(response, 200);
      expectMember(response, "displayName", "Another");
    },
    faults: ["a 304 for every If-None-Match"],
  },
  "if-none-match-of-nothing": {
    clause: "RFC 9110 section 13.2.1",
    title: "A GET of nothing is 404 whatever its If-None-Match says.",
    run: async (target) => expectError(await target.get(`/Users/${nobodysId}`, {}, { "if-none-match": "*" }), 404),
    faults: ["a 304 for every If-None-Match"],
  },
  "if-match-put": {
    title: "A PUT with the version that a resource has in If-Match is done.",
    run: async (target) => {
      const path = personPath(target, 1);
      const headers = { "if-match": await versionAt(target, path) };
      const replaced = await target.put(path, bodyOfPerson(target, 1, { displayName: "Another" }), headers);
      expectStatus(replaced, 200);
      expectMember(await read(target, path), "displayName", "Another");
    },
    faults: ["a 412 for every If-Match"],
  },
  "if-match-patch": {
    needs: ["etag", "patch"],
    title: "A PATCH with the version that a resource has in If-Match is done.",
    run: async (target) => {
      const path = groupPath(target, 1);
      const headers = { "if-match": await versionAt(target, path) };
      expectStatus(await target.patch(path, patchOf(add("members", membersOf(target, 5))), headers), 200, 204);
    },
    faults: ["a 412 for every If-Match"],
  },
  "if-match-delete": {
    title: "A DELETE with the version that a resource has in If-Match is done.",
    run: async (target) => {
      const path = pathOf("/Groups", await createGroup(target));
      expectStatus(await target.delete(path, { "if-match": await versionAt(target, path) }), 204);
    },
    faults: ["a 412 for every If-Match"],
  },
  "if-match-star": {
    clause: "RFC 9110 section 13.1.1",
    title: "If-Match: * fits whatever is there.",
    run: async (target) => {
      const body = bodyOfPerson(target, 1, { displayName: "Another" });
      expectStatus(await target.put(personPath(target, 1), body, { "if-match": "*" }), 200);
    },
    faults: ["a 412 for every If-Match", "a star in If-Match that is a version"],
  },
  "if-match-among-others": {
    clause: "RFC 9110 section 13.1.1",
    title: "If-Match may name several versions: one that fits is enough.",
    run: async (target) => {
      const path = personPath(target, 1);
      const headers = { "if-match": `"other", ${await versionAt(target, path)}` };
      expectStatus(await target.put(path, bodyOfPerson(target, 1, { displayName: "Another" }), headers), 200);
    },
    faults: ["a 412 for every If-Match", "an If-Match of which the first version counts"],
  },
  "if-match-stale-put": {
    title: "A PUT with the version that a resource had before it changed is 412 and changes nothing.",
    run: async (target) => {
      const before = await versionAt(target, personPath(target, 1));
      const changed = bodyOfPerson(target, 1, { displayName: "Another" });
      expectStatus(await target.put(personPath(target, 1), changed), 200);
      await staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.put(path, bodyOfPerson(target, 1), { "if-match": before }), 412),
      );
    },
    faults: ["a service that does not look at If-Match", "a 409 for a version that is gone"],
  },
  "if-match-stale-patch": {
    needs: ["etag", "patch"],
    title: "A PATCH with a version that a resource does not have is 412 and changes nothing.",
    run: async (target) => {
      for (const resource of [personPath(target, 1), groupPath(target, 1)])
        await staysAsItIs(target, resource, async (path) =>
          expectError(await target.patch(path, patchOf(rename), { "if-match": stale }), 412),
        );
    },
    faults: ["a service that does not look at If-Match", "a 409 for a version that is gone"],
  },
  "if-match-stale-members": {
    needs: ["etag", "patch"],
    title: "A PATCH of a group whose members have changed since is 412 and adds nobody.",
    run: async (target) => {
      const headers = { "if-match": await versionAt(target, groupPath(target, 1)) };
      expectStatus(await target.patch(groupPath(target, 1), patchOf(add("members", membersOf(target, 3)))), 200, 204);
      await staysAsItIs(target, groupPath(target, 1), async (path) =>
        expectError(await target.patch(path, patchOf(add("members", membersOf(target, 5))), headers), 412),
      );
    },
    faults: ["a service that does not look at If-Match", "a 409 for a version that is gone"],
  },
  "if-match-stale-delete": {
    title: "A DELETE with a version that a resource does not have is 412 and deletes nothing.",
    run: async (target) => {
      for (const resource of [personPath(target, 5), groupPath(target, 1)])
        await staysAsItIs(target, resource, async (path) =>
          expectError(await target.delete(path, { "if-match": stale }), 412),
        );
    },
    faults: ["a service that does not look at If-Match", "a 409 for a version that is gone"],
  },
  "if-match-of-nothing": {
    clause: "RFC 9110 section 13.2.1",
    title: "A PUT to nothing is 404 whatever its If-Match says.",
    run: async (target) =>
      expectError(await target.put(`/Users/${nobodysId}`, bodyOfPerson(target, 1), { "if-match": stale }), 404),
    faults: ["a 412 for every If-Match"],
  },
});

/** The version that the resource has now. */
async function versionAt(target: Target, path: string): Promise<string> {
  const response = await read(target, path);
  const version = response.headers.get("etag");
  expectThat(response, version !== null, "should have its version in the ETag header");
  return version;
}
