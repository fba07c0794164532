import { expectError, expectMember, expectSame, expectStatus, expectThat } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import type { Target } from "../target.ts";
import {
  add,
  expectShown,
  memberPath,
  membersOf,
  patches,
  patchesInVain,
  patchRefusalFaults,
  refusesPatch,
  refusesPatchBody,
  remove,
  replace,
  unknownReference,
  type Shown,
} from "./write-kinds.ts";
import {
  groupPath,
  nobodysId,
  patchOf,
  patchSchema,
  personPath,
  read,
  references,
  userSchema,
} from "./written-resource.ts";

const rename = replace("displayName", "Another");

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2", needs: "patch" };

/** What all PATCH requests have in common. */
export const patchRequestsChecks = checksOf(chapter, {
  "patch-answers-200-or-204": {
    title: "A PATCH is 200 with the whole resource, as a GET then reads it, or 204 without a body.",
    run: async (target) => {
      const path = personPath(target, 1);
      const patched = await target.patch(path, patchOf(rename));
      await expectResponse(target, path, patched, { displayName: "Another" });
    },
    faults: ["a 202 for a PATCH", "a PATCH that answers with its operations", "a PATCH that says yes and does nothing"],
  },
  "patch-group-answers-200-or-204": {
    title: "A PATCH of a group is 200 with the whole resource, as a GET then reads it, or 204 without a body.",
    run: async (target) => {
      const path = groupPath(target, 1);
      const patched = await target.patch(path, patchOf(add("members", membersOf(target, 5))));
      await expectResponse(target, path, patched, { members: [1, 2, 5] });
    },
    faults: [
      "a 202 for a PATCH",
      "a PATCH of a group that answers with its operations",
      "a PATCH that says yes and does nothing",
    ],
  },
  "patch-shows-chosen-attributes": {
    title: "A PATCH with the parameter attributes is 200 and shows those that were chosen.",
    run: async (target) => {
      const patched = await target.patch(`${personPath(target, 1)}?attributes=displayName`, patchOf(rename));
      expectStatus(patched, 200);
      expectMember(patched, "displayName", "Another");
      expectMember(patched, "id", target.cast.person(1).id);
      expectMember(patched, "userName", undefined);
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
      const body = patchOf(add("members", membersOf(target, 5)));
      const patched = await target.patch(`${groupPath(target, 1)}?attributes=displayName`, body);
      expectStatus(patched, 200);
      expectMember(patched, "displayName", target.cast.group(1).displayName);
      expectMember(patched, "members", undefined);
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
    run: refusesPatch("group 1", unknownReference, (target) => [
      remove(memberPath(target, 1)),
      add("members", references(nobodysId)),
    ]),
    faults: ["a PATCH that says yes to everything", "a refused PATCH whose first operation stays"],
  },
  "patch-paths-in-any-case": {
    clause: "RFC 7644 section 3.10",
    title: "The names in a path are read in any letter case.",
    run: async (target) => {
      const removal = remove(`Members[VALUE EQ "${target.cast.person(1).id}"]`);
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
    run: patchesInVain("group 1", ({ cast }) => {
      const { id, displayName } = cast.group(1);
      return [{ op: "replace", value: { id, displayName } }];
    }),
    faults: ["a lastModified that every call moves", "a 4xx for a resource's own id"],
  },
  "patch-moves-no-id": {
    title: "A PATCH of a read-only attribute, such as another id, is 400 mutability and changes nothing.",
    run: refusesPatch("person 1", [400, "mutability"], [rename, replace("id", nobodysId)]),
    faults: patchRefusalFaults,
  },
  "patch-without-target": {
    clause: "RFC 7644 section 3.12",
    title: "A PATCH to the address of nothing is 404.",
    run: async (target) => {
      expectError(await target.patch(`/Users/${nobodysId}`, patchOf(rename)), 404);
      expectError(await target.patch(`/Groups/${nobodysId}`, patchOf(rename)), 404);
    },
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-with-its-schema": {
    title: `A PATCH whose schemas name the resource's and not ${patchSchema} is 400.`,
    run: refusesPatchBody("person 1", [400], { schemas: [userSchema], Operations: [rename] }),
    faults: ["a PATCH that says yes to everything", "a PATCH that does not look at its schemas"],
  },
});

/** Expects the whole resource, as a GET then reads it, or a 204 without a body. */
async function expectResponse(target: Target, path: string, patched: ScimResponse, shown: Shown): Promise<void> {
  expectStatus(patched, 200, 204);
  const found = await read(target, path);
  expectShown(target, found, shown);
  if (patched.status === 204) expectThat(patched, patched.text === "", "should have no body");
  else expectSame(found, "the resource that the PATCH answered", found.body, patched.body);
}
