import { expectError, expectSame, expectStatus, stringAt } from "../assertion.ts";
import { checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { enterpriseSchema, groupSchema, references, unknownId, unknownSchema, userSchema } from "../request-body.ts";
import type { Target } from "../target.ts";
import type { FaultName } from "../testing/faults.ts";
import {
  another,
  expectListed,
  expectRead,
  leavesUnchanged,
  noSuchMethod,
  putShows,
  refuses,
  refusesPut,
  refusesUnchanged,
  unknownReference,
} from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.5.1" };

const refusalFaults: readonly FaultName[] = [
  "a PUT that says yes to everything",
  "a refused PUT without a scimType",
  "a refused PUT of a user that has done its half",
];

const creationFaults: readonly FaultName[] = [
  "a PUT that says yes to everything",
  "a PUT that creates what is not there",
  "a 400 for a PUT to nobody's address",
];

/** What a PUT must accept and what it must refuse. */
export const replacingRulesChecks = checksOf(chapter, {
  "replace-never-creates": {
    title: "A PUT to the address of no user is 404 and creates none.",
    run: async (target) => {
      const userName = `${target.label}-9@${target.person(1).userName.replace(/^.*@/, "")}`;
      const body = target.personBody(1, { userName, externalId: `${target.label}-External-9` });
      expectError(await target.put(`/Users/${unknownId}`, body), 404);
      await expectListed(target, "/Users", `userName eq "${userName}"`, []);
    },
    faults: creationFaults,
  },
  "replace-group-never-creates": {
    title: "A PUT to the address of no group is 404 and creates none.",
    run: async (target) => {
      expectError(await target.put(`/Groups/${unknownId}`, target.newGroup()), 404);
      await expectListed(target, "/Groups", `displayName eq "${target.label}-New"`, []);
    },
    faults: creationFaults,
  },
  "replace-without-required": {
    title: "A PUT without a required attribute is 400 and changes nothing.",
    run: refusesPut("person 1", [400, "invalidValue"], { schemas: [userSchema], ...another }),
    faults: refusalFaults,
  },
  "replace-wrong-type": {
    clause: "RFC 7644 section 3.12",
    title: "A PUT with a value of a wrong type is 400 invalidValue and changes nothing.",
    run: refusesPut("person 1", [400, "invalidValue"], (target) =>
      target.personBody(1, { ...another, active: { is: "false" } }),
    ),
    faults: refusalFaults,
  },
  "replace-wrong-schema": {
    clause: "RFC 7643 section 3",
    title: "A PUT whose schemas lack that of the resource type is 400.",
    run: refuses([400], (target) =>
      target.put(target.person(1).path, target.personBody(1, { schemas: [groupSchema] })),
    ),
    faults: ["a PUT that says yes to everything"],
  },
  "replace-broken-json": {
    clause: "RFC 7644 section 3.12",
    title: "A PUT whose body is not valid JSON is 400 invalidSyntax and changes nothing.",
    run: refusesUnchanged("person 1", [400, "invalidSyntax"], (target, path) =>
      target.put(path, `${JSON.stringify(target.personBody(1))}}`),
    ),
    faults: refusalFaults,
  },
  "replace-takes-no-others-user-name": {
    clause: "RFC 7643 section 4.1.1",
    title: "A PUT cannot give a user another user's userName: 409 uniqueness, or 403 where names cannot change.",
    run: refusesOthersName((userName) => userName),
    faults: ["a PUT that says yes to everything", "a refused PUT of a user that has done its half"],
  },
  "replace-takes-no-others-user-name-in-other-case": {
    clause: "RFC 7643 section 4.1.1",
    title: "A PUT cannot give a user another user's userName in another letter case either.",
    run: refusesOthersName((userName) => userName.toUpperCase()),
    faults: ["a PUT that says yes to everything", "a refused PUT of a user that has done its half"],
  },
  "replace-takes-own-user-name-in-other-case": {
    clause: "RFC 7643 section 4.1.1",
    title: "A user's own userName can be sent in another letter case: it is the same name.",
    run: async (target) => {
      const userName = target.person(1).userName.toUpperCase();
      const replaced = await target.replacePerson(1, { userName });
      expectSame(replaced, "userName in any letter case", stringAt(replaced, "userName").toUpperCase(), userName);
    },
    faults: ["a PUT that takes a user's own name in another letter case for somebody else's"],
  },
  "replace-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "A PUT of a group with a member that does not exist is refused with a 4xx and changes nothing.",
    run: refusesPut("group 1", unknownReference, ({ groupBody, label, members }) =>
      groupBody({ displayName: `${label}-Renamed`, members: [...members(3), ...references(unknownId)] }),
    ),
    faults: ["a PUT that says yes to everything", "a refused PUT of a group that has set the members it knows"],
  },
  "replace-ignores-unknown-attributes": {
    title: "Unknown attributes and extensions do not prevent a PUT.",
    run: putShows(
      {
        schemas: [userSchema, enterpriseSchema, unknownSchema],
        [enterpriseSchema]: { department: "Tour" },
        [unknownSchema]: { badge: [7] },
        shoeSize: 42,
        ...another,
      },
      another,
    ),
    faults: ["a 4xx for a PUT with unknown attributes", "a PUT that says yes and does nothing"],
  },
  "replace-names-in-any-case": {
    clause: "RFC 7643 section 2.1",
    title: "The names of attributes in a PUT are read in any letter case.",
    run: async (target) => {
      const { path, userName, externalId } = target.person(1);
      const more = { USERNAME: userName, ExternalID: externalId, NAME: { GIVENNAME: "Augusta" } };
      expectStatus(await target.put(path, { SCHEMAS: [userSchema], ...more }), 200);
      await expectRead(target, path, { "name.givenName": "Augusta", externalId });
    },
    faults: ["a PUT that knows names in one letter case only", "a PUT that says yes and does nothing"],
  },
  "replace-shows-chosen-attributes": {
    clause: "RFC 7644 section 3.9",
    title: "The parameter attributes chooses what the response to a PUT shows.",
    run: putShows(
      another,
      ({ person }) => ({ ...another, id: person(1).id, userName: undefined }),
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
    title: "The parameter excludedAttributes removes attributes from the response to a PUT.",
    run: putShows(
      {},
      ({ person }) => ({ userName: person(1).userName, name: undefined }),
      "?excludedAttributes=name,emails",
    ),
    faults: ["a PUT that is refused where attributes are hidden", "a PUT that shows everything whatever is asked for"],
  },
  "replace-endpoint-refused": {
    clause: "RFC 7644 section 3.2",
    title: "A PUT to an endpoint instead of a resource is refused.",
    run: refuses(noSuchMethod, (target) => target.put("/Users", target.personBody(1))),
    faults: ["a PUT of an endpoint"],
  },
});

function refusesOthersName(write: (userName: string) => string): Check["run"] {
  return refusesUserName((target, path) =>
    target.put(path, target.personBody(1, { userName: write(target.person(2).userName) })),
  );
}

/** Expects that person 1 cannot get the userName of person 2: 409 uniqueness, or 403 from a service that renames no user. */
export function refusesUserName(request: (target: Target, path: string) => Promise<ScimResponse>): Check["run"] {
  return leavesUnchanged("person 1", async (target, path) => {
    const response = await request(target, path);
    expectError(response, [409, 403], response.status === 409 ? "uniqueness" : undefined);
  });
}
