import { expectError, expectMember, expectSameSet, expectStatus } from "../assertion.ts";
import type { Check } from "../check.ts";
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

const clause = "RFC 7644 section 3.5.2.3";
const needs = "patch";

/** The operation "replace". */
export const patchReplaceChecks: readonly Check[] = [
  {
    id: "patch-replace-with-path",
    clause,
    needs,
    title: "A replace with a path gives the attribute another value.",
    run: async (target) => {
      const operation = { op: "replace", path: "displayName", value: "Another" };
      expectMember(await patchAndRead(target, personPath(target, 1), operation), "displayName", "Another");
    },
  },
  {
    id: "patch-replace-without-path",
    clause,
    needs,
    title: "A replace without a path sets each attribute of its value, and leaves the others.",
    run: async (target) => {
      const value = { displayName: "Another", name: { givenName: "Augusta" } };
      const found = await patchAndRead(target, personPath(target, 1), { op: "replace", value });
      expectMember(found, "displayName", "Another");
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "externalId", target.cast.person(1).externalId);
      expectMember(found, "userName", target.cast.person(1).userName);
    },
  },
  {
    id: "patch-replace-part",
    clause,
    needs,
    title: "A replace of a part of a complex attribute leaves the other parts.",
    run: async (target) => {
      const operation = { op: "replace", path: "name.familyName", value: "King" };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "name.familyName", "King");
      expectMember(found, "name.givenName", target.cast.person(1).givenName);
    },
  },
  {
    id: "patch-replace-complex",
    clause,
    needs,
    title: "A replace of a complex attribute sets the parts of its value and leaves the others.",
    run: async (target) => {
      const operation = { op: "replace", path: "name", value: { givenName: "Augusta" } };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "name.familyName", target.cast.person(1).familyName);
    },
  },
  {
    id: "patch-replace-without-value-adds",
    clause,
    needs,
    title: "A replace of an attribute that has no value is an add.",
    run: async (target) => {
      const operation = { op: "replace", path: "displayName", value: "Zoë D." };
      expectMember(await patchAndRead(target, personPath(target, 3), operation), "displayName", "Zoë D.");
    },
  },
  {
    id: "patch-replace-active",
    clause,
    needs,
    title: "A replace of active deactivates a user, who can still be read, and takes them back.",
    run: async (target) => {
      for (const active of [false, true]) {
        const operation = { op: "replace", path: "active", value: active };
        expectMember(await patchAndRead(target, personPath(target, 1), operation), "active", active);
      }
    },
  },
  {
    id: "patch-replace-active-without-path",
    clause,
    needs,
    title: "A replace without a path whose value holds active deactivates a user.",
    run: async (target) => {
      const operation = { op: "replace", value: { active: false } };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "active", false);
      expectMember(found, "displayName", target.cast.person(1).displayName);
    },
  },
  {
    id: "patch-replace-same-value-changes-nothing",
    clause: "RFC 7644 section 3.5.2",
    needs,
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
  },
  {
    id: "patch-replace-null-clears",
    clause: "RFC 7643 section 2.5",
    needs,
    title: "A replace by null leaves the attribute without a value.",
    run: async (target) => {
      const operation = { op: "replace", path: "displayName", value: null };
      expectMember(await patchAndRead(target, personPath(target, 1), operation), "displayName", undefined);
    },
  },
  {
    id: "patch-replace-members",
    clause,
    needs,
    title: "A replace of members leaves those that its value names, and no other.",
    run: async (target) => {
      const ids = [target.cast.person(2).id, target.cast.person(5).id];
      const operation = { op: "replace", path: "members", value: references(...ids) };
      const found = await patchAndRead(target, groupPath(target, 1), operation);
      expectSameSet(found, "the members", memberIdsOf(found), ids);
    },
  },
  {
    id: "patch-replace-members-by-none",
    clause: "RFC 7643 section 2.5",
    needs,
    title: "A replace of members by an empty array leaves none.",
    run: async (target) => {
      const operation = { op: "replace", path: "members", value: [] };
      const found = await patchAndRead(target, groupPath(target, 1), operation);
      expectSameSet(found, "the members", memberIdsOf(found), []);
    },
  },
  {
    id: "patch-replace-group-name",
    clause,
    needs,
    title: "A replace without a path renames a group and leaves its members.",
    run: async (target) => {
      const { id, memberIds } = target.cast.group(1);
      const displayName = `${target.cast.label}-Renamed`;
      const found = await patchAndRead(target, groupPath(target, 1), { op: "replace", value: { id, displayName } });
      expectMember(found, "displayName", displayName);
      expectSameSet(found, "the members", memberIdsOf(found), memberIds);
    },
  },
  {
    id: "patch-replace-unmatched-filter",
    clause,
    needs,
    title: "A replace whose value filter selects nothing is 400 noTarget and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const operation = { op: "replace", path: `members[value eq "${nobodysId}"]`, value: { value: nobodysId } };
        expectError(await target.patch(path, patchOf(operation)), 400, "noTarget");
      }),
  },
  {
    id: "patch-replace-immutable",
    clause: "RFC 7643 section 4.2",
    needs,
    title: "The value of a member is immutable: a replace of it is 400 mutability and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const member = `members[value eq "${target.cast.person(1).id}"].value`;
        const operation = { op: "replace", path: member, value: target.cast.person(5).id };
        expectError(await target.patch(path, patchOf(operation)), 400, "mutability");
      }),
  },
  {
    id: "patch-replace-unknown-member",
    clause: "RFC 7644 section 3.12",
    needs,
    title: "A replace of members by somebody that nobody is, is refused with a 4xx and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const operation = { op: "replace", path: "members", value: references(nobodysId) };
        expectError(await target.patch(path, patchOf(operation)), [400, 404, 409]);
      }),
  },
  {
    id: "patch-replace-takes-no-others-user-name",
    clause: "RFC 7643 section 4.1.1",
    needs,
    title: "A PATCH cannot give a user somebody else's userName: 409 uniqueness, or 403 where names do not change.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        const value = target.cast.person(2).userName.toUpperCase();
        const refused = await target.patch(path, patchOf({ op: "replace", path: "userName", value }));
        expectError(refused, [409, 403], refused.status === 409 ? "uniqueness" : undefined);
      }),
  },
  {
    id: "patch-replace-without-value",
    clause,
    needs,
    title: "A replace without a value is 400 and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.patch(path, patchOf({ op: "replace", path: "displayName" })), 400),
      ),
  },
];
