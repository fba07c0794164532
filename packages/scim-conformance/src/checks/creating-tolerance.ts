import { expectMember, expectStatus, pathOf } from "../assertion.ts";
import { check, checksOf, type Chapter } from "../check.ts";
import { groupSchema, references, unknownId, unknownSchema, userSchema } from "../request-body.ts";
import type { FaultName } from "../testing/faults.ts";
import {
  createsGroup,
  expectListed,
  expectRead,
  noSuchMethod,
  refuses,
  refusesPost,
  refusesUnchanged,
  unknownReference,
} from "./write-kinds.ts";

const refusalFaults: readonly FaultName[] = ["a 200 for a refused POST", "a refused POST without a scimType"];

const chapter: Chapter = { clause: "RFC 7644 section 3.3" };

/** What a POST must accept and what it must refuse, with groups. */
export const creatingToleranceChecks = checksOf(chapter, {
  "create-ignores-unknown-attribute": check("An unknown attribute does not prevent a POST.")
    .run(async (target) => {
      const created = await target.createGroup({ shoeSize: 42, "shoe.size": { left: [42, null] } });
      expectMember(created, "displayName", `${target.label}-New`);
    })
    .faults("a 4xx for an unknown attribute"),
  "create-ignores-unknown-extension": check("An unknown extension does not prevent a POST.")
    .clause("RFC 7643 section 3.3")
    .run(
      createsGroup(
        { schemas: [groupSchema, unknownSchema], [unknownSchema]: { badge: "7", nested: { deep: [1, 2] } } },
        {},
      ),
    )
    .faults("a 4xx for an unknown extension"),
  "create-names-in-any-case": check("The names of attributes are read in any letter case.")
    .clause("RFC 7643 section 2.1")
    .run(async (target) => {
      const displayName = `${target.label}-New`;
      const body = { SCHEMAS: [groupSchema], DISPLAYNAME: displayName, externalid: "e-1" };
      const created = await target.post("/Groups", body);
      expectStatus(created, 201);
      await expectRead(target, pathOf(created), { displayName, externalId: "e-1" });
    })
    .faults("names that are read in one letter case only"),
  "create-schema-in-any-case": check("The URN of a schema is read in any letter case.")
    .clause("RFC 7644 section 3.10")
    .run(createsGroup({ schemas: [groupSchema.toUpperCase()] }, {}))
    .faults("URNs that are read in one letter case only"),
  "create-takes-application-json": check("A body of the type application/json is read as application/scim+json is.")
    .clause("RFC 7644 section 3.1")
    .run(async (target) => {
      const headers = { "content-type": "application/json; charset=utf-8", accept: "application/json" };
      expectStatus(await target.post("/Groups", target.newGroup(), headers), 201);
    })
    .faults("a 4xx for application/json"),
  "create-without-required": check("A POST without a required attribute is 400 invalidValue.")
    .clause("RFC 7644 section 3.12")
    .run(refusesPost("/Groups", [400, "invalidValue"], { schemas: [groupSchema], externalId: "e-1" }))
    .faults(...refusalFaults),
  "create-required-as-null": check("A required attribute that is null is missing: 400 invalidValue.")
    .clause("RFC 7643 section 2.5")
    .run(refusesPost("/Groups", [400, "invalidValue"], ({ newGroup }) => newGroup({ displayName: null })))
    .faults(...refusalFaults),
  "create-wrong-type": check("A value of a type that the attribute cannot have is 400 invalidValue.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPost("/Groups", [400, "invalidValue"], ({ newGroup, label }) =>
        newGroup({ displayName: { text: `${label}-New` } }),
      ),
    )
    .faults(...refusalFaults),
  "create-wrong-schema": check("A body whose schemas lack that of the resource type is 400.")
    .clause("RFC 7643 section 3")
    .run(refusesPost("/Groups", [400], ({ newGroup }) => newGroup({ schemas: [userSchema] })))
    .faults("a 200 for a refused POST"),
  "create-broken-json": check("A body that is not valid JSON is 400 invalidSyntax.")
    .clause("RFC 7644 section 3.12")
    .run(
      refuses([400, "invalidSyntax"], (target) =>
        target.post("/Groups", JSON.stringify(target.newGroup()).slice(0, -1)),
      ),
    )
    .faults(...refusalFaults),
  "create-no-object": check("A JSON body other than an object is 400 invalidSyntax.")
    .clause("RFC 7644 section 3.12")
    .run(refusesPost("/Groups", [400, "invalidSyntax"], ({ newGroup }) => [newGroup()], '"text"', "7", "null"))
    .faults(...refusalFaults),
  "create-without-body": check("A POST without a body is 400 invalidSyntax.")
    .clause("RFC 7644 section 3.12")
    .run(refuses([400, "invalidSyntax"], (target) => target.send({ method: "POST", path: "/Groups" })))
    .faults(...refusalFaults),
  "create-other-media-type": check("A body of a type other than JSON is 415, with a SCIM error.")
    .clause("RFC 9110 section 15.5.16")
    .run(
      refuses([415], (target) =>
        target.post("/Groups", JSON.stringify(target.newGroup()), { "content-type": "application/xml" }),
      ),
    )
    .faults("a 200 for a refused POST"),
  "create-unknown-member": check("A group with an unknown member is a 4xx, so that the client does not retry.")
    .clause("RFC 7644 section 3.12")
    .run(
      refusesPost("/Groups", unknownReference, ({ newGroup, members }) =>
        newGroup({ members: [...members(1), ...references(unknownId)] }),
      ),
    )
    .faults("a 200 for a refused POST"),
  "create-refused-makes-nothing": check("A POST that is refused has created nothing.")
    .run(async (target) => {
      const body = target.newGroup({ members: references(unknownId) });
      await refusesPost("/Groups", unknownReference, body)(target);
      await expectListed(target, "/Groups", `displayName eq "${target.label}-New"`, []);
    })
    .faults("a refused POST that has made the group without its members"),
  "create-at-a-resource": check("A POST to the address of a resource is refused and changes nothing.")
    .clause("RFC 7644 section 3.2")
    .run(refusesUnchanged("group 1", noSuchMethod, (target, path) => target.post(path, target.newGroup())))
    .faults("a POST to a group that is handled as a PUT"),
});
