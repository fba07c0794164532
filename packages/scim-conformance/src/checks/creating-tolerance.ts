import { expectError, expectMember, expectStatus } from "../assertion.ts";
import { checksOf, type Chapter } from "../check.ts";
import { expectListed, expectShown, membersOf, noSuchMethod, refusesPost, unknownReference } from "./write-kinds.ts";
import {
  createGroup,
  groupPath,
  groupSchema,
  newGroup,
  nobodysId,
  pathOf,
  read,
  references,
  staysAsItIs,
  strangeSchema,
  userSchema,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.3" };

/** What a POST must take and what it must refuse. Shown on groups. */
export const creatingToleranceChecks = checksOf(chapter, {
  "create-ignores-unknown-attribute": {
    title: "An attribute that the service does not know does not stop a POST.",
    run: async (target) => {
      const created = await createGroup(target, { shoeSize: 42, "shoe.size": { left: [42, null] } });
      expectMember(created, "displayName", `${target.cast.label}-New`);
    },
    faults: ["a 4xx for an unknown attribute"],
  },
  "create-ignores-unknown-extension": {
    clause: "RFC 7643 section 3.3",
    title: "An extension that the service does not know does not stop a POST.",
    run: async (target) => {
      const more = { schemas: [groupSchema, strangeSchema], [strangeSchema]: { badge: "7", nested: { deep: [1, 2] } } };
      expectStatus(await target.post("/Groups", newGroup(target, more)), 201);
    },
    faults: ["a 4xx for an unknown extension"],
  },
  "create-names-in-any-case": {
    clause: "RFC 7643 section 2.1",
    title: "The names of attributes are read in any letter case.",
    run: async (target) => {
      const displayName = `${target.cast.label}-New`;
      const created = await target.post("/Groups", {
        SCHEMAS: [groupSchema],
        DISPLAYNAME: displayName,
        externalid: "e-1",
      });
      expectStatus(created, 201);
      expectShown(target, await read(target, pathOf("/Groups", created)), { displayName, externalId: "e-1" });
    },
    faults: ["names that are read in one letter case only"],
  },
  "create-schema-in-any-case": {
    clause: "RFC 7644 section 3.10",
    title: "The URN of a schema is read in any letter case.",
    run: async (target) =>
      expectStatus(await target.post("/Groups", newGroup(target, { schemas: [groupSchema.toUpperCase()] })), 201),
    faults: ["URNs that are read in one letter case only"],
  },
  "create-takes-application-json": {
    clause: "RFC 7644 section 3.1",
    title: "A body of the type application/json is read as application/scim+json is.",
    run: async (target) => {
      const headers = { "content-type": "application/json; charset=utf-8", accept: "application/json" };
      expectStatus(await target.post("/Groups", newGroup(target), headers), 201);
    },
    faults: ["a 4xx for application/json"],
  },
  "create-without-required": {
    clause: "RFC 7644 section 3.12",
    title: "A POST without a required attribute is 400 invalidValue.",
    run: refusesPost("/Groups", [400, "invalidValue"], { schemas: [groupSchema], externalId: "e-1" }),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-required-as-null": {
    clause: "RFC 7643 section 2.5",
    title: "A required attribute that is null is missing: 400 invalidValue.",
    run: refusesPost("/Groups", [400, "invalidValue"], (target) => newGroup(target, { displayName: null })),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-wrong-type": {
    clause: "RFC 7644 section 3.12",
    title: "A value of a type that the attribute cannot have is 400 invalidValue.",
    run: refusesPost("/Groups", [400, "invalidValue"], (target) =>
      newGroup(target, { displayName: { text: `${target.cast.label}-New` } }),
    ),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-wrong-schema": {
    clause: "RFC 7643 section 3",
    title: "A body whose schemas lack the resource type's own is 400.",
    run: refusesPost("/Groups", [400], (target) => newGroup(target, { schemas: [userSchema] })),
    faults: ["a 200 for what cannot be created"],
  },
  "create-broken-json": {
    clause: "RFC 7644 section 3.12",
    title: "A body that is no JSON is 400 invalidSyntax.",
    run: async (target) => {
      const cutOff = JSON.stringify(newGroup(target)).slice(0, -1);
      expectError(await target.post("/Groups", cutOff), 400, "invalidSyntax");
    },
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-no-object": {
    clause: "RFC 7644 section 3.12",
    title: "A body that is JSON but no object is 400 invalidSyntax.",
    run: refusesPost("/Groups", [400, "invalidSyntax"], (target) => [newGroup(target)], '"text"', "7", "null"),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-without-body": {
    clause: "RFC 7644 section 3.12",
    title: "A POST without a body is 400 invalidSyntax.",
    run: async (target) => expectError(await target.send({ method: "POST", path: "/Groups" }), 400, "invalidSyntax"),
    faults: ["a 200 for what cannot be created", "a refused POST without a scimType"],
  },
  "create-other-media-type": {
    clause: "RFC 9110 section 15.5.16",
    title: "A body of a type that is no JSON is 415, with a SCIM error.",
    run: async (target) => {
      const text = JSON.stringify(newGroup(target));
      expectError(await target.post("/Groups", text, { "content-type": "application/xml" }), 415);
    },
    faults: ["a 200 for what cannot be created"],
  },
  "create-unknown-member": {
    clause: "RFC 7644 section 3.12",
    title: "A group with a member that nobody is, is refused with a 4xx, so that the client tries no more.",
    run: refusesPost("/Groups", unknownReference, (target) =>
      newGroup(target, { members: [...membersOf(target, 1), ...references(nobodysId)] }),
    ),
    faults: ["a 200 for what cannot be created"],
  },
  "create-refused-makes-nothing": {
    title: "A POST that is refused has created nothing.",
    run: async (target) => {
      const body = newGroup(target, { members: references(nobodysId) });
      await refusesPost("/Groups", unknownReference, body)(target);
      await expectListed(target, "/Groups", `displayName eq "${target.cast.label}-New"`, []);
    },
    faults: ["a refused POST that has made the group without its members"],
  },
  "create-at-a-resource": {
    clause: "RFC 7644 section 3.2",
    title: "A POST to the address of a resource is refused and changes nothing.",
    run: (target) =>
      staysAsItIs(target, groupPath(target, 1), async (path) =>
        expectError(await target.post(path, newGroup(target)), ...noSuchMethod),
      ),
    faults: ["a POST to a group that is taken for a PUT"],
  },
});
