import { expectError, expectMember, expectSameSet, expectStatus } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import {
  enterpriseSchema,
  groupPath,
  memberIdsOf,
  nobodysId,
  patchAndRead,
  patchOf,
  personPath,
  references,
  staysAsItIs,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.1", needs: "patch" };

/** The operation "add". */
export const patchAddChecks = checksOf(chapter, {
  "patch-add-with-path": {
    title: "An add with a path gives an attribute its first value.",
    run: async (target) => {
      const operation = { op: "add", path: "displayName", value: "Zoë D." };
      expectMember(await patchAndRead(target, personPath(target, 3), operation), "displayName", "Zoë D.");
    },
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-add-without-path": {
    title: "An add without a path gives each attribute of its value, and leaves the others.",
    run: async (target) => {
      const { userName, externalId } = target.cast.person(3);
      const value = { displayName: "Zoë D.", name: { familyName: "Curie" } };
      const found = await patchAndRead(target, personPath(target, 3), { op: "add", value });
      expectMember(found, "displayName", "Zoë D.");
      expectMember(found, "name.familyName", "Curie");
      expectMember(found, "userName", userName);
      expectMember(found, "externalId", externalId);
    },
    faults: ["a PATCH that says yes and does nothing", "an operation without a path that clears what it does not name"],
  },
  "patch-add-replaces-single-value": {
    title: "An add to a single-valued attribute that has a value replaces it.",
    run: async (target) => {
      const operation = { op: "add", path: "displayName", value: "Another" };
      expectMember(await patchAndRead(target, personPath(target, 1), operation), "displayName", "Another");
    },
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-add-part": {
    title: "An add to a part of a complex attribute leaves the other parts.",
    run: async (target) => {
      const operation = { op: "add", path: "name.givenName", value: "Augusta" };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "name.familyName", target.cast.person(1).familyName);
    },
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-add-complex": {
    title: "An add to a complex attribute sets the parts of its value and leaves the others.",
    run: async (target) => {
      const operation = { op: "add", path: "name", value: { familyName: "King" } };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "name.familyName", "King");
      expectMember(found, "name.givenName", target.cast.person(1).givenName);
    },
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-add-same-value-changes-nothing": {
    title: "An add of the value that is there already succeeds and does not move lastModified.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        const { displayName, givenName } = target.cast.person(1);
        const operations = [
          { op: "add", path: "displayName", value: displayName },
          { op: "add", path: "name.givenName", value: givenName },
        ];
        expectStatus(await target.patch(path, patchOf(...operations)), 200, 204);
      }),
    faults: ["a lastModified that every call moves"],
  },
  "patch-add-member": {
    title: "An add of a member leaves the members that are there.",
    run: async (target) => {
      const { memberIds } = target.cast.group(1);
      const { id } = target.cast.person(5);
      const found = await patchAndRead(target, groupPath(target, 1), {
        op: "add",
        path: "members",
        value: references(id),
      });
      expectSameSet(found, "the members", memberIdsOf(found), [...memberIds, id]);
    },
    faults: ["a PATCH that says yes and does nothing", "an add of members that replaces those who are there"],
  },
  "patch-add-members-without-path": {
    title: "An add of members without a path leaves the members that are there.",
    run: async (target) => {
      const { memberIds } = target.cast.group(1);
      const ids = [target.cast.person(3).id, target.cast.person(5).id];
      const value = { members: references(...ids) };
      const found = await patchAndRead(target, groupPath(target, 1), { op: "add", value });
      expectSameSet(found, "the members", memberIdsOf(found), [...memberIds, ...ids]);
    },
    faults: ["a PATCH that says yes and does nothing", "an add of members that replaces those who are there"],
  },
  "patch-add-member-once": {
    title: "A member who is added again is there once, and those added with them are there too.",
    run: async (target) => {
      const { memberIds } = target.cast.group(1);
      const ids = [target.cast.person(1).id, target.cast.person(5).id, target.cast.person(5).id];
      const operation = { op: "add", path: "members", value: references(...ids) };
      const found = await patchAndRead(target, groupPath(target, 1), operation);
      expectSameSet(found, "the members", memberIdsOf(found), [...memberIds, target.cast.person(5).id]);
    },
    faults: ["members who are there as often as they were added", "a PATCH that says yes and does nothing"],
  },
  "patch-add-known-member-changes-nothing": {
    title: "An add of members who are all there already succeeds and does not move lastModified.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const value = references(...target.cast.group(1).memberIds);
        expectStatus(await target.patch(path, patchOf({ op: "add", path: "members", value })), 200, 204);
      }),
    faults: ["a lastModified that every call moves", "members who are there as often as they were added"],
  },
  "patch-add-inactive-member": {
    title: "Somebody who is not active can be added to a group.",
    run: async (target) => {
      const { memberIds } = target.cast.group(1);
      const { id } = target.cast.person(4);
      const operation = { op: "add", path: "members", value: references(id) };
      const found = await patchAndRead(target, groupPath(target, 1), operation);
      expectSameSet(found, "the members", memberIdsOf(found), [...memberIds, id]);
    },
    faults: [
      "a 4xx for a member who is not active",
      "a PATCH that says yes and does nothing",
      "an add of members that replaces those who are there",
    ],
  },
  "patch-add-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "An add of a member that nobody is, is refused with a 4xx and adds nobody.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) => {
        const value = references(target.cast.person(5).id, nobodysId);
        const refused = await target.patch(path, patchOf({ op: "add", path: "members", value }));
        expectError(refused, [400, 404, 409]);
      }),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-add-without-value": {
    title: "An add without a value is 400 and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        expectError(await target.patch(path, patchOf({ op: "add", path: "displayName" })), 400);
        expectError(await target.patch(path, patchOf({ op: "add" })), 400);
      }),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-add-wrong-type": {
    clause: "RFC 7644 section 3.12",
    title: "An add of a value that the attribute cannot have is 400 invalidValue and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) => {
        for (const value of [{ name: "Ada" }, { displayName: { text: "Ada" } }, { active: "perhaps" }])
          expectError(await target.patch(path, patchOf({ op: "add", value })), 400, "invalidValue");
      }),
    faults: ["a PATCH that says yes to everything", "a refused PATCH without a scimType"],
  },
  "patch-add-extension": {
    title: "An add to the enterprise extension is kept where it is supported, and does no harm where it is not.",
    run: async (target) => {
      const { displayName } = target.cast.person(1);
      const operation = { op: "add", path: `${enterpriseSchema}:department`, value: "Tour" };
      const found = await patchAndRead(target, personPath(target, 1), operation);
      expectMember(found, "displayName", displayName);
    },
    faults: ["a 4xx for an extension"],
  },
});
