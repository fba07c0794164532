import { expectMembers, expectSame, expectStatus, expectThat } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import {
  add,
  memberPath,
  patchOf,
  patchSchema,
  references,
  remove,
  replace,
  unknownId,
  userSchema,
} from "../request-body.ts";
import type { Target } from "../target.ts";
import {
  another,
  expectShown,
  patchChangesNothing,
  patches,
  patchRefusalFaults,
  pathOfFixture,
  refuses,
  refusesPatch,
  refusesPatchBody,
  rename,
  unknownReference,
  type FixtureName,
  type Shown,
} from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2", needs: ["patch"] };

/** What all PATCH requests have in common. */
export const patchRequestsChecks = checksOf(chapter, {
  "patch-answers-200-or-204": check("A PATCH is 200 with the resource that a GET then returns, or 204 without a body.")
    .run(patchResponds("person 1", () => rename, another))
    .faults("a 202 for a PATCH", "a PATCH that returns its operations", "a PATCH that succeeds and does nothing"),
  "patch-group-answers-200-or-204": check("A PATCH of a group is 200 with the resource, or 204 without a body.")
    .run(patchResponds("group 1", ({ members }) => add("members", members(5)), { members: [1, 2, 5] }))
    .faults(
      "a 202 for a PATCH",
      "a PATCH of a group that returns its operations",
      "a PATCH that succeeds and does nothing",
    ),
  "patch-shows-chosen-attributes": check("A PATCH with the parameter attributes is 200 and shows the chosen ones.")
    .run(async (target) => {
      const { id, path } = target.person(1);
      const patched = await target.patch(`${path}?attributes=displayName`, patchOf(rename));
      expectStatus(patched, 200);
      expectMembers(patched, { ...another, id, userName: undefined });
    })
    .faults(
      "a PATCH with attributes that has no body",
      "a PATCH that ignores attributes",
      "a PATCH that succeeds and does nothing",
    ),
  "patch-group-shows-chosen-attributes": check("A PATCH of a group with attributes is 200 and shows the chosen ones.")
    .run(async (target) => {
      const { path, displayName } = target.group(1);
      const body = patchOf(add("members", target.members(5)));
      const patched = await target.patch(`${path}?attributes=displayName`, body);
      expectStatus(patched, 200);
      expectMembers(patched, { displayName, members: undefined });
    })
    .faults("a PATCH with attributes that has no body", "a PATCH that ignores attributes"),
  "patch-in-order": check("The operations of a PATCH are done in their order.")
    .run(
      patches(
        "person 1",
        ["First", "Second", "Third"].map((value) => replace("displayName", value)),
        { displayName: "Third" },
      ),
    )
    .faults("a PATCH that succeeds and does nothing", "operations that are done from the last to the first"),
  "patch-is-atomic": check("A PATCH is done whole or not at all: where one operation is refused, none before it stays.")
    .run(refusesPatch("person 1", [400], [rename, replace("active", "perhaps")], [rename, remove("userName")]))
    .faults("a PATCH that is never refused", "a refused PATCH whose first operation stays"),
  "patch-group-is-atomic": check("A PATCH of a group is done whole or not at all.")
    .run(
      refusesPatch("group 1", unknownReference, ({ person }) => [
        remove(memberPath(person(1))),
        add("members", references(unknownId)),
      ]),
    )
    .faults("a PATCH that is never refused", "a refused PATCH whose first operation stays"),
  "patch-paths-in-any-case": check("The names in a path are read in any letter case.")
    .clause("RFC 7644 section 3.10")
    .run(async (target) => {
      const removal = remove(`Members[VALUE EQ "${target.person(1).id}"]`);
      await patches("person 1", [replace("NAME.givenname", "Augusta")], { "name.givenName": "Augusta" })(target);
      await patches("group 1", [removal], { members: [2] })(target);
    })
    .faults("a PATCH whose names are case-sensitive", "a PATCH that succeeds and does nothing"),
  "patch-path-with-urn": check("A path may have the URN of the schema before it, in any letter case.")
    .clause("RFC 7644 section 3.10")
    .run(
      patches(
        "person 1",
        [
          replace(`${userSchema}:displayName`, "Another"),
          replace(`${userSchema.toUpperCase()}:name.familyName`, "King"),
        ],
        { displayName: "Another", "name.familyName": "King" },
      ),
    )
    .faults("a 4xx for a path with a URN", "a PATCH that succeeds and does nothing"),
  "patch-keys-in-any-case": check("The names in the value of an operation without a path are read in any letter case.")
    .clause("RFC 7643 section 2.1")
    .run(
      patches("person 1", [{ op: "replace", value: { DISPLAYNAME: "Another", Name: { GivenName: "Augusta" } } }], {
        displayName: "Another",
        "name.givenName": "Augusta",
      }),
    )
    .faults("a PATCH whose names are case-sensitive", "a PATCH that succeeds and does nothing"),
  "patch-own-id-changes-nothing": check("A PATCH with the resource's own id succeeds and changes nothing.")
    .run(
      patchChangesNothing("group 1", (target) => {
        const { id, displayName } = target.group(1);
        return [{ op: "replace", value: { id, displayName } }];
      }),
    )
    .faults("a lastModified that every request moves", "a 4xx for a resource's own id"),
  "patch-moves-no-id": check("A PATCH of a read-only attribute, such as the id, is 400 mutability and changes nothing.")
    .run(refusesPatch("person 1", [400, "mutability"], [rename, replace("id", unknownId)]))
    .faults(...patchRefusalFaults),
  "patch-without-target": check("A PATCH to the address of no resource is 404.")
    .clause("RFC 7644 section 3.12")
    .run(
      refuses(
        [404],
        (target) => target.patch(`/Users/${unknownId}`, patchOf(rename)),
        (target) => target.patch(`/Groups/${unknownId}`, patchOf(rename)),
      ),
    )
    .faults("a PATCH that is never refused"),
  "patch-with-its-schema": check(`A PATCH whose schemas name the resource's and not ${patchSchema} is 400.`)
    .run(refusesPatchBody("person 1", [400], { schemas: [userSchema], Operations: [rename] }))
    .faults("a PATCH that is never refused", "a PATCH that ignores its schemas"),
});

/** Expects that the response to a PATCH is the resource that a GET then returns, or a 204 without a body. */
function patchResponds(name: FixtureName, operation: (target: Target) => object, shown: Shown): Check["run"] {
  return async (target) => {
    const path = pathOfFixture(target, name);
    const patched = await target.change(path, operation(target));
    const found = await target.read(path);
    expectShown(target, found, shown);
    if (patched.status === 204) expectThat(patched, patched.text === "", "should have no body");
    else expectSame(found, "the resource that the PATCH answered", found.body, patched.body);
  };
}
