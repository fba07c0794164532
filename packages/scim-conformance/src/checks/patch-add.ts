import { check, checksOf, type Chapter } from "../check.ts";
import { add, enterpriseSchema, references, unknownId } from "../request-body.ts";
import { another, patchChangesNothing, patches, refusesPatch, unknownReference } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.1", needs: ["patch"] };

/** The operation "add". */
export const patchAddChecks = checksOf(chapter, {
  "patch-add-with-path": check("An add with a path gives an attribute its first value.")
    .run(patches("person 3", [add("displayName", "Zoë D.")], { displayName: "Zoë D." }))
    .faults("a PATCH that succeeds and does nothing"),
  "patch-add-without-path": check("An add without a path gives each attribute of its value, and leaves the others.")
    .run(
      patches(
        "person 3",
        [{ op: "add", value: { displayName: "Zoë D.", name: { familyName: "Curie" } } }],
        (target) => {
          const { userName, externalId } = target.person(3);
          return { displayName: "Zoë D.", "name.familyName": "Curie", userName, externalId };
        },
      ),
    )
    .faults("a PATCH that succeeds and does nothing", "an operation without a path that clears what it does not name"),
  "patch-add-replaces-single-value": check("An add to a single-valued attribute that has a value replaces it.")
    .run(patches("person 1", [add("displayName", "Another")], another))
    .faults("a PATCH that succeeds and does nothing"),
  "patch-add-part": check("An add to a part of a complex attribute leaves the other parts.")
    .run(
      patches("person 1", [add("name.givenName", "Augusta")], {
        "name.givenName": "Augusta",
        "name.familyName": "Bernoulli",
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "a part of a name that clears the other parts"),
  "patch-add-complex": check("An add to a complex attribute sets the parts of its value and leaves the others.")
    .run(
      patches("person 1", [add("name", { familyName: "King" })], {
        "name.familyName": "King",
        "name.givenName": "Ada",
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "a part of a name that clears the other parts"),
  "patch-add-same-value-changes-nothing": check("An add of the current value succeeds and does not move lastModified.")
    .run(patchChangesNothing("person 1", [add("displayName", "Ada Conformance"), add("name.givenName", "Ada")]))
    .faults("a lastModified that every request moves"),
  "patch-add-member": check("An add of a member leaves the members that are there.")
    .run(patches("group 1", (target) => [add("members", target.members(5))], { members: [1, 2, 5] }))
    .faults("a PATCH that succeeds and does nothing", "an add of members that replaces the others"),
  "patch-add-members-without-path": check("An add of members without a path leaves the members that are there.")
    .run(
      patches("group 1", (target) => [{ op: "add", value: { members: target.members(3, 5) } }], {
        members: [1, 2, 3, 5],
      }),
    )
    .faults("a PATCH that succeeds and does nothing", "an add of members that replaces the others"),
  "patch-add-member-once": check("A member who is added again is there once, and those added with them are there too.")
    .run(patches("group 1", (target) => [add("members", target.members(1, 5, 5))], { members: [1, 2, 5] }))
    .faults("members that are added twice", "a PATCH that succeeds and does nothing"),
  "patch-add-known-member-changes-nothing": check("An add of current members succeeds and does not move lastModified.")
    .run(patchChangesNothing("group 1", (target) => [add("members", target.members(1, 2))]))
    .faults("a lastModified that every request moves", "members that are added twice"),
  "patch-add-inactive-member": check("An inactive person can be added to a group.")
    .run(patches("group 1", (target) => [add("members", target.members(4))], { members: [1, 2, 4] }))
    .faults(
      "a 4xx for an inactive member",
      "a PATCH that succeeds and does nothing",
      "an add of members that replaces the others",
    ),
  "patch-add-unknown-member": check("An add of a member that does not exist is refused with a 4xx and adds no one.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPatch("group 1", unknownReference, (target) => [
        add("members", [...target.members(5), ...references(unknownId)]),
      ]),
    )
    .faults("a PATCH that is never refused"),
  "patch-add-without-value": check("An add without a value is 400 and changes nothing.")
    .run(refusesPatch("person 1", [400], [{ op: "add", path: "displayName" }], [{ op: "add" }]))
    .faults("a PATCH that is never refused"),
  "patch-add-wrong-type": check("An add of a value of a wrong type is 400 invalidValue and changes nothing.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPatch(
        "person 1",
        [400, "invalidValue"],
        ...[{ name: "Ada" }, { displayName: { text: "Ada" } }, { active: "perhaps" }].map((value) => [
          { op: "add", value },
        ]),
      ),
    )
    .faults("a PATCH that is never refused", "a refused PATCH without a scimType"),
  "patch-add-extension": check("An add to the enterprise extension is kept if supported, else ignored.")
    .run(patches("person 1", [add(`${enterpriseSchema}:department`, "Tour")], { displayName: "Ada Conformance" }))
    .faults("a 4xx for an extension"),
});
