import { expectMember, expectMembers, expectSame, expectScimJson, expectStatus, objectOf } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import { at } from "../json.ts";
import { unknownId } from "../request-body.ts";
import {
  another,
  comparesAfter,
  expectRead,
  leavesUnchanged,
  puts,
  putsGroup,
  putShows,
  type FixtureName,
} from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.1" };

/** The response to a PUT, and what it sets, clears and leaves. */
export const replacingResourcesChecks = checksOf(chapter, {
  "replace-is-200-with-the-resource": check("A PUT is 200 with the whole resource that a GET then returns.")
    .run(async (target) => {
      const replaced = await target.replacePerson(1, another);
      expectMembers(replaced, another);
      const found = await target.read(target.person(1).path);
      expectSame(found, "the resource that the PUT answered", found.body, replaced.body);
    })
    .faults("a 204 for a PUT", "a PUT that returns only what it was sent", "a PUT that succeeds and does nothing"),
  "replace-answers-scim-json": check("The response to a PUT has the media type application/scim+json.")
    .clause("RFC 7644 section 8.1")
    .run(async (target) => expectScimJson(await target.replacePerson(1)))
    .faults("a 204 for a PUT", "a PUT whose response is text/plain"),
  "replace-sets-what-is-sent": check("A PUT sets every value that it has.")
    .run(async (target) => {
      const name = { givenName: "Émilie", familyName: "du Châtelet" };
      const more = { externalId: `${target.label}-External-9`, displayName: "Émilie" };
      const shown = { "name.givenName": name.givenName, "name.familyName": name.familyName, ...more };
      await puts(1, { name, ...more, active: true }, shown)(target);
    })
    .faults("a PUT that succeeds and does nothing"),
  "replace-clears-what-is-omitted": check("An attribute that a PUT leaves out loses its value or gets a default one.")
    .run(async (target) => {
      const { path, displayName } = target.person(1);
      await target.replacePerson(1, { displayName: undefined });
      const found = await target.read(path);
      const isKept = at(found.body, "displayName") === displayName;
      expectSame(found, "whether displayName is still there", isKept, false);
    })
    .faults("a PUT that succeeds and does nothing", "a PUT that only adds"),
  "replace-clears-omitted-parts": check("A part of a complex attribute that a PUT leaves out loses its value.")
    .run(puts(1, { name: { givenName: "Ada" } }, { "name.givenName": "Ada", "name.familyName": undefined }))
    .faults("a PUT that succeeds and does nothing", "a PUT that only adds"),
  "replace-null-clears": check("An attribute that a PUT sends as null loses its value.")
    .clause("RFC 7643 section 2.5")
    .run(puts(1, { displayName: null }, { displayName: undefined }))
    .faults("a PUT that succeeds and does nothing", "a PUT that only adds"),
  "replace-as-read-changes-nothing": check("A PUT of what a GET returned changes nothing, lastModified included.")
    .run(replacesAsRead("person 1"))
    .faults("a lastModified that every PUT of a user moves"),
  "replace-group-as-read-changes-nothing": check("A PUT of a group as a GET returned it changes nothing.")
    .run(replacesAsRead("group 1"))
    .faults("a PUT of a group that moves lastModified"),
  "replace-keeps-id-and-created": check("The id and meta.created stay through a PUT.")
    .clause("RFC 7643 section 3.1")
    .run(async (target) => {
      const { id, path } = target.person(1);
      const before = await target.read(path);
      expectMembers(await target.replacePerson(1, another), {
        id,
        "meta.created": at(before.body, "meta.created"),
        "meta.location": at(before.body, "meta.location"),
      });
    })
    .faults("a PUT that makes the user a new one"),
  "replace-ignores-id": check("Another id in the body of a PUT is ignored.")
    .run(async (target) => {
      const { id } = target.person(1);
      await putShows({ id: unknownId, ...another }, { id, ...another })(target);
      expectStatus(await target.get(`/Users/${unknownId}`), 404);
    })
    .faults("a 204 for a PUT", "a PUT that takes the id of the body", "a PUT that succeeds and does nothing"),
  "replace-ignores-meta": check("Read-only attributes in the body of a PUT, such as meta, are ignored.")
    .run(
      comparesAfter(
        "person 1",
        async (target) => {
          const created = "2001-01-01T00:00:00Z";
          const meta = { resourceType: "Group", created, location: "https://elsewhere.example/1" };
          await target.replacePerson(1, { meta });
        },
        (after, before) => {
          for (const path of ["meta.resourceType", "meta.created", "meta.location"])
            expectMember(after, path, at(before.body, path));
        },
      ),
    )
    .faults("a meta of the client's"),
  "replace-ignores-groups": check("The read-only attribute groups in a PUT of a user removes no one from a group.")
    .clause("RFC 7643 section 4.1.2")
    .run(async (target) => {
      await target.replacePerson(1, { groups: [], ...another });
      await expectRead(target, target.group(1).path, { members: [1, 2] });
    })
    .faults("a PUT of a user with no groups that empties the group"),
  "replace-deactivates": check("A PUT with active false deactivates a user, who can be read; true reactivates them.")
    .clause("RFC 7643 section 4.1.1")
    .run(async (target) => {
      for (const active of [false, true]) await puts(1, { active }, { active })(target);
    })
    .faults("a PUT that succeeds and does nothing", "a PUT that leaves active as it is"),
  "replace-sets-members": check("A PUT of a group sets its members: those it names, and no other.")
    .run(putsGroup(({ groupBody, members }) => groupBody({ members: members(2, 3) }), { members: [2, 3] }))
    .faults("a PUT that succeeds and does nothing", "a PUT of a group that leaves its members alone"),
  "replace-empties-members": check("A PUT of a group with an empty array of members leaves it without members.")
    .clause("RFC 7643 section 2.5")
    .run(putsGroup(({ groupBody }) => groupBody({ members: [] }), { members: [] }))
    .faults("a PUT that succeeds and does nothing", "a PUT of a group that leaves its members alone"),
  "replace-renames-group": check("A PUT of a group changes its displayName, under the same id.")
    .run(async (target) => {
      const { id } = target.group(1);
      const displayName = `${target.label}-Renamed`;
      await putsGroup(target.groupBody({ displayName }), { id, displayName })(target);
    })
    .faults("a PUT that succeeds and does nothing"),
});

/** Expects that a PUT of what a GET shows succeeds and changes nothing. */
function replacesAsRead(name: FixtureName): Check["run"] {
  return leavesUnchanged(name, async (target, path) =>
    expectStatus(await target.put(path, objectOf(await target.read(path))), 200),
  );
}
