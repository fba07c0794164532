import { expectError, expectSame, expectStatus, stringAt } from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
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

const refusalFaults: readonly FaultName[] = [
  "a PUT that is never refused",
  "a refused PUT without a scimType",
  "a refused PUT of a user that is half done",
];

const creationFaults: readonly FaultName[] = [
  "a PUT that is never refused",
  "a PUT that creates a resource",
  "a 400 for a PUT to an unknown id",
];

const chapter: Chapter = { clause: "RFC 7644 section 3.5.1" };

/** What a PUT must accept and what it must refuse. */
export const replacingRulesChecks = checksOf(chapter, {
  "replace-never-creates": check("A PUT to the address of no user is 404 and creates none.")
    .run(async (target) => {
      const userName = `${target.label}-9@${target.person(1).userName.replace(/^.*@/, "")}`;
      const body = target.personBody(1, { userName, externalId: `${target.label}-External-9` });
      expectError(await target.put(`/Users/${unknownId}`, body), 404);
      await expectListed(target, "/Users", `userName eq "${userName}"`, []);
    })
    .faults(...creationFaults),
  "replace-group-never-creates": check("A PUT to the address of no group is 404 and creates none.")
    .run(async (target) => {
      expectError(await target.put(`/Groups/${unknownId}`, target.newGroup()), 404);
      await expectListed(target, "/Groups", `displayName eq "${target.label}-New"`, []);
    })
    .faults(...creationFaults),
  "replace-without-required": check("A PUT without a required attribute is 400 and changes nothing.")
    .run(refusesPut("person 1", [400, "invalidValue"], { schemas: [userSchema], ...another }))
    .faults(...refusalFaults),
  "replace-wrong-type": check("A PUT with a value of a wrong type is 400 invalidValue and changes nothing.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPut("person 1", [400, "invalidValue"], (target) =>
        target.personBody(1, { ...another, active: { is: "false" } }),
      ),
    )
    .faults(...refusalFaults),
  "replace-wrong-schema": check("A PUT whose schemas lack that of the resource type is 400.")
    .clause("RFC 7643 section 3")
    .run(
      refuses([400], (target) => target.put(target.person(1).path, target.personBody(1, { schemas: [groupSchema] }))),
    )
    .faults("a PUT that is never refused"),
  "replace-broken-json": check("A PUT whose body is not valid JSON is 400 invalidSyntax and changes nothing.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesUnchanged("person 1", [400, "invalidSyntax"], (target, path) =>
        target.put(path, `${JSON.stringify(target.personBody(1))}}`),
      ),
    )
    .faults(...refusalFaults),
  "replace-takes-no-others-user-name": check("A PUT with another user's userName is 409 uniqueness, or 403.")
    .clause("RFC 7643 section 4.1.1")
    .run(refusesOthersName((userName) => userName))
    .faults("a PUT that is never refused", "a refused PUT of a user that is half done"),
  "replace-takes-no-others-user-name-in-other-case": check("Another user's userName is refused in any letter case.")
    .clause("RFC 7643 section 4.1.1")
    .run(refusesOthersName((userName) => userName.toUpperCase()))
    .faults("a PUT that is never refused", "a refused PUT of a user that is half done"),
  "replace-takes-own-user-name-in-other-case": check("A PUT may have the user's own userName in another case.")
    .clause("RFC 7643 section 4.1.1")
    .run(async (target) => {
      const userName = target.person(1).userName.toUpperCase();
      const replaced = await target.replacePerson(1, { userName });
      expectSame(replaced, "userName in any letter case", stringAt(replaced, "userName").toUpperCase(), userName);
    })
    .faults("a PUT that refuses the own userName in another letter case"),
  "replace-unknown-member": check("A PUT of a group with an unknown member is a 4xx and changes nothing.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPut("group 1", unknownReference, ({ groupBody, label, members }) =>
        groupBody({ displayName: `${label}-Renamed`, members: [...members(3), ...references(unknownId)] }),
      ),
    )
    .faults("a PUT that is never refused", "a refused PUT of a group that sets the known members"),
  "replace-ignores-unknown-attributes": check("Unknown attributes and extensions do not prevent a PUT.")
    .run(
      putShows(
        {
          schemas: [userSchema, enterpriseSchema, unknownSchema],
          [enterpriseSchema]: { department: "Tour" },
          [unknownSchema]: { badge: [7] },
          shoeSize: 42,
          ...another,
        },
        another,
      ),
    )
    .faults("a 4xx for a PUT with unknown attributes", "a PUT that succeeds and does nothing"),
  "replace-names-in-any-case": check("The names of attributes in a PUT are read in any letter case.")
    .clause("RFC 7643 section 2.1")
    .run(async (target) => {
      const { path, userName, externalId } = target.person(1);
      const more = { USERNAME: userName, ExternalID: externalId, NAME: { GIVENNAME: "Augusta" } };
      expectStatus(await target.put(path, { SCHEMAS: [userSchema], ...more }), 200);
      await expectRead(target, path, { "name.givenName": "Augusta", externalId });
    })
    .faults("a PUT whose names are case-sensitive", "a PUT that succeeds and does nothing"),
  "replace-shows-chosen-attributes": check("attributes chooses what the response to a PUT shows.")
    .clause("RFC 7644 section 3.9")
    .run(
      putShows(
        another,
        ({ person }) => ({ ...another, id: person(1).id, userName: undefined }),
        "?attributes=displayName",
      ),
    )
    .faults(
      "a PUT that is refused where attributes are chosen",
      "a PUT that shows everything whatever is asked for",
      "a PUT that succeeds and does nothing",
    ),
  "replace-hides-excluded-attributes": check("excludedAttributes removes attributes from the response to a PUT.")
    .clause("RFC 7644 section 3.9")
    .run(
      putShows(
        {},
        ({ person }) => ({ userName: person(1).userName, name: undefined }),
        "?excludedAttributes=name,emails",
      ),
    )
    .faults("a PUT that is refused where attributes are hidden", "a PUT that shows everything whatever is asked for"),
  "replace-endpoint-refused": check("A PUT to an endpoint instead of a resource is refused.")
    .clause("RFC 7644 section 3.2")
    .run(refuses(noSuchMethod, (target) => target.put("/Users", target.personBody(1))))
    .faults("a PUT of an endpoint"),
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
