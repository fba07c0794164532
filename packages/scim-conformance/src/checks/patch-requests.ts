import { expectMembers, expectSame, expectStatus, expectThat } from "../assertion.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
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

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2", needs: "patch" };

/** What all PATCH requests have in common. */
export const patchRequestsChecks = checksOf(chapter, {
  "patch-answers-200-or-204": {
    title: "A PATCH is 200 with the whole resource, that a GET then returns, or 204 without a body.",
    run: patchResponds("person 1", () => rename, another),
    faults: ["a 202 for a PATCH", "a PATCH that answers with its operations", "a PATCH that says yes and does nothing"],
  },
  "patch-group-answers-200-or-204": {
    title: "A PATCH of a group is 200 with the whole resource, that a GET then returns, or 204 without a body.",
    run: patchResponds("group 1", ({ members }) => add("members", members(5)), { members: [1, 2, 5] }),
    faults: [
      "a 202 for a PATCH",
      "a PATCH of a group that answers with its operations",
      "a PATCH that says yes and does nothing",
    ],
  },
  "patch-shows-chosen-attributes": {
    title: "A PATCH with the parameter attributes is 200 and shows those that were chosen.",
    run: async (target) => {
      const { id, path } = target.person(1);
      const patched = await target.patch(`${path}?attributes=displayName`, patchOf(rename));
      expectStatus(patched, 200);
      expectMembers(patched, { ...another, id, userName: undefined });
    },
    faults: [
      "a PATCH that shows nothing whatever is chosen",
      "a PATCH that shows all whatever is chosen",
      "a PATCH that says yes and does nothing",
    ],
  },
  "patch-group-shows-chosen-attributes": {
    title: "A PATCH of a group with the parameter attributes is 200 and shows those that were chosen.",
    run: async (target) => {
      const { path, displayName } = target.group(1);
      const body = patchOf(add("members", target.members(5)));
      const patched = await target.patch(`${path}?attributes=displayName`, body);
      expectStatus(patched, 200);
      expectMembers(patched, { displayName, members: undefined });
    },
    faults: ["a PATCH that shows nothing whatever is chosen", "a PATCH that shows all whatever is chosen"],
  },
  "patch-in-order": {
    title: "The operations of a PATCH are done in their order.",
    run: patches(
      "person 1",
      ["First", "Second", "Third"].map((value) => replace("displayName", value)),
      { displayName: "Third" },
    ),
    faults: ["a PATCH that says yes and does nothing", "operations that are done from the last to the first"],
  },
  "patch-is-atomic": {
    title: "A PATCH is done whole or not at all: where one operation is refused, none before it stays.",
    run: refusesPatch("person 1", [400], [rename, replace("active", "perhaps")], [rename, remove("userName")]),
    faults: ["a PATCH that says yes to everything", "a refused PATCH whose first operation stays"],
  },
  "patch-group-is-atomic": {
    title: "A PATCH of a group is done whole or not at all.",
    run: refusesPatch("group 1", unknownReference, ({ person }) => [
      remove(memberPath(person(1))),
      add("members", references(unknownId)),
    ]),
    faults: ["a PATCH that says yes to everything", "a refused PATCH whose first operation stays"],
  },
  "patch-paths-in-any-case": {
    clause: "RFC 7644 section 3.10",
    title: "The names in a path are read in any letter case.",
    run: async (target) => {
      const removal = remove(`Members[VALUE EQ "${target.person(1).id}"]`);
      await patches("person 1", [replace("NAME.givenname", "Augusta")], { "name.givenName": "Augusta" })(target);
      await patches("group 1", [removal], { members: [2] })(target);
    },
    faults: ["a PATCH that knows names in one letter case only", "a PATCH that says yes and does nothing"],
  },
  "patch-path-with-urn": {
    clause: "RFC 7644 section 3.10",
    title: "A path may have the URN of the schema before it, in any letter case.",
    run: patches(
      "person 1",
      [replace(`${userSchema}:displayName`, "Another"), replace(`${userSchema.toUpperCase()}:name.familyName`, "King")],
      { displayName: "Another", "name.familyName": "King" },
    ),
    faults: ["a 4xx for a path with a URN", "a PATCH that says yes and does nothing"],
  },
  "patch-keys-in-any-case": {
    clause: "RFC 7643 section 2.1",
    title: "The names in the value of an operation without a path are read in any letter case.",
    run: patches("person 1", [{ op: "replace", value: { DISPLAYNAME: "Another", Name: { GivenName: "Augusta" } } }], {
      displayName: "Another",
      "name.givenName": "Augusta",
    }),
    faults: ["a PATCH that knows names in one letter case only", "a PATCH that says yes and does nothing"],
  },
  "patch-own-id-changes-nothing": {
    title: "A resource's own id in a PATCH is the value that it has: it succeeds and changes nothing.",
    run: patchChangesNothing("group 1", (target) => {
      const { id, displayName } = target.group(1);
      return [{ op: "replace", value: { id, displayName } }];
    }),
    faults: ["a lastModified that every call moves", "a 4xx for a resource's own id"],
  },
  "patch-moves-no-id": {
    title: "A PATCH of a read-only attribute, such as another id, is 400 mutability and changes nothing.",
    run: refusesPatch("person 1", [400, "mutability"], [rename, replace("id", unknownId)]),
    faults: patchRefusalFaults,
  },
  "patch-without-target": {
    clause: "RFC 7644 section 3.12",
    title: "A PATCH to the address of no resource is 404.",
    run: refuses(
      [404],
      (target) => target.patch(`/Users/${unknownId}`, patchOf(rename)),
      (target) => target.patch(`/Groups/${unknownId}`, patchOf(rename)),
    ),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-with-its-schema": {
    title: `A PATCH whose schemas name the resource's and not ${patchSchema} is 400.`,
    run: refusesPatchBody("person 1", [400], { schemas: [userSchema], Operations: [rename] }),
    faults: ["a PATCH that says yes to everything", "a PATCH that does not look at its schemas"],
  },
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
