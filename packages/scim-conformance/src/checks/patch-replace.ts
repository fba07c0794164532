import { checksOf, type Chapter } from "../check.ts";
import { memberPath, patchOf, references, replace, unknownId } from "../request-body.ts";
import { refusesUserName } from "./replacing-rules.ts";
import {
  another,
  patchChangesNothing,
  patches,
  patchRefusalFaults,
  refusesPatch,
  rename,
  unknownReference,
} from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.3", needs: "patch" };

/** The operation "replace". */
export const patchReplaceChecks = checksOf(chapter, {
  "patch-replace-with-path": {
    title: "A replace with a path gives the attribute another value.",
    run: patches("person 1", [rename], another),
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-replace-without-path": {
    title: "A replace without a path sets each attribute of its value, and leaves the others.",
    run: patches(
      "person 1",
      [{ op: "replace", value: { displayName: "Another", name: { givenName: "Augusta" } } }],
      (target) => {
        const { externalId, userName } = target.person(1);
        return { displayName: "Another", "name.givenName": "Augusta", externalId, userName };
      },
    ),
    faults: ["a PATCH that says yes and does nothing", "an operation without a path that clears what it does not name"],
  },
  "patch-replace-part": {
    title: "A replace of a part of a complex attribute leaves the other parts.",
    run: patches("person 1", [replace("name.familyName", "King")], {
      "name.familyName": "King",
      "name.givenName": "Ada",
    }),
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-replace-complex": {
    title: "A replace of a complex attribute sets the parts of its value and leaves the others.",
    run: patches("person 1", [replace("name", { givenName: "Augusta" })], {
      "name.givenName": "Augusta",
      "name.familyName": "Bernoulli",
    }),
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-replace-without-value-adds": {
    title: "A replace of an attribute that has no value is an add.",
    run: patches("person 3", [replace("displayName", "Zoë D.")], { displayName: "Zoë D." }),
    faults: ["a PATCH that says yes and does nothing", "a 4xx for a replace of what has no value"],
  },
  "patch-replace-active": {
    title: "A replace of active deactivates a user, who can still be read, and reactivates them.",
    run: async (target) => {
      for (const active of [false, true]) await patches("person 1", [replace("active", active)], { active })(target);
    },
    faults: ["a PATCH that says yes and does nothing", "an active that stays as it is"],
  },
  "patch-replace-active-without-path": {
    title: "A replace without a path whose value holds active deactivates a user.",
    run: patches("person 1", [{ op: "replace", value: { active: false } }], {
      active: false,
      displayName: "Ada Conformance",
    }),
    faults: [
      "a PATCH that says yes and does nothing",
      "an operation without a path that clears what it does not name",
      "an active that stays as it is",
    ],
  },
  "patch-replace-same-value-changes-nothing": {
    clause: "RFC 7644 section 3.5.2",
    title: "A replace by the value that is there already succeeds and changes nothing.",
    run: patchChangesNothing("person 1", [
      replace("displayName", "Ada Conformance"),
      { op: "replace", value: { active: true } },
    ]),
    faults: ["a lastModified that every call moves"],
  },
  "patch-replace-null-clears": {
    clause: "RFC 7643 section 2.5",
    title: "A replace by null leaves the attribute without a value.",
    run: patches("person 1", [replace("displayName", null)], { displayName: undefined }),
    faults: ["a PATCH that says yes and does nothing", "a null that is taken for no operation"],
  },
  "patch-replace-members": {
    title: "A replace of members leaves those that its value names, and no other.",
    run: patches("group 1", (target) => [replace("members", target.members(2, 5))], { members: [2, 5] }),
    faults: ["a PATCH that says yes and does nothing", "a replace of members that adds them"],
  },
  "patch-replace-members-by-none": {
    clause: "RFC 7643 section 2.5",
    title: "A replace of members by an empty array leaves none.",
    run: patches("group 1", [replace("members", [])], { members: [] }),
    faults: ["a PATCH that says yes and does nothing", "a replace of members that adds them"],
  },
  "patch-replace-group-name": {
    title: "A replace without a path renames a group and leaves its members.",
    run: async (target) => {
      const { id } = target.group(1);
      const displayName = `${target.label}-Renamed`;
      await patches("group 1", [{ op: "replace", value: { id, displayName } }], { displayName, members: [1, 2] })(
        target,
      );
    },
    faults: ["a PATCH that says yes and does nothing", "a new name for a group that drops its members"],
  },
  "patch-replace-unmatched-filter": {
    title: "A replace whose value filter selects nothing is 400 noTarget and changes nothing.",
    run: refusesPatch(
      "group 1",
      [400, "noTarget"],
      [replace(`members[value eq "${unknownId}"]`, { value: unknownId })],
    ),
    faults: patchRefusalFaults,
  },
  "patch-replace-immutable": {
    clause: "RFC 7643 section 4.2",
    title: "The value of a member is immutable: a replace of it is 400 mutability and changes nothing.",
    run: refusesPatch("group 1", [400, "mutability"], (target) => [
      replace(`${memberPath(target.person(1))}.value`, target.person(5).id),
    ]),
    faults: patchRefusalFaults,
  },
  "patch-replace-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "A replace of members by a person who does not exist is refused with a 4xx and changes nothing.",
    run: refusesPatch("group 1", unknownReference, [replace("members", references(unknownId))]),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-replace-takes-no-others-user-name": {
    clause: "RFC 7643 section 4.1.1",
    title: "A PATCH cannot give a user another user's userName: 409 uniqueness, or 403 where names cannot change.",
    run: refusesUserName((target, path) =>
      target.patch(path, patchOf(replace("userName", target.person(2).userName.toUpperCase()))),
    ),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-replace-without-value": {
    title: "A replace without a value is 400 and changes nothing.",
    run: refusesPatch("person 1", [400], [{ op: "replace", path: "displayName" }]),
    faults: ["a PATCH that says yes to everything"],
  },
});
