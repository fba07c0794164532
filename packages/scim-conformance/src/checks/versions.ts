import { expectHeader, expectSame, expectThat, pathOf, stringAt } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at } from "../json.ts";
import { add, memberPath, remove, replace } from "../request-body.ts";
import { another, comparesAfter, patches, type FixtureName } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.14", needs: ["etag"] };

/** Versions as responses show them. */
export const versionsChecks = checksOf(chapter, {
  "etag-of-get": check("A GET of a resource has its version in ETag, the same as in meta.version.")
    .run(async (target) => {
      for (const { path } of [target.person(1), target.group(1)]) expectVersion(await target.read(path));
    })
    .faults("a GET without an ETag", "an ETag that differs from meta.version"),
  "etag-of-create": check("The response to a POST has the version of the new resource in ETag, which a GET then has.")
    .run(async (target) => {
      const created = await target.createGroup({ members: target.members(1) });
      expectHeader(await target.read(pathOf(created)), "etag", expectVersion(created));
    })
    .faults("a POST without an ETag", "a version of a write that no GET returns"),
  "etag-of-put": check("The response to a PUT has the new version in ETag, which a GET then has.")
    .run(async (target) => {
      const version = expectVersion(await target.replacePerson(1, another));
      expectHeader(await target.read(target.person(1).path), "etag", version);
    })
    .faults("a PUT without an ETag", "a version of a write that no GET returns"),
  "etag-is-an-entity-tag": check("A version is a text in double quotes, with W/ before it if it is weak.")
    .clause("RFC 9110 section 8.8.3")
    .run(async (target) => {
      for (const { path } of [target.person(1), target.group(1)])
        expectHeader(await target.read(path), "etag", /^(?:W\/)?"[\u0021\u0023-\u007e\u0080-\u00ff]*"$/);
    })
    .faults("a GET without an ETag", "a version without quotes"),
  "etag-in-lists": check("A list shows the version of each resource that a GET has.")
    .clause("RFC 7643 section 3.1")
    .run(async (target) => {
      const [person, group] = [target.person(1), target.group(1)];
      const users = await target.get("/Users", { filter: `userName eq "${person.userName}"` });
      const version = at(users.body, "Resources.0.meta.version");
      expectHeader(await target.read(person.path), "etag", String(version));
      const groups = await target.get("/Groups", { filter: `displayName eq "${group.displayName}"` });
      const groupVersion = at(groups.body, "Resources.0.meta.version");
      expectHeader(await target.read(group.path), "etag", String(groupVersion));
    })
    .faults("a GET without an ETag", "a list without versions"),
  "etag-stays": check("The version of an unchanged resource stays, also through a PUT of the values that it has.")
    .clause("RFC 9110 section 8.8.1")
    .run(async (target) => {
      const { path } = target.person(1);
      const version = versionOf(await target.read(path));
      expectHeader(await target.read(path), "etag", version);
      await target.replacePerson(1);
      expectHeader(await target.read(path), "etag", version);
    })
    .faults("a GET without an ETag", "another version at every read"),
  "etag-moves-with-put": check("A PUT that changes a user gives another version, and so does the one that undoes it.")
    .clause("RFC 9110 section 8.8.1")
    .run(async (target) => {
      const { path, displayName } = target.person(1);
      const versions = [versionOf(await target.read(path))];
      for (const name of ["Another", displayName]) {
        await target.replacePerson(1, { displayName: name });
        const found = await target.read(path);
        expectThat(found, !versions.includes(versionOf(found)), "should have a version that it never had before");
        versions.push(versionOf(found));
      }
    })
    .faults("a GET without an ETag", "a version that never changes"),
  "etag-moves-with-patch": check("A PATCH that changes a user gives another version.")
    .clause("RFC 9110 section 8.8.1")
    .needs("etag", "patch")
    .run(changesVersion("person 1", patches("person 1", [replace("active", false)], {})))
    .faults("a GET without an ETag", "a version that never changes"),
  "etag-moves-with-members": check("Adding and removing a member gives the group another version each.")
    .clause("RFC 9110 section 8.8.1")
    .needs("etag", "patch")
    .run(async (target) => {
      const steps = [add("members", target.members(5)), remove(memberPath(target.person(5)))];
      for (const step of steps) await changesVersion("group 1", patches("group 1", [step], {}))(target);
    })
    .faults("a GET without an ETag", "a version that never changes"),
  "etag-moves-with-deleted-member": check("A group that loses a member because they are deleted has another version.")
    .clause("RFC 9110 section 8.8.1")
    .run(changesVersion("group 1", (target) => target.remove(target.person(1).path)))
    .faults("a GET without an ETag", "a version that never changes"),
});

/** The version in the ETag header, which must be the one of the body. */
function expectVersion(response: ScimResponse): string {
  const version = versionOf(response);
  expectSame(response, "meta.version", stringAt(response, "meta.version"), version);
  return version;
}

/** The version in the ETag header. */
export function versionOf(response: ScimResponse): string {
  const version = response.headers.get("etag");
  expectThat(response, version !== null && version !== "", "should have its version in the ETag header");
  return version;
}

/** Expects that a change gives a resource another version. */
function changesVersion(name: FixtureName, change: Check["run"]): Check["run"] {
  return comparesAfter(name, change, (after, before) =>
    expectThat(after, versionOf(after) !== versionOf(before), `should have another version than ${versionOf(before)}`),
  );
}
