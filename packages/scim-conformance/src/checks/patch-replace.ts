import { expectError, expectMember, expectSameSet, expectStatus } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import {
  groupPath,
  memberIdsOf,
  nobodysId,
  patchAndRead,
  patchOf,
  personPath,
  references,
  staysAsItIs,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.3", needs: "patch" };

/** The operation "replace". */
export const patchReplaceChecks = checksOf(chapter, {
  "patch-replace-with-path": {
    title: "A replace with a path gives the attribute another value.",
    run: async (target) => {
      const operation = { op: "replace", path: "displayName", value: "Another" };
      expectMember(await patchAndRead(target, personPath(target, 1), operation), "displayName", "Another");
    },
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-replace-without-path": {
    title: "A replace without a path sets each attribute of its value, and leaves the others.",
    run: async (target) => {
      const value = { displayName: "Another", name: { givenName: "Augusta" } };
      const found = await patchAndRead(target, personPath(target, 1), { op: "replace", value });
      expectMember(found, "displayName", "Another");
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "externalId", target.cast.person(1).externalId);
      expectMember(found, "userName", target.cast.person(1).userName);
    },
    faults: ["a PATCH that says yes and does nothing", "an operation without a path that clears what it does not name"],
  },
  "patch-replace-part": {
    title: "A replace of a part of a complex attribute leaves the other parts.",
    run: async (target) => {
      const operation = { op: "replace", path: "name.familyName", value: "King" };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "name.familyName", "King");
      expectMember(found, "name.givenName", target.cast.person(1).givenName);
    },
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-replace-complex": {
    title: "A replace of a complex attribute sets the parts of its value and leaves the others.",
    run: async (target) => {
      const operation = { op: "replace", path: "name", value: { givenName: "Augusta" } };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "name.familyName", target.cast.person(1).familyName);
    },
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-replace-without-value-adds": {
    title: "A replace of an attribute that has no value is an add.",
    run: async (target) => {
      const operation = { op: "replace", path: "displayName", value: "Zoë D." };
      expectMember(await patchAndRead(target, personPath(target, 3), operation), "displayName", "Zoë D.");
    },
    faults: ["a PATCH that says yes and does nothing", "a 4xx for a replace of what has no value"],
  },
  "patch-replace-active": {
    title: "A replace of active deactivates a user, who can still be read, and takes them back.",
    run: async (target) => {
      for (const active of [false, true]) {
        const operation = { op: "replace", path: "active", value: active };
        expectMember(await patchAndRead(target, personPath(target, 1), operation), "active", active);
      }
    },
    faults: ["a PATCH that says yes and does nothing", "an active that stays as it is"],
  },
  "patch-replace-active-without-path": {
    title: "A replace without a path whose value holds active deactivates a user.",
    run: async (target) => {
      const operation = { op: "replace", value: { active: false } };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "active", false);
      expectMember(found, "displayName", target.cast.person(1).displayName);
    },
    faults: [
      "a PATCH that says yes and does nothing",
      "an operation without a path that clears what it does not name",
      "an active that stays as it is",
    ],
  },
  "patch-replace-same-value-changes-nothing": {
    clause: "RFC 7644 section 3.5.2",
    title: "A replace by the value that is there already succeeds and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        const { displayName, active } = target.cast.person(1);
        const operations = [
          { op: "replace", path: "displayName", value: displayName },
          { op: "replace", value: { active } },
        ];
        expectStatus(await target.patch(path, patchOf(...operations)), 200, 204);
      }),
    faults: ["a lastModified that every call moves"],
  },
  "patch-replace-null-clears": {
    clause: "RFC 7643 section 2.5",
    title: "A replace by null leaves the attribute without a value.",
    run: async (target) => {
      const operation = { op: "replace", path: "displayName", value: null };
      expectMember(await patchAndRead(target, personPath(target, 1), operation), "displayName", undefined);
    },
    faults: ["a PATCH that says yes and does nothing", "a null that is taken for no operation"],
  },
  "patch-replace-members": {
    title: "A replace of members leaves those that its value names, and no other.",
    run: async (target) => {
      const ids = [target.cast.person(2).id, target.cast.person(5).id];
      const operation = { op: "replace", path: "members", value: references(...ids) };
      const found = await patchAndRead(target, groupPath(target, 1), operation);
      expectSameSet(found, "the members", memberIdsOf(found), ids);
    },
    faults: ["a PATCH that says yes and does nothing", "a replace of members that adds them"],
  },
  "patch-replace-members-by-none": {
    clause: "RFC 7643 section 2.5",
    title: "A replace of members by an empty array leaves none.",
    run: async (target) => {
      const operation = { op: "replace", path: "members", value: [] };
      const found = await patchAndRead(target, groupPath(target, 1), operation);
      expectSameSet(found, "the members", memberIdsOf(found), []);
    },
    faults: ["a PATCH that says yes and does nothing", "a replace of members that adds them"],
  },
  "patch-replace-group-name": {
    title: "A replace without a path renames a group and leaves its members.",
    run: async (target) => {
      const { id, memberIds } = target.cast.group(1);
      const displayName = `${target.cast.label}-Renamed`;
      const found = await patchAndRead(target, groupPath(target, 1), { op: "replace", value: { id, displayName } });
      expectMember(found, "displayName", displayName);
      expectSameSet(found, "the members", memberIdsOf(found), memberIds);
    },
    faults: ["a PATCH that says yes and does nothing", "a new name for a group that drops its members"],
  },
  "patch-replace-unmatched-filter": {
    title: "A replace whose value filter selects nothing is 400 noTarget and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const operation = { op: "replace", path: `members[value eq "${nobodysId}"]`, value: { value: nobodysId } };
        expectError(await target.patch(path, patchOf(operation)), 400, "noTarget");
      }),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
  },
  "patch-replace-immutable": {
    clause: "RFC 7643 section 4.2",
    title: "The value of a member is immutable: a replace of it is 400 mutability and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const member = `members[value eq "${target.cast.person(1).id}"].value`;
        const operation = { op: "replace", path: member, value: target.cast.person(5).id };
        expectError(await target.patch(path, patchOf(operation)), 400, "mutability");
      }),
    faults: [
      "a PATCH that says yes to everything",
      "a refused PATCH without a scimType",
      "a scimType that is invalidValue whatever is wrong",
    ],
  },
  "patch-replace-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "A replace of members by somebody that nobody is, is refused with a 4xx and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const operation = { op: "replace", path: "members", value: references(nobodysId) };
        expectError(await target.patch(path, patchOf(operation)), [400, 404, 409]);
      }),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-replace-takes-no-others-user-name": {
    clause: "RFC 7643 section 4.1.1",
    title: "A PATCH cannot give a user somebody else's userName: 409 uniqueness, or 403 where names do not change.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        const value = target.cast.person(2).userName.toUpperCase();
        const refused = await target.patch(path, patchOf({ op: "replace", path: "userName", value }));
        expectError(refused, [409, 403], refused.status === 409 ? "uniqueness" : undefined);
      }),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-replace-without-value": {
    title: "A replace without a value is 400 and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.patch(path, patchOf({ op: "replace", path: "displayName" })), 400),
      ),
    faults: ["a PATCH that says yes to everything"],
  },
});
