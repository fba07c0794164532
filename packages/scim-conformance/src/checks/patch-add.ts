import { checksOf, type Chapter } from "../check.ts";
import { add, enterpriseSchema, references, unknownId } from "../request-body.ts";
import { another, patchChangesNothing, patches, refusesPatch, unknownReference } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.2.1", needs: "patch" };

/** The operation "add". */
export const patchAddChecks = checksOf(chapter, {
  "patch-add-with-path": {
    title: "An add with a path gives an attribute its first value.",
    run: patches("person 3", [add("displayName", "Zoë D.")], { displayName: "Zoë D." }),
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-add-without-path": {
    title: "An add without a path gives each attribute of its value, and leaves the others.",
    run: patches(
      "person 3",
      [{ op: "add", value: { displayName: "Zoë D.", name: { familyName: "Curie" } } }],
      (target) => {
        const { userName, externalId } = target.person(3);
        return { displayName: "Zoë D.", "name.familyName": "Curie", userName, externalId };
      },
    ),
    faults: ["a PATCH that says yes and does nothing", "an operation without a path that clears what it does not name"],
  },
  "patch-add-replaces-single-value": {
    title: "An add to a single-valued attribute that has a value replaces it.",
    run: patches("person 1", [add("displayName", "Another")], another),
    faults: ["a PATCH that says yes and does nothing"],
  },
  "patch-add-part": {
    title: "An add to a part of a complex attribute leaves the other parts.",
    run: patches("person 1", [add("name.givenName", "Augusta")], {
      "name.givenName": "Augusta",
      "name.familyName": "Bernoulli",
    }),
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-add-complex": {
    title: "An add to a complex attribute sets the parts of its value and leaves the others.",
    run: patches("person 1", [add("name", { familyName: "King" })], {
      "name.familyName": "King",
      "name.givenName": "Ada",
    }),
    faults: ["a PATCH that says yes and does nothing", "a part of a name that clears the other parts"],
  },
  "patch-add-same-value-changes-nothing": {
    title: "An add of the value that is there already succeeds and does not move lastModified.",
    run: patchChangesNothing("person 1", [add("displayName", "Ada Conformance"), add("name.givenName", "Ada")]),
    faults: ["a lastModified that every call moves"],
  },
  "patch-add-member": {
    title: "An add of a member leaves the members that are there.",
    run: patches("group 1", (target) => [add("members", target.members(5))], { members: [1, 2, 5] }),
    faults: ["a PATCH that says yes and does nothing", "an add of members that replaces those who are there"],
  },
  "patch-add-members-without-path": {
    title: "An add of members without a path leaves the members that are there.",
    run: patches("group 1", (target) => [{ op: "add", value: { members: target.members(3, 5) } }], {
      members: [1, 2, 3, 5],
    }),
    faults: ["a PATCH that says yes and does nothing", "an add of members that replaces those who are there"],
  },
  "patch-add-member-once": {
    title: "A member who is added again is there once, and those added with them are there too.",
    run: patches("group 1", (target) => [add("members", target.members(1, 5, 5))], { members: [1, 2, 5] }),
    faults: ["members who are there as often as they were added", "a PATCH that says yes and does nothing"],
  },
  "patch-add-known-member-changes-nothing": {
    title: "An add of members who are all there already succeeds and does not move lastModified.",
    run: patchChangesNothing("group 1", (target) => [add("members", target.members(1, 2))]),
    faults: ["a lastModified that every call moves", "members who are there as often as they were added"],
  },
  "patch-add-inactive-member": {
    title: "An inactive person can be added to a group.",
    run: patches("group 1", (target) => [add("members", target.members(4))], { members: [1, 2, 4] }),
    faults: [
      "a 4xx for a member who is not active",
      "a PATCH that says yes and does nothing",
      "an add of members that replaces those who are there",
    ],
  },
  "patch-add-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "An add of a member that does not exist is refused with a 4xx and adds nobody.",
    run: refusesPatch("group 1", unknownReference, (target) => [
      add("members", [...target.members(5), ...references(unknownId)]),
    ]),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-add-without-value": {
    title: "An add without a value is 400 and changes nothing.",
    run: refusesPatch("person 1", [400], [{ op: "add", path: "displayName" }], [{ op: "add" }]),
    faults: ["a PATCH that says yes to everything"],
  },
  "patch-add-wrong-type": {
    clause: "RFC 7644 section 3.12",
    title: "An add of a value that the attribute cannot have is 400 invalidValue and changes nothing.",
    run: refusesPatch(
      "person 1",
      [400, "invalidValue"],
      ...[{ name: "Ada" }, { displayName: { text: "Ada" } }, { active: "perhaps" }].map((value) => [
        { op: "add", value },
      ]),
    ),
    faults: ["a PATCH that says yes to everything", "a refused PATCH without a scimType"],
  },
  "patch-add-extension": {
    title: "An add to the enterprise extension is kept where it is supported, and ignored where it is not.",
    run: patches("person 1", [add(`${enterpriseSchema}:department`, "Tour")], { displayName: "Ada Conformance" }),
    faults: ["a 4xx for an extension"],
  },
});
