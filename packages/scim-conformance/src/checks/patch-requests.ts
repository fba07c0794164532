import { expectError, expectMember, expectSame, expectSameSet, expectStatus, expectThat } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import {
  groupPath,
  memberIdsOf,
  nobodysId,
  patchAndRead,
  patchOf,
  patchSchema,
  personPath,
  read,
  references,
  staysAsItIs,
  userSchema,
} from "./written-resource.ts";

const rename = { op: "replace", path: "displayName", value: "Another" };

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2", needs: "patch" };

/** What all PATCH requests have in common. */
export const patchRequestsChecks = checksOf(chapter, {
  "patch-answers-200-or-204": {
    title: "A PATCH is 200 with the whole resource, as a GET then reads it, or 204 without a body.",
    run: async (target) => {
      const path = personPath(target, 1);
      const patched = await target.patch(path, patchOf(rename));
      expectStatus(patched, 200, 204);
      const found = await read(target, path);
      expectMember(found, "displayName", "Another");
      if (patched.status === 204) expectThat(patched, patched.text === "", "should have no body");
      else expectSame(found, "the resource that the PATCH answered", found.body, patched.body);
    },
    faults: ["a 202 for a PATCH", "a PATCH that answers with its operations", "a PATCH that says yes and does nothing"],
  },
  "patch-group-answers-200-or-204": {
    title: "A PATCH of a group is 200 with the whole resource, as a GET then reads it, or 204 without a body.",
    run: async (target) => {
      const path = groupPath(target, 1);
      const operation = { op: "add", path: "members", value: references(target.cast.person(5).id) };
      const patched = await target.patch(path, patchOf(operation));
      expectStatus(patched, 200, 204);
      const found = await read(target, path);
      expectSameSet(found, "the members", memberIdsOf(found), [
        ...target.cast.group(1).memberIds,
        target.cast.person(5).id,
      ]);
      if (patched.status === 204) expectThat(patched, patched.text === "", "should have no body");
      else expectSame(found, "the resource that the PATCH answered", found.body, patched.body);
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
      const operation = { op: "add", path: "members", value: references(target.cast.person(5).id) };
      const patched = await target.patch(`${groupPath(target, 1)}?attributes=displayName`, patchOf(operation));
      expectStatus(patched, 200);
      expectMember(patched, "displayName", target.cast.group(1).displayName);
      expectMember(patched, "members", undefined);
    },
    faults: ["a PATCH that shows nothing whatever is chosen", "a PATCH that shows all whatever is chosen"],
  },
  "patch-in-order": {
    title: "The operations of a PATCH are done in their order.",
    run: async (target) => {
      const operations = ["First", "Second", "Third"].map((value) => ({ ...rename, value }));
      expectMember(await patchAndRead(target, personPath(target, 1), ...operations), "displayName", "Third");
    },
    faults: ["a PATCH that says yes and does nothing", "operations that are done from the last to the first"],
  },
  "patch-is-atomic": {
    title: "A PATCH is done whole or not at all: where one operation is refused, none before it stays.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        const wrong = { op: "replace", path: "active", value: "perhaps" };
        expectError(await target.patch(path, patchOf(rename, wrong)), 400);
        expectError(await target.patch(path, patchOf(rename, { op: "remove", path: "userName" })), 400);
      }),
    faults: ["a PATCH that says yes to everything", "a refused PATCH whose first operation stays"],
  },
  "patch-group-is-atomic": {
    title: "A PATCH of a group is done whole or not at all.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const removal = { op: "remove", path: `members[value eq "${target.cast.person(1).id}"]` };
        const wrong = { op: "add", path: "members", value: references(nobodysId) };
        expectError(await target.patch(path, patchOf(removal, wrong)), [400, 404, 409]);
      }),
    faults: ["a PATCH that says yes to everything", "a refused PATCH whose first operation stays"],
  },
  "patch-paths-in-any-case": {
    clause: "RFC 7644 section 3.10",
    title: "The names in a path are read in any letter case.",
    run: async (target) => {
      const operation = { op: "replace", path: "NAME.givenname", value: "Augusta" };
      expectMember(await patchAndRead(target, personPath(target, 1), operation), "name.givenName", "Augusta");
      const removal = { op: "remove", path: `Members[VALUE EQ "${target.cast.person(1).id}"]` };
      const found = await patchAndRead(target, groupPath(target, 1), removal);
      expectSameSet(found, "the members", memberIdsOf(found), [target.cast.person(2).id]);
    },
    faults: ["a PATCH that knows names in one letter case only", "a PATCH that says yes and does nothing"],
  },
  "patch-path-with-urn": {
    clause: "RFC 7644 section 3.10",
    title: "A path may have the URN of the schema before it, in any letter case.",
    run: async (target) => {
      const found = await patchAndRead(
        target,
        personPath(target, 1),
        { op: "replace", path: `${userSchema}:displayName`, value: "Another" },
        { op: "replace", path: `${userSchema.toUpperCase()}:name.familyName`, value: "King" },
      );
      expectMember(found, "displayName", "Another");
      expectMember(found, "name.familyName", "King");
    },
    faults: ["a 4xx for a path with a URN", "a PATCH that says yes and does nothing"],
  },
  "patch-keys-in-any-case": {
    clause: "RFC 7643 section 2.1",
    title: "The names in the value of an operation without a path are read in any letter case.",
    run: async (target) => {
      const operation = { op: "replace", value: { DISPLAYNAME: "Another", Name: { GivenName: "Augusta" } } };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "displayName", "Another");
      expectMember(found, "name.givenName", "Augusta");
    },
    faults: ["a PATCH that knows names in one letter case only", "a PATCH that says yes and does nothing"],
  },
  "patch-own-id-changes-nothing": {
    title: "A resource's own id in a PATCH is the value that it has: it succeeds and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const { id, displayName } = target.cast.group(1);
        const operation = { op: "replace", value: { id, displayName } };
        expectStatus(await target.patch(path, patchOf(operation)), 200, 204);
      }),
    faults: ["a lastModified that every call moves", "a 4xx for a resource's own id"],
  },
  "patch-moves-no-id": {
    title: "A PATCH of a read-only attribute, such as another id, is 400 mutability and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        const operation = { op: "replace", path: "id", value: nobodysId };
        expectError(await target.patch(path, patchOf(rename, operation)), 400, "mutability");
      }),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
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
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.patch(path, { schemas: [userSchema], Operations: [rename] }), 400),
      ),
    faults: ["a PATCH that says yes to everything", "a PATCH that does not look at its schemas"],
  },
});
