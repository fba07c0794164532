import {
  arrayAt,
  expectHeader,
  expectMember,
  expectMembers,
  expectSame,
  expectSameSet,
  expectScimJson,
  expectStatus,
  expectThat,
  memberIdsOf,
  pathOf,
  stringAt,
} from "../assertion.ts";
import { check, checksOf, type Chapter, type Check } from "../check.ts";
import type { ScimResponse } from "../http-client.ts";
import { at, isObject, type JsonObject } from "../json.ts";
import { groupSchema, unknownId } from "../request-body.ts";
import { createsGroup, expectListed } from "./write-kinds.ts";

const chapter: Chapter = { clause: "RFC 7644 section 3.3" };

/** The response to a POST and what it keeps. Checked with groups, which may be created and deleted freely. */
export const creatingResourcesChecks = checksOf(chapter, {
  "create-is-201": check("A POST that creates a resource is 201.")
    .run(async (target) => void (await target.createGroup()))
    .faults("a 200 for a POST"),
  "create-location-header": check("A POST returns the URI of the new resource in Location, as in meta.location.")
    .run(afterCreate({}, (created) => expectHeader(created, "location", stringAt(created, "meta.location"))))
    .faults("no Location after a POST", "a Location of the endpoint and not of the resource"),
  "create-location-names-the-resource": check("The URI of a new resource ends with its endpoint and its id.")
    .clause("RFC 7643 section 3.1")
    .run(
      afterCreate({}, (created) => {
        const location = stringAt(created, "meta.location");
        const isNamed = location.endsWith(pathOf(created)) && /^https?:\/\//.test(location);
        expectThat(created, isNamed, `should have a meta.location that ends with /Groups/{id}, not ${location}`);
      }),
    )
    .faults("a meta.location without the id"),
  "create-answers-scim-json": check("The response to a POST has the media type application/scim+json.")
    .clause("RFC 7644 section 8.1")
    .run(afterCreate({}, expectScimJson))
    .faults("a POST whose response is text/json"),
  "create-answers-the-resource": check("The response to a POST is the resource that a GET then returns.")
    .run(async (target) => {
      const created = await target.createGroup({ members: target.members(1) });
      const found = await target.read(pathOf(created));
      expectSame(found, "the resource that the POST answered", found.body, created.body);
    })
    .faults("a POST whose response has no members"),
  "create-names-schema": check("A new resource names its schema in schemas.")
    .clause("RFC 7643 section 3")
    .run(
      afterCreate({}, (created) => {
        const schemas = arrayAt(created, "schemas");
        expectThat(created, schemas.includes(groupSchema), `should name ${groupSchema}`);
      }),
    )
    .faults("a new group without schemas"),
  "create-gives-unique-id": check("Every new resource has an id of its own.")
    .clause("RFC 7643 section 3.1")
    .run(async (target) => {
      const first = await target.createGroup();
      const second = await target.createGroup({ displayName: `${target.label}-New-2` });
      const ids = new Set([...target.groups().map(({ id }) => id), stringAt(first, "id"), stringAt(second, "id")]);
      expectThat(second, ids.size === 4, "should have an id that no other group has");
    })
    .faults("the same id for every new group"),
  "create-ignores-id": check("An id that the client sends is ignored: the service assigns its own.")
    .clause("RFC 7643 section 3.1")
    .run(
      afterCreate({ id: unknownId }, (created) =>
        expectThat(created, stringAt(created, "id") !== unknownId, "should not take the id that the client sent"),
      ),
    )
    .faults("a group under the id that the client sent"),
  "create-ignores-meta": check("Read-only attributes in a POST, such as meta, are ignored.")
    .run(async (target) => {
      const meta = { resourceType: "User", created: "2001-01-01T00:00:00Z", lastModified: "2001-01-01T00:00:00Z" };
      const created = await target.createGroup({ meta: { ...meta, location: "https://elsewhere.example/1" } });
      const found = await target.read(pathOf(created));
      expectMember(found, "meta.resourceType", "Group");
      const isOwn = at(found.body, "meta.created") !== meta.created && !found.text.includes("elsewhere.example");
      expectThat(found, isOwn, "should not show the meta that the client sent");
    })
    .faults("a created of the client's"),
  "create-keeps-external-id": check("The externalId of the client is kept in its letter case.")
    .clause("RFC 7643 section 3.1")
    .run(async (target) => {
      const externalId = `${target.label}-New-External-İdß`;
      await createsGroup({ externalId }, { externalId })(target);
    })
    .faults("an externalId in lower case"),
  "create-keeps-display-name": check("A text is kept as it was sent, with its letter case and any Unicode characters.")
    .clause("RFC 7643 section 4.2")
    .run(async (target) => {
      const displayName = `${target.label}-New "Ω" \\ 東京 🙂 é`;
      await createsGroup({ displayName }, { displayName })(target);
    })
    .faults("texts in ASCII only"),
  "create-with-members": check("A group can be created with its members.")
    .clause("RFC 7643 section 4.2")
    .run(createsGroup(({ members }) => ({ members: members(1, 3) }), { members: [1, 3] }))
    .faults("a POST that drops the members"),
  "create-member-names-its-type": check("A member of a group that shows its $ref or type shows those of a user.")
    .clause("RFC 7643 section 4.2")
    .run(async (target) => {
      const { path } = target.person(1);
      const created = await target.createGroup({ members: target.members(1) });
      const member = at((await target.read(pathOf(created))).body, "members.0");
      const reference = isObject(member) ? (member["$ref"] ?? path) : undefined;
      const isUser = typeof reference === "string" && reference.endsWith(path);
      expectThat(created, isUser, `should have a member whose $ref ends with ${path}`);
      expectSame(created, "the member's type", at(member, "type") ?? "User", "User");
    })
    .faults("a POST that drops the members", "members that are groups"),
  "create-null-is-no-value": check("An attribute that is sent as null has no value.")
    .clause("RFC 7643 section 2.5")
    .run(async (target) => {
      const found = await target.read(pathOf(await target.createGroup({ externalId: null, members: null })));
      expectSame(found, "externalId", at(found.body, "externalId") ?? null, null);
      expectSameSet(found, "the members", memberIdsOf(found), []);
    })
    .faults("null as the text null"),
  "create-empty-array-is-no-value": check("An empty array of members creates a group without members.")
    .clause("RFC 7643 section 2.5")
    .run(createsGroup({ members: [] }, { members: [] }))
    .faults("a member that was not sent"),
  "create-is-listed": check("A new resource is found by a query at once.")
    .run(async (target) => {
      const id = stringAt(await target.createGroup(), "id");
      await expectListed(target, "/Groups", `displayName eq "${target.label}-New"`, [id]);
    })
    .faults("a list that lags behind"),
  "create-shows-chosen-attributes": check("The parameter attributes chooses what the response to a POST shows.")
    .clause("RFC 7644 section 3.9")
    .run(async (target) => {
      const created = await target.post("/Groups?attributes=externalId", target.newGroup({ externalId: "e-1" }));
      expectStatus(created, 201);
      expectMembers(created, { externalId: "e-1", displayName: undefined });
    })
    .faults("a POST that shows everything whatever is asked for"),
});

/** Checks the response to a POST that creates a third group. */
function afterCreate(more: JsonObject, expectations: (created: ScimResponse) => void): Check["run"] {
  return async (target) => expectations(await target.createGroup(more));
}
