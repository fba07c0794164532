import { expectError, expectMember, expectSameSet, expectStatus } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import {
  groupPath,
  memberIdsOf,
  nobodysId,
  patchAndRead,
  patchOf,
  personPath,
  staysAsItIs,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.2", needs: "patch" };

/** The operation "remove". */
export const patchRemoveChecks = checksOf(chapter, {
  "patch-remove-attribute": {
    title: "A remove of a single-valued attribute leaves it without a value, and the others as they are.",
    run: async (target) => {
      const found = await patchAndRead(target, personPath(target, 1), { op: "remove", path: "displayName" });
      expectMember(found, "displayName", undefined);
      expectMember(found, "name.givenName", target.cast.person(1).givenName);
      expectMember(found, "externalId", target.cast.person(1).externalId);
    },
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-remove-part": {
    title: "A remove of a part of a complex attribute leaves the other parts.",
    run: async (target) => {
      const found = await patchAndRead(target, personPath(target, 1), { op: "remove", path: "name.familyName" });
      expectMember(found, "name.familyName", undefined);
      expectMember(found, "name.givenName", target.cast.person(1).givenName);
    },
    faults: ["a PATCH that says yes and does nothing", "a part that is removed together with the whole"],
  },
  "patch-remove-complex": {
    title: "A remove of a complex attribute takes all its parts that a client can write.",
    run: async (target) => {
      const found = await patchAndRead(target, personPath(target, 1), { op: "remove", path: "name" });
      expectMember(found, "name.familyName", undefined);
      expectMember(found, "name.givenName", undefined);
      expectMember(found, "userName", target.cast.person(1).userName);
    },
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-remove-member": {
    title: "A remove with a value filter takes the member that it selects, and no other.",
    run: async (target) => {
      const path = `members[value eq "${target.cast.person(1).id}"]`;
      const found = await patchAndRead(target, groupPath(target, 1), { op: "remove", path });
      expectSameSet(found, "the members", memberIdsOf(found), [target.cast.person(2).id]);
    },
    faults: ["a PATCH that says yes and does nothing", "a remove that does not look at its filter"],
  },
  "patch-remove-members-by-or": {
    title: "A value filter of a remove can select several members.",
    run: async (target) => {
      const [first, second] = [target.cast.person(1).id, target.cast.person(2).id];
      const path = `members[value eq "${first}" or value eq "${second}"]`;
      const found = await patchAndRead(target, groupPath(target, 1), { op: "remove", path });
      expectSameSet(found, "the members", memberIdsOf(found), []);
    },
    faults: ["a PATCH that says yes and does nothing", "a value filter that ends at its first term"],
  },
  "patch-remove-members-by-not": {
    title: "A value filter of a remove can select all members but one.",
    run: async (target) => {
      const { id } = target.cast.person(2);
      const path = `members[not (value eq "${id}")]`;
      const found = await patchAndRead(target, groupPath(target, 1), { op: "remove", path });
      expectSameSet(found, "the members", memberIdsOf(found), [id]);
    },
    faults: ["a PATCH that says yes and does nothing", "a remove that does not look at its filter"],
  },
  "patch-remove-several-members": {
    title: "One PATCH can remove members and add others.",
    run: async (target) => {
      const found = await patchAndRead(
        target,
        groupPath(target, 1),
        { op: "remove", path: `members[value eq "${target.cast.person(1).id}"]` },
        { op: "remove", path: `members[value eq "${target.cast.person(2).id}"]` },
        { op: "add", path: "members", value: [{ value: target.cast.person(5).id }] },
      );
      expectSameSet(found, "the members", memberIdsOf(found), [target.cast.person(5).id]);
    },
    faults: ["a PATCH that says yes and does nothing", "a PATCH whose first operation alone is done"],
  },
  "patch-remove-all-members": {
    title: "A remove of a multi-valued attribute without a filter takes all its values.",
    run: async (target) => {
      const found = await patchAndRead(target, groupPath(target, 1), { op: "remove", path: "members" });
      expectSameSet(found, "the members", memberIdsOf(found), []);
    },
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-remove-nonmember": {
    title: "A remove of who is no member succeeds and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        for (const id of [target.cast.person(5).id, nobodysId]) {
          const operation = { op: "remove", path: `members[value eq "${id}"]` };
          expectStatus(await target.patch(path, patchOf(operation)), 200, 204);
        }
      }),
    faults: [
      "a lastModified that every call moves",
      "a 4xx for a remove of who is no member",
      "a remove that does not look at its filter",
    ],
  },
  "patch-remove-without-path": {
    title: "A remove without a path is 400 noTarget and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        expectError(await target.patch(path, patchOf({ op: "remove" })), 400, "noTarget");
        const value = { displayName: target.cast.person(1).displayName };
        expectError(await target.patch(path, patchOf({ op: "remove", value })), 400, "noTarget");
      }),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
  },
  "patch-remove-required": {
    title: "A remove of a required attribute is 400 mutability and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.patch(path, patchOf({ op: "remove", path: "userName" })), 400, "mutability"),
      ),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
  },
  "patch-remove-required-of-group": {
    title: "A group cannot be left without its displayName: 400 mutability.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) =>
        expectError(await target.patch(path, patchOf({ op: "remove", path: "displayName" })), 400, "mutability"),
      ),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
  },
  "patch-remove-read-only": {
    title: "A remove of a read-only attribute is 400 mutability and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.patch(path, patchOf({ op: "remove", path: "id" })), 400, "mutability"),
      ),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
  },
  "patch-remove-then-add": {
    title: "A value that one operation removes can be given again by the next.",
    run: async (target) => {
      const found = await patchAndRead(
        target,
        personPath(target, 1),
        { op: "remove", path: "name.givenName" },
        { op: "add", path: "name.givenName", value: "Augusta" },
      );
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "name.familyName", target.cast.person(1).familyName);
    },
    faults: ["a PATCH that says yes and does nothing", "removals that are done after everything else"],
  },
});
