import { check, checksOf, type Chapter } from "../check.ts";
import { add, memberPath, remove, unknownId } from "../request-body.ts";
import { patchChangesNothing, patches, patchRefusalFaults, refusesPatch } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.2", needs: ["patch"] };

/** The operation "remove". */
export const patchRemoveChecks = checksOf(chapter, {
  "patch-remove-attribute": check("A remove of a single-valued attribute leaves it without a value, and no other.")
    .run(
      patches("person 1", [remove("displayName")], (target) => ({
        displayName: undefined,
        "name.givenName": "Ada",
        externalId: target.person(1).externalId,
      })),
    )
    .faults("a PATCH that succeeds and does nothing"),
  "patch-remove-part": check("A remove of a part of a complex attribute leaves the other parts.")
    .run(
      patches("person 1", [remove("name.familyName")], {
        "name.familyName": undefined,
        "name.givenName": "Ada",
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "a part that is removed together with the whole"),
  "patch-remove-complex": check("A remove of a complex attribute takes all its parts that a client can write.")
    .run(
      patches("person 1", [remove("name")], (target) => ({
        "name.familyName": undefined,
        "name.givenName": undefined,
        userName: target.person(1).userName,
      })),
    )
    .faults("a PATCH that succeeds and does nothing"),
  "patch-remove-member": check("A remove with a value filter takes the member that it selects, and no other.")
    .run(patches("group 1", (target) => [remove(memberPath(target.person(1)))], { members: [2] }))
    .faults("a PATCH that succeeds and does nothing", "a remove that ignores its filter"),
  "patch-remove-members-by-or": check("A value filter of a remove can select several members.")
    .run(
      patches(
        "group 1",
        (target) => [remove(`members[value eq "${target.person(1).id}" or value eq "${target.person(2).id}"]`)],
        { members: [] },
      ),
    )
    .faults("a PATCH that succeeds and does nothing", "a value filter that ends at its first term"),
  "patch-remove-members-by-not": check("A value filter of a remove can select all members but one.")
    .run(patches("group 1", (target) => [remove(`members[not (value eq "${target.person(2).id}")]`)], { members: [2] }))
    .faults("a PATCH that succeeds and does nothing", "a remove that ignores its filter"),
  "patch-remove-several-members": check("One PATCH can remove members and add others.")
    .run(
      patches(
        "group 1",
        (target) => [
          remove(memberPath(target.person(1))),
          remove(memberPath(target.person(2))),
          add("members", target.members(5)),
        ],
        { members: [5] },
      ),
    )
    .faults("a PATCH that succeeds and does nothing", "a PATCH whose first operation alone is done"),
  "patch-remove-all-members": check("A remove of a multi-valued attribute without a filter takes all its values.")
    .run(patches("group 1", [remove("members")], { members: [] }))
    .faults("a PATCH that succeeds and does nothing"),
  "patch-remove-nonmember": check("A remove of a person who is no member succeeds and changes nothing.")
    .run(
      patchChangesNothing("group 1", (target) => [remove(memberPath(target.person(5)))], [
        remove(`members[value eq "${unknownId}"]`),
      ]),
    )
    .faults(
      "a lastModified that every request moves",
      "a 4xx for a remove of a person who is no member",
      "a remove that ignores its filter",
    ),
  "patch-remove-without-path": check("A remove without a path is 400 noTarget and changes nothing.")
    .run(
      refusesPatch(
        "person 1",
        [400, "noTarget"],
        [{ op: "remove" }],
        [{ op: "remove", value: { displayName: "Ada Conformance" } }],
      ),
    )
    .faults(...patchRefusalFaults),
  "patch-remove-required": check("A remove of a required attribute is 400 mutability and changes nothing.")
    .run(refusesPatch("person 1", [400, "mutability"], [remove("userName")]))
    .faults(...patchRefusalFaults),
  "patch-remove-required-of-group": check("A group cannot be left without its displayName: 400 mutability.")
    .run(refusesPatch("group 1", [400, "mutability"], [remove("displayName")]))
    .faults(...patchRefusalFaults),
  "patch-remove-read-only": check("A remove of a read-only attribute is 400 mutability and changes nothing.")
    .run(refusesPatch("person 1", [400, "mutability"], [remove("id")]))
    .faults(...patchRefusalFaults),
  "patch-remove-then-add": check("A value that one operation removes can be given again by the next.")
    .run(
      patches("person 1", [remove("name.givenName"), add("name.givenName", "Augusta")], {
        "name.givenName": "Augusta",
        "name.familyName": "Bernoulli",
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "removals that are done after everything else"),
});
