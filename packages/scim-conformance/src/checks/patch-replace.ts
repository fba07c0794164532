import { check, checksOf, type Chapter } from "../check.ts";
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

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.3", needs: ["patch"] };

/** The operation "replace". */
export const patchReplaceChecks = checksOf(chapter, {
  "patch-replace-with-path": check("A replace with a path gives the attribute another value.")
    .run(patches("person 1", [rename], another))
    .faults("a PATCH that succeeds and does nothing"),
  "patch-replace-without-path": check("A replace without a path sets the attributes of its value and no other.")
    .run(
      patches(
        "person 1",
        [{ op: "replace", value: { displayName: "Another", name: { givenName: "Augusta" } } }],
        (target) => {
          const { externalId, userName } = target.person(1);
          return { displayName: "Another", "name.givenName": "Augusta", externalId, userName };
        },
      ),
    )
    .faults("a PATCH that succeeds and does nothing", "an operation without a path that clears what it does not name"),
  "patch-replace-part": check("A replace of a part of a complex attribute leaves the other parts.")
    .run(
      patches("person 1", [replace("name.familyName", "King")], {
        "name.familyName": "King",
        "name.givenName": "Ada",
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "a part of a name that clears the other parts"),
  "patch-replace-complex": check("A replace of a complex attribute sets the parts of its value and leaves the others.")
    .run(
      patches("person 1", [replace("name", { givenName: "Augusta" })], {
        "name.givenName": "Augusta",
        "name.familyName": "Bernoulli",
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "a part of a name that clears the other parts"),
  "patch-replace-without-value-adds": check("A replace of an attribute that has no value is an add.")
    .run(patches("person 3", [replace("displayName", "Zoë D.")], { displayName: "Zoë D." }))
    .faults("a PATCH that succeeds and does nothing", "a 4xx for a replace of an attribute without a value"),
  "patch-replace-active": check("A replace of active deactivates a user, who can still be read, and reactivates them.")
    .run(async (target) => {
      for (const active of [false, true]) await patches("person 1", [replace("active", active)], { active })(target);
    })
    .faults("a PATCH that succeeds and does nothing", "an active that stays as it is"),
  "patch-replace-active-without-path": check("A replace without a path whose value holds active deactivates a user.")
    .run(
      patches("person 1", [{ op: "replace", value: { active: false } }], {
        active: false,
        displayName: "Ada Conformance",
      }),
    )
    .faults(
      "a PATCH that succeeds and does nothing",
      "an operation without a path that clears what it does not name",
      "an active that stays as it is",
    ),
  "patch-replace-same-value-changes-nothing": check("A replace by the current value succeeds and changes nothing.")
    .clause("RFC 7644 section 3.5.2")
    .run(
      patchChangesNothing("person 1", [
        replace("displayName", "Ada Conformance"),
        { op: "replace", value: { active: true } },
      ]),
    )
    .faults("a lastModified that every request moves"),
  "patch-replace-null-clears": check("A replace by null leaves the attribute without a value.")
    .clause("RFC 7643 section 2.5")
    .run(patches("person 1", [replace("displayName", null)], { displayName: undefined }))
    .faults("a PATCH that succeeds and does nothing", "a null that is ignored"),
  "patch-replace-members": check("A replace of members leaves those that its value names, and no other.")
    .run(patches("group 1", (target) => [replace("members", target.members(2, 5))], { members: [2, 5] }))
    .faults("a PATCH that succeeds and does nothing", "a replace of members that adds them"),
  "patch-replace-members-by-none": check("A replace of members by an empty array leaves none.")
    .clause("RFC 7643 section 2.5")
    .run(patches("group 1", [replace("members", [])], { members: [] }))
    .faults("a PATCH that succeeds and does nothing", "a replace of members that adds them"),
  "patch-replace-group-name": check("A replace without a path renames a group and leaves its members.")
    .run(async (target) => {
      const { id } = target.group(1);
      const displayName = `${target.label}-Renamed`;
      await patches("group 1", [{ op: "replace", value: { id, displayName } }], { displayName, members: [1, 2] })(
        target,
      );
    })
    .faults("a PATCH that succeeds and does nothing", "a new name for a group that drops its members"),
  "patch-replace-unmatched-filter": check("A replace whose value filter selects nothing is 400 noTarget.")
    .run(
      refusesPatch("group 1", [400, "noTarget"], [replace(`members[value eq "${unknownId}"]`, { value: unknownId })]),
    )
    .faults(...patchRefusalFaults),
  "patch-replace-immutable": check("A replace of the value of a member, which is immutable, is 400 mutability.")
    .clause("RFC 7643 section 4.2")
    .run(
      refusesPatch("group 1", [400, "mutability"], (target) => [
        replace(`${memberPath(target.person(1))}.value`, target.person(5).id),
      ]),
    )
    .faults(...patchRefusalFaults),
  "patch-replace-unknown-member": check("A replace of members by an unknown one is a 4xx and changes nothing.")
    .clause("RFC 7644 section 3.12")
    .run(refusesPatch("group 1", unknownReference, [replace("members", references(unknownId))]))
    .faults("a PATCH that is never refused"),
  "patch-replace-takes-no-others-user-name": check("A PATCH to another user's userName is 409 uniqueness, or 403.")
    .clause("RFC 7643 section 4.1.1")
    .run(
      refusesUserName((target, path) =>
        target.patch(path, patchOf(replace("userName", target.person(2).userName.toUpperCase()))),
      ),
    )
    .faults("a PATCH that is never refused"),
  "patch-replace-without-value": check("A replace without a value is 400 and changes nothing.")
    .run(refusesPatch("person 1", [400], [{ op: "replace", path: "displayName" }]))
    .faults("a PATCH that is never refused"),
});
