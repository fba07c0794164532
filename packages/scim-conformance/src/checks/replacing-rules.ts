import { expectError, expectMember, expectSame, expectStatus } from "../assertion.ts";
import { at } from "../json.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import { expectListed, membersOf, noSuchMethod, putShows, refusesPut, unknownReference } from "./write-kinds.ts";
import type { FaultName } from "../testing/faults.ts";
import {
  bodyOfGroup,
  bodyOfPerson,
  enterpriseSchema,
  groupSchema,
  nobodysId,
  personPath,
  read,
  references,
  staysAsItIs,
  strangeSchema,
  userSchema,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.1" };

const refusalFaults: readonly FaultName[] = [
  "a PUT that says yes to everything",
  "a refused PUT without a scimType",
  "a refused PUT of a user that has done its half",
];

/** What a PUT must take and what it must refuse. */
export const replacingRulesChecks = checksOf(chapter, {
  "replace-never-creates": {
    title: "A PUT to the address of no user is 404 and creates nobody.",
    run: async (target) => {
      const userName = `${target.cast.label}-9@${target.cast.person(1).userName.replace(/^.*@/, "")}`;
      const body = bodyOfPerson(target, 1, { userName, externalId: `${target.cast.label}-External-9` });
      expectError(await target.put(`/Users/${nobodysId}`, body), 404);
      await expectListed(target, "/Users", `userName eq "${userName}"`, []);
    },
    faults: [
      "a PUT that says yes to everything",
      "a PUT that creates what is not there",
      "a 400 for a PUT to nobody's address",
    ],
  },
  "replace-group-never-creates": {
    title: "A PUT to the address of no group is 404 and creates none.",
    run: async (target) => {
      const displayName = `${target.cast.label}-New`;
      expectError(await target.put(`/Groups/${nobodysId}`, { schemas: [groupSchema], displayName }), 404);
      await expectListed(target, "/Groups", `displayName eq "${displayName}"`, []);
    },
    faults: [
      "a PUT that says yes to everything",
      "a PUT that creates what is not there",
      "a 400 for a PUT to nobody's address",
    ],
  },
  "replace-without-required": {
    title: "A PUT without a required attribute is 400 and changes nothing.",
    run: refusesPut("person 1", [400, "invalidValue"], { schemas: [userSchema], displayName: "Another" }),
    faults: refusalFaults,
  },
  "replace-wrong-type": {
    clause: "RFC 7644 section 3.12",
    title: "A PUT with a value of a wrong type is 400 invalidValue and changes nothing.",
    run: refusesPut("person 1", [400, "invalidValue"], (target) =>
      bodyOfPerson(target, 1, { displayName: "Another", active: { is: "false" } }),
    ),
    faults: refusalFaults,
  },
  "replace-wrong-schema": {
    clause: "RFC 7643 section 3",
    title: "A PUT whose schemas lack the resource type's own is 400.",
    run: async (target) =>
      expectError(await target.put(personPath(target, 1), bodyOfPerson(target, 1, { schemas: [groupSchema] })), 400),
    faults: ["a PUT that says yes to everything"],
  },
  "replace-broken-json": {
    clause: "RFC 7644 section 3.12",
    title: "A PUT whose body is no JSON is 400 invalidSyntax and changes nothing.",
    run: (target) =>
      staysAsItIs(target, personPath(target, 1), async (path) =>
        expectError(await target.put(path, `${JSON.stringify(bodyOfPerson(target, 1))}}`), 400, "invalidSyntax"),
      ),
    faults: refusalFaults,
  },
  "replace-takes-no-others-user-name": {
    clause: "RFC 7643 section 4.1.1",
    title: "A PUT cannot give a user the userName of somebody else: 409 uniqueness, or 403 where names do not change.",
    run: takesNoOthersName((userName) => userName),
    faults: ["a PUT that says yes to everything", "a refused PUT of a user that has done its half"],
  },
  "replace-takes-no-others-user-name-in-other-case": {
    clause: "RFC 7643 section 4.1.1",
    title: "A PUT cannot give a user the userName of somebody else in another letter case either.",
    run: takesNoOthersName((userName) => userName.toUpperCase()),
    faults: ["a PUT that says yes to everything", "a refused PUT of a user that has done its half"],
  },
  "replace-takes-own-user-name-in-other-case": {
    clause: "RFC 7643 section 4.1.1",
    title: "A user's own userName can be sent in another letter case: it is the same name.",
    run: async (target) => {
      const userName = target.cast.person(1).userName.toUpperCase();
      const replaced = await target.put(personPath(target, 1), bodyOfPerson(target, 1, { userName }));
      expectStatus(replaced, 200);
      const shown = at(replaced.body, "userName");
      expectSame(replaced, "userName in any letter case", String(shown).toUpperCase(), userName);
    },
    faults: ["a PUT that takes a user's own name in another letter case for somebody else's"],
  },
  "replace-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "A PUT of a group with a member that nobody is, is refused with a 4xx and changes nothing.",
    run: refusesPut("group 1", unknownReference, (target) =>
      bodyOfGroup(target, {
        displayName: `${target.cast.label}-Renamed`,
        members: [...membersOf(target, 3), ...references(nobodysId)],
      }),
    ),
    faults: ["a PUT that says yes to everything", "a refused PUT of a group that has set the members it knows"],
  },
  "replace-ignores-unknown-attributes": {
    title: "Unknown attributes and extensions do not stop a PUT.",
    run: putShows(
      {
        schemas: [userSchema, enterpriseSchema, strangeSchema],
        [enterpriseSchema]: { department: "Tour" },
        [strangeSchema]: { badge: [7] },
        shoeSize: 42,
        displayName: "Another",
      },
      { displayName: "Another" },
    ),
    faults: ["a 4xx for a PUT with unknown attributes", "a PUT that says yes and does nothing"],
  },
  "replace-names-in-any-case": {
    clause: "RFC 7643 section 2.1",
    title: "The names of attributes in a PUT are read in any letter case.",
    run: async (target) => {
      const { userName, externalId } = target.cast.person(1);
      const body = {
        SCHEMAS: [userSchema],
        USERNAME: userName,
        ExternalID: externalId,
        NAME: { GIVENNAME: "Augusta" },
      };
      expectStatus(await target.put(personPath(target, 1), body), 200);
      const found = await read(target, personPath(target, 1));
      expectMember(found, "name.givenName", "Augusta");
      expectMember(found, "externalId", externalId);
    },
    faults: ["a PUT that knows names in one letter case only", "a PUT that says yes and does nothing"],
  },
  "replace-shows-chosen-attributes": {
    clause: "RFC 7644 section 3.9",
    title: "The parameter attributes chooses what the answer to a PUT shows.",
    run: putShows(
      { displayName: "Another" },
      ({ cast }) => ({ displayName: "Another", id: cast.person(1).id, userName: undefined }),
      "?attributes=displayName",
    ),
    faults: [
      "a PUT that is refused where attributes are chosen",
      "a PUT that shows everything whatever is asked for",
      "a PUT that says yes and does nothing",
    ],
  },
  "replace-hides-excluded-attributes": {
    clause: "RFC 7644 section 3.9",
    title: "The parameter excludedAttributes hides what the answer to a PUT would show.",
    run: putShows(
      {},
      ({ cast }) => ({ userName: cast.person(1).userName, name: undefined }),
      "?excludedAttributes=name,emails",
    ),
    faults: ["a PUT that is refused where attributes are hidden", "a PUT that shows everything whatever is asked for"],
  },
  "replace-endpoint-refused": {
    clause: "RFC 7644 section 3.2",
    title: "A PUT to an endpoint, and not to a resource, is refused.",
    run: async (target) => expectError(await target.put("/Users", bodyOfPerson(target, 1)), ...noSuchMethod),
    faults: ["a PUT of an endpoint"],
  },
});

/** Another person's userName is a conflict, unless the service lets nobody have another userName at all. */
function takesNoOthersName(write: (userName: string) => string): Check["run"] {
  return (target) =>
    staysAsItIs(target, personPath(target, 1), async (path) => {
      const userName = write(target.cast.person(2).userName);
      const response = await target.put(path, bodyOfPerson(target, 1, { userName }));
      expectError(response, [409, 403], response.status === 409 ? "uniqueness" : undefined);
    });
}
