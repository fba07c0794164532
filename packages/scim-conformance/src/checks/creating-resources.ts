import {
  expectHeader,
  expectMember,
  expectSame,
  expectSameSet,
  expectStatus,
  expectThat,
  stringAt,
} from "../assertion.ts";
import { at, isObject } from "../json.ts";
import { checksOf, type Chapter } from "../check.ts";
import { createsGroup, expectListed, membersOf } from "./write-kinds.ts";
import {
  createGroup,
  expectScimJson,
  groupSchema,
  memberIdsOf,
  newGroup,
  nobodysId,
  pathOf,
  read,
  references,
} from "./written-resource.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.3" };

/** The response to a POST and what it keeps. Checked with groups, which may be created and deleted freely. */
export const creatingResourcesChecks = checksOf(chapter, {
  "create-is-201": {
    title: "A POST that creates a resource is 201.",
    run: async (target) => expectStatus(await target.post("/Groups", newGroup(target)), 201),
    faults: ["a 200 for a POST"],
  },
  "create-location-header": {
    title: "The answer to a POST has the URI of the new resource in Location, the same as in meta.location.",
    run: async (target) => {
      const created = await createGroup(target);
      expectHeader(created, "location", stringAt(created, "meta.location"));
    },
    faults: ["no Location after a POST", "a Location of the endpoint and not of the resource"],
  },
  "create-location-names-the-resource": {
    clause: "RFC 7643 section 3.1",
    title: "The URI of a new resource ends with its endpoint and its id.",
    run: async (target) => {
      const created = await createGroup(target);
      const location = stringAt(created, "meta.location");
      const isNamed = location.endsWith(pathOf("/Groups", created)) && /^https?:\/\//.test(location);
      expectThat(created, isNamed, `should have a meta.location that ends with /Groups/{id}, not ${location}`);
    },
    faults: ["a meta.location without the id"],
  },
  "create-answers-scim-json": {
    clause: "RFC 7644 section 8.1",
    title: "The answer to a POST has the media type application/scim+json.",
    run: async (target) => expectScimJson(await createGroup(target)),
    faults: ["a POST that is answered with text/json"],
  },
  "create-answers-the-resource": {
    title: "The answer to a POST is the resource as a GET then reads it.",
    run: async (target) => {
      const created = await createGroup(target, { members: references(target.cast.person(1).id) });
      const found = await read(target, pathOf("/Groups", created));
      expectSame(found, "the resource that the POST answered", found.body, created.body);
    },
    faults: ["a POST that leaves the members out of its answer"],
  },
  "create-names-schema": {
    clause: "RFC 7643 section 3",
    title: "A new resource names its schema in schemas.",
    run: async (target) => {
      const created = await createGroup(target);
      const schemas = at(created.body, "schemas");
      expectThat(created, Array.isArray(schemas) && schemas.includes(groupSchema), `should name ${groupSchema}`);
    },
    faults: ["a new group without schemas"],
  },
  "create-gives-unique-id": {
    clause: "RFC 7643 section 3.1",
    title: "Every new resource has an id of its own.",
    run: async (target) => {
      const first = await createGroup(target);
      const second = await createGroup(target, { displayName: `${target.cast.label}-New-2` });
      const ids = new Set([...target.cast.groups().map(({ id }) => id), stringAt(first, "id"), stringAt(second, "id")]);
      expectThat(second, ids.size === 4, "should have an id that no other group has");
    },
    faults: ["the same id for every new group"],
  },
  "create-ignores-id": {
    clause: "RFC 7643 section 3.1",
    title: "An id that the client sends is ignored: the service gives its own.",
    run: async (target) => {
      const created = await createGroup(target, { id: nobodysId });
      expectThat(created, stringAt(created, "id") !== nobodysId, "should not take the id that the client sent");
    },
    faults: ["a group under the id that the client sent"],
  },
  "create-ignores-meta": {
    title: "Read-only attributes in a POST, such as meta, are ignored.",
    run: async (target) => {
      const meta = { resourceType: "User", created: "2001-01-01T00:00:00Z", lastModified: "2001-01-01T00:00:00Z" };
      const created = await createGroup(target, { meta: { ...meta, location: "https://elsewhere.example/1" } });
      const found = await read(target, pathOf("/Groups", created));
      expectMember(found, "meta.resourceType", "Group");
      const isOwn = at(found.body, "meta.created") !== meta.created && !found.text.includes("elsewhere.example");
      expectThat(found, isOwn, "should not show the meta that the client sent");
    },
    faults: ["a created of the client's"],
  },
  "create-keeps-external-id": {
    clause: "RFC 7643 section 3.1",
    title: "The externalId of the client is kept in its letter case.",
    run: async (target) => {
      const externalId = `${target.cast.label}-New-External-İdß`;
      await createsGroup({ externalId }, { externalId })(target);
    },
    faults: ["an externalId in lower case"],
  },
  "create-keeps-display-name": {
    clause: "RFC 7643 section 4.2",
    title: "A text is kept as it was sent, with its letter case and any letters of Unicode.",
    run: async (target) => {
      const displayName = `${target.cast.label}-New "Ω" \\ 東京 🙂 é`;
      await createsGroup({ displayName }, { displayName })(target);
    },
    faults: ["texts in ASCII only"],
  },
  "create-with-members": {
    clause: "RFC 7643 section 4.2",
    title: "A group can be created with its members.",
    run: createsGroup((target) => ({ members: membersOf(target, 1, 3) }), { members: [1, 3] }),
    faults: ["a POST that drops the members"],
  },
  "create-member-names-its-type": {
    clause: "RFC 7643 section 4.2",
    title: "A member of a group that shows its $ref or type shows those of a user.",
    run: async (target) => {
      const { id } = target.cast.person(1);
      const created = await createGroup(target, { members: references(id) });
      const [member] = [at((await read(target, pathOf("/Groups", created))).body, "members.0")];
      const reference = isObject(member) ? (member["$ref"] ?? `/Users/${id}`) : undefined;
      const isUser = typeof reference === "string" && reference.endsWith(`/Users/${id}`);
      expectThat(created, isUser, `should have a member whose $ref ends with /Users/${id}`);
      expectSame(created, "the member's type", at(member, "type") ?? "User", "User");
    },
    faults: ["a POST that drops the members", "members that are groups"],
  },
  "create-null-is-no-value": {
    clause: "RFC 7643 section 2.5",
    title: "An attribute that is sent as null has no value.",
    run: async (target) => {
      const created = await createGroup(target, { externalId: null, members: null });
      const found = await read(target, pathOf("/Groups", created));
      expectSame(found, "externalId", at(found.body, "externalId") ?? null, null);
      expectSameSet(found, "the members", memberIdsOf(found), []);
    },
    faults: ["null as the text null"],
  },
  "create-empty-array-is-no-value": {
    clause: "RFC 7643 section 2.5",
    title: "An empty array of members makes a group without members.",
    run: createsGroup({ members: [] }, { members: [] }),
    faults: ["a member that nobody has sent"],
  },
  "create-is-listed": {
    title: "A new resource is found by a query at once.",
    run: async (target) => {
      const id = stringAt(await createGroup(target), "id");
      await expectListed(target, "/Groups", `displayName eq "${target.cast.label}-New"`, [id]);
    },
    faults: ["a list that lags behind"],
  },
  "create-shows-chosen-attributes": {
    clause: "RFC 7644 section 3.9",
    title: "The parameter attributes chooses what the answer to a POST shows.",
    run: async (target) => {
      const created = await target.post("/Groups?attributes=externalId", newGroup(target, { externalId: "e-1" }));
      expectStatus(created, 201);
      expectMember(created, "externalId", "e-1");
      expectMember(created, "displayName", undefined);
    },
    faults: ["a POST that shows everything whatever is asked for"],
  },
});
