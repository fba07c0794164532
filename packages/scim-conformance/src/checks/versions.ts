import { expectHeader, expectSame, expectStatus, expectThat, resourcesOf, stringAt } from "../assertion.ts";
import { at } from "../json.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { add, memberPath, membersOf, patches, pathOfCast, remove, replace, type CastName } from "./write-kinds.ts";
import { bodyOfPerson, createGroup, groupPath, pathOf, personPath, read, references } from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.14", needs: "etag" };

/** Versions as responses show them. */
export const versionsChecks = checksOf(chapter, {
  "etag-of-get": {
    title: "A GET of a resource has its version in ETag, the same as in meta.version.",
    run: async (target) => {
      for (const path of [personPath(target, 1), groupPath(target, 1)]) expectVersion(await read(target, path));
    },
    faults: ["a GET without an ETag", "an ETag of the whole answer's own"],
  },
  "etag-of-create": {
    title: "The answer to a POST has the version of the new resource in ETag, the one that a GET then has.",
    run: async (target) => {
      const created = await createGroup(target, { members: references(target.cast.person(1).id) });
      const version = expectVersion(created);
      expectHeader(await read(target, pathOf("/Groups", created)), "etag", version);
    },
    faults: ["a POST without an ETag", "a version that a write answers and nobody reads afterwards"],
  },
  "etag-of-put": {
    title: "The answer to a PUT has the new version in ETag, the one that a GET then has.",
    run: async (target) => {
      const path = personPath(target, 1);
      const replaced = await target.put(path, bodyOfPerson(target, 1, { displayName: "Another" }));
      expectStatus(replaced, 200);
      const version = expectVersion(replaced);
      expectHeader(await read(target, path), "etag", version);
    },
    faults: ["a PUT without an ETag", "a version that a write answers and nobody reads afterwards"],
  },
  "etag-is-an-entity-tag": {
    clause: "RFC 9110 section 8.8.3",
    title: "A version is a text in double quotes, with W/ before it where it is weak.",
    run: async (target) => {
      for (const path of [personPath(target, 1), groupPath(target, 1)])
        expectHeader(await read(target, path), "etag", /^(?:W\/)?"[\u0021\u0023-\u007e\u0080-\u00ff]*"$/);
    },
    faults: ["a GET without an ETag", "a version without quotes"],
  },
  "etag-in-lists": {
    clause: "RFC 7643 section 3.1",
    title: "A list shows the version of each resource that a GET has.",
    run: async (target) => {
      const { id, userName } = target.cast.person(1);
      const listed = await target.get("/Users", { filter: `userName eq "${userName}"` });
      const [user] = resourcesOf(listed);
      expectHeader(await read(target, `/Users/${id}`), "etag", String(at(user, "meta.version")));
      const groups = await target.get("/Groups", { filter: `displayName eq "${target.cast.group(1).displayName}"` });
      const [group] = resourcesOf(groups);
      expectHeader(await read(target, groupPath(target, 1)), "etag", String(at(group, "meta.version")));
    },
    faults: ["a GET without an ETag", "a list without versions"],
  },
  "etag-stays": {
    clause: "RFC 9110 section 8.8.1",
    title: "The version of what nobody changes stays, also through a PUT of what is there already.",
    run: async (target) => {
      const path = personPath(target, 1);
      const version = versionOf(await read(target, path));
      expectHeader(await read(target, path), "etag", version);
      expectStatus(await target.put(path, bodyOfPerson(target, 1)), 200);
      expectHeader(await read(target, path), "etag", version);
    },
    faults: ["a GET without an ETag", "another version at every look"],
  },
  "etag-moves-with-put": {
    clause: "RFC 9110 section 8.8.1",
    title: "A PUT that changes a user gives another version, and so does the one that undoes it.",
    run: async (target) => {
      const path = personPath(target, 1);
      const versions = [versionOf(await read(target, path))];
      for (const displayName of ["Another", target.cast.person(1).displayName]) {
        expectStatus(await target.put(path, bodyOfPerson(target, 1, { displayName })), 200);
        const found = await read(target, path);
        expectThat(found, !versions.includes(versionOf(found)), "should have a version that it never had before");
        versions.push(versionOf(found));
      }
    },
    faults: ["a GET without an ETag", "a version that never changes"],
  },
  "etag-moves-with-patch": {
    clause: "RFC 9110 section 8.8.1",
    needs: ["etag", "patch"],
    title: "A PATCH that changes a user gives another version.",
    run: moves("person 1", patches("person 1", [replace("active", false)], {})),
    faults: ["a GET without an ETag", "a version that never changes"],
  },
  "etag-moves-with-members": {
    clause: "RFC 9110 section 8.8.1",
    needs: ["etag", "patch"],
    title: "A member more and a member less give the group another version.",
    run: async (target) => {
      const steps = [add("members", membersOf(target, 5)), remove(memberPath(target, 5))];
      for (const step of steps) await moves("group 1", patches("group 1", [step], {}))(target);
    },
    faults: ["a GET without an ETag", "a version that never changes"],
  },
  "etag-moves-with-deleted-member": {
    clause: "RFC 9110 section 8.8.1",
    title: "A group that loses a member because they are deleted has another version.",
    run: moves("group 1", async (target) => expectStatus(await target.delete(personPath(target, 1)), 204)),
    faults: ["a GET without an ETag", "a version that never changes"],
  },
});

/** The version in the ETag header, which must be the one of the body. */
function expectVersion(response: ScimResponse): string {
  const version = versionOf(response);
  expectSame(response, "meta.version", stringAt(response, "meta.version"), version);
  return version;
}

/** The version in the ETag header. */
function versionOf(response: ScimResponse): string {
  const version = response.headers.get("etag");
  expectThat(response, version !== null && version !== "", "should have its version in the ETag header");
  return version;
}

/** Expects that a change gives one of the cast another version. */
function moves(name: CastName, change: Check["run"]): Check["run"] {
  return async (target) => {
    const path = pathOfCast(target, name);
    const before = versionOf(await read(target, path));
    await change(target);
    const after = await read(target, path);
    expectThat(after, versionOf(after) !== before, `should have another version than ${before}`);
  };
}
