import { expect, test } from "vitest";
import type { ResourceTypeDefinition, ScimResource } from "../schema/attribute-characteristics.ts";
import { parseFilter } from "../filter/filter.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { parsePatchRequest } from "../patch/patch.ts";
import { parseResource } from "../schema/parse-resource.ts";
import { applyPatch } from "../patch/patch-application.ts";
import type { ProviderExpectation, ProviderQuirk } from "./provider-quirk.ts";
import { providerExpectations } from "./provider-expectations.ts";
import { isQuirkId, providerQuirks, type QuirkId } from "./provider-quirks.ts";
import { normalizeAddress, normalizeAuthorization, normalizeQuery, normalizeUser } from "./request-normalization.ts";
import { GROUP_SCHEMA, PATCH_OP, USER_SCHEMA } from "../schema/schema-uris.ts";
import { userResourceType } from "../schema/user-schema.ts";

type Reading = (quirks: Set<QuirkId>) => unknown;
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const pam: ScimResource = { id: "id-1", userName: "pam@dm.example", displayName: "Pam", active: true };
const sales: ScimResource = { id: "id-1", displayName: "Sales", members: [{ value: "u1" }, { value: "u2" }] };

const user =
  (members: object): Reading =>
  (quirks) =>
    parseResource({ schemas: [USER_SCHEMA], userName: "pam@dm.example", ...members }, userResourceType, quirks);
const group =
  (body: object): Reading =>
  (quirks) =>
    parseResource(body, groupResourceType, quirks);
const patchOf = (resource: ScimResource, type: ResourceTypeDefinition, body: object): Reading => {
  return (quirks) => {
    const operations = parsePatchRequest(body, type, "id-1", quirks);
    return operations.ok ? applyPatch(resource, operations.value, type) : operations;
  };
};
const patchUser = (...Operations: object[]): Reading =>
  patchOf(pam, userResourceType, { schemas: [PATCH_OP], Operations });
const patchGroup = (...Operations: object[]): Reading =>
  patchOf(sales, groupResourceType, { schemas: [PATCH_OP], Operations });
const filter =
  (text: string): Reading =>
  (quirks) =>
    parseFilter(text, userResourceType, quirks);
const marked =
  (userName: string, active: boolean | undefined): Reading =>
  (quirks) =>
    normalizeUser(
      { userName, ...(active === undefined ? {} : { active }) },
      { userName: "a@b", active: false },
      quirks,
    );
const rename = { op: "replace", path: "displayName", value: "D" };

/** What a client sends, and what would have been the RFC's way to say the same. A row without a sample does not compile. */
const samples: Readonly<Record<QuirkId, readonly (readonly [sent: Reading, meant: Reading])[]>> = {
  "bare-token": [
    [(quirks) => normalizeAuthorization("T", quirks), (quirks) => normalizeAuthorization("Bearer T", quirks)],
  ],
  "doubled-slash": [
    [(quirks) => normalizeAddress("/scim_v2//Users", quirks), (quirks) => normalizeAddress("/scim_v2/Users", quirks)],
  ],
  "plus-for-itself": [
    [
      (quirks) => normalizeQuery('filter=userName%20eq%20"a+b@x.example"', quirks),
      (quirks) => normalizeQuery('filter=userName%20eq%20"a%2Bb@x.example"', quirks),
    ],
  ],
  "plus-as-space": [
    [
      (quirks) => normalizeQuery("filter=userName+eq+%22a%2Bb%22", quirks),
      (quirks) => normalizeQuery("filter=userName%20eq%20%22a%2Bb%22", quirks),
    ],
    [
      (quirks) => normalizeQuery('filter=members.display+eq+"Grace+Hopper"', quirks),
      (quirks) => normalizeQuery('filter=members.display%20eq%20"Grace%20Hopper"', quirks),
    ],
  ],
  "filter-on-part-of-values": [
    [filter('emails[type eq "work"].value eq "x"'), filter('emails[type eq "work" and value eq "x"]')],
  ],
  "boolean-text-in-filter": [
    [filter('active eq "True"'), filter("active eq true")],
    [filter('emails[primary eq "false"]'), filter("emails[primary eq false]")],
  ],
  "schemas-missing": [
    [group({ displayName: "G" }), group({ schemas: [GROUP_SCHEMA], displayName: "G" })],
    [group({ schemas: null, displayName: "G" }), group({ schemas: [GROUP_SCHEMA], displayName: "G" })],
    [group({ schemas: null, SCHEMAS: null, displayName: "G" }), group({ schemas: [GROUP_SCHEMA], displayName: "G" })],
    [patchOf(sales, groupResourceType, { Operations: [rename] }), patchGroup(rename)],
    [patchOf(sales, groupResourceType, { Schemas: null, operations: [rename] }), patchGroup(rename)],
  ],
  "more-schemas-listed": [
    [user({ schemas: [enterprise, USER_SCHEMA.toUpperCase()] }), user({})],
    [
      group({ schemas: [GROUP_SCHEMA, "http://x/2.0/Group", 7], displayName: "G" }),
      group({ schemas: [GROUP_SCHEMA], displayName: "G" }),
    ],
    [
      patchOf(sales, groupResourceType, { schemas: [PATCH_OP, GROUP_SCHEMA], Operations: [rename] }),
      patchGroup(rename),
    ],
  ],
  "id-null": [
    [user({ id: null }), user({})],
    [user({ ID: null }), user({})],
  ],
  "boolean-as-text": [
    [user({ active: "True" }), user({ active: true })],
    [user({ ACTIVE: "false" }), user({ active: false })],
    [
      patchUser({ op: "replace", path: "active", value: "False" }),
      patchUser({ op: "replace", path: "active", value: false }),
    ],
    [patchUser({ op: "add", value: { active: "FALSE" } }), patchUser({ op: "add", value: { active: false } })],
  ],
  "list-of-bare-values": [
    [
      group({ schemas: [GROUP_SCHEMA], displayName: "G", members: { value: "u1" } }),
      group({ schemas: [GROUP_SCHEMA], displayName: "G", members: [{ value: "u1" }] }),
    ],
    [
      group({ schemas: [GROUP_SCHEMA], displayName: "G", members: ["u1", "u2", "u1", null] }),
      group({ schemas: [GROUP_SCHEMA], displayName: "G", members: [{ value: "u1" }, { value: "u2" }] }),
    ],
    [
      patchGroup({ op: "add", path: "members", value: { value: "u3" } }),
      patchGroup({ op: "add", path: "members", value: [{ value: "u3" }] }),
    ],
    [
      patchGroup({ op: "add", value: { members: ["u3", "u4"] } }),
      patchGroup({ op: "add", value: { members: [{ value: "u3" }, { value: "u4" }] } }),
    ],
  ],
  "draft-schemas-listed": [
    [user({ schemas: ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"] }), user({})],
    [user({ schemas: ["urn:scim:schemas:core:1.0"] }), user({})],
    [user({ schemas: ["URN:scim:schemas:core:2.0:user", enterprise] }), user({})],
    [
      group({ schemas: ["urn:scim:schemas:core:2.0:Group"], displayName: "G" }),
      group({ schemas: [GROUP_SCHEMA], displayName: "G" }),
    ],
    [
      patchOf(sales, groupResourceType, { schemas: ["urn:scim:schemas:core:1.0"], Operations: [rename] }),
      patchGroup(rename),
    ],
  ],
  "empty-lists-in-patch": [
    [patchOf(sales, groupResourceType, { schemas: [], Operations: [rename] }), patchGroup(rename)],
    [patchGroup(), patchGroup({ op: "add", path: "members", value: [] })],
  ],
  "value-in-list": [
    [patchUser({ ...rename, value: ["D"] }), patchUser(rename)],
    [
      patchUser({ op: "replace", path: "active", value: [false] }),
      patchUser({ op: "replace", path: "active", value: false }),
    ],
    [
      patchUser({ op: "replace", path: "name", value: [{ givenName: "K" }] }),
      patchUser({ op: "replace", path: "name", value: { givenName: "K" } }),
    ],
    [
      patchUser({ op: "add", path: "name.givenName", value: ["K"] }),
      patchUser({ op: "add", path: "name.givenName", value: "K" }),
    ],
    [
      patchUser({ op: "replace", value: [{ displayName: "D" }] }),
      patchUser({ op: "replace", value: { displayName: "D" } }),
    ],
    [patchUser({ op: "replace", value: [{ displayName: ["D"] }] }), patchUser(rename)],
    [patchGroup({ ...rename, value: ["D"] }), patchGroup(rename)],
    [
      patchGroup({ op: "add", path: "externalId", value: ["g-1"] }),
      patchGroup({ op: "add", path: "externalId", value: "g-1" }),
    ],
  ],
  "object-as-text": [
    [patchUser({ op: "replace", value: '{"displayName":"D"}' }), patchUser(rename)],
    [
      patchGroup({ op: "replace", value: ` {"schemas":["${GROUP_SCHEMA}"],"externalId":"g-1","displayName":"D"}` }),
      patchGroup({ op: "replace", path: "externalId", value: "g-1" }, rename),
    ],
  ],
  "removal-by-object": [
    [
      patchGroup({ op: "remove", path: "members", value: { members: [{ value: "u1" }] } }),
      patchGroup({ op: "remove", path: 'members[value eq "u1"]' }),
    ],
    [
      patchGroup({ op: "remove", value: { Members: [{ value: "u1" }] } }),
      patchGroup({ op: "remove", path: 'members[value eq "u1"]' }),
    ],
  ],
  "deletion-mark": [
    [marked("0123456789ABCDEF0123456789abcdefA@b", false), marked("a@b", false)],
    [marked("0123456789abcdef0123456789abcdefa@b", undefined), marked("a@b", undefined)],
  ],
  "text-in-list": [
    [patchUser({ ...rename, value: [{ $ref: null, value: "D" }] }), patchUser(rename)],
    [patchUser({ op: "add", value: { displayName: [{ value: "D" }] } }), patchUser(rename)],
  ],
  "capitalised-op": [
    [patchUser({ ...rename, op: "Replace" }), patchUser(rename)],
    [patchUser({ ...rename, op: undefined, OP: "ADD" }), patchUser({ ...rename, op: "add" })],
  ],
  "removal-by-values": [
    [
      patchGroup({ op: "remove", path: "members", value: [{ $ref: null, value: "u1" }] }),
      patchGroup({ op: "remove", path: 'members[value eq "u1"]' }),
    ],
    [patchGroup({ op: "remove", path: "members", value: [] }), patchGroup({ op: "add", path: "members", value: [] })],
  ],
  "path-as-key": [
    [
      patchUser({ op: "replace", value: { "name.givenName": "K", displayName: "D" } }),
      patchUser({ op: "replace", value: { name: { givenName: "K" }, displayName: "D" } }),
    ],
    [patchUser({ op: "replace", value: { [`${USER_SCHEMA}:displayName`]: "D" } }), patchUser(rename)],
  ],
  "read-only-in-patch": [
    [patchUser({ op: "replace", path: 'emails[type eq "work"].value', value: "x@y" }, rename), patchUser(rename)],
    [patchUser({ op: "add", value: { meta: { version: "1" }, emails: [{ value: "x" }] } }, rename), patchUser(rename)],
  ],
  "own-id-in-patch": [
    [patchGroup({ op: "replace", value: { id: "id-1", displayName: "D" } }), patchGroup(rename)],
    [patchGroup({ op: "replace", path: "id", value: "id-1" }, rename), patchGroup(rename)],
  ],
  "password-pushed": [
    [user({ password: "1mz050nq" }), user({})],
    [patchUser({ op: "replace", value: { password: "x" } }, rename), patchUser(rename)],
    [patchUser({ op: "replace", path: "PASSWORD", value: "x" }, rename), patchUser(rename)],
  ],
  "extension-not-kept": [
    [user({ [enterprise]: { department: "Sales" } }), user({})],
    [patchUser({ op: "add", path: `${enterprise}:manager`, value: "x" }, rename), patchUser(rename)],
    [patchUser({ op: "add", value: { [enterprise]: { manager: { value: "x" } } } }, rename), patchUser(rename)],
  ],
  "attribute-not-kept": [
    [user({ locale: "en-US" }), user({})],
    [user({ name: { givenName: "P", middleName: "M" } }), user({ name: { givenName: "P" } })],
    [patchUser({ op: "replace", path: 'phoneNumbers[type eq "work"].value', value: "1" }, rename), patchUser(rename)],
    [patchUser({ op: "replace", value: { bogus: 1, displayName: "D" } }), patchUser(rename)],
    [patchUser({ op: "replace", path: `${USER_SCHEMA}:nickName`, value: "x" }, rename), patchUser(rename)],
    [
      group({ schemas: [GROUP_SCHEMA], displayName: "G", members: [{ value: "u1", since: 1 }] }),
      group({ schemas: [GROUP_SCHEMA], displayName: "G", members: [{ value: "u1" }] }),
    ],
  ],
};

const ids = Object.keys(providerQuirks).filter(isQuirkId);

test.each(ids)("%s is read as the RFC's form of it, and noticed", (id) => {
  expect(samples[id].length).toBeGreaterThan(0);
  for (const [sent, meant] of samples[id]) {
    const [noticed, unnoticed] = [new Set<QuirkId>(), new Set<QuirkId>()];
    const read = sent(noticed);
    expect(read).not.toMatchObject({ ok: false });
    expect(read).toEqual(meant(unnoticed));
    expect([...noticed]).toEqual([id]);
    expect([...unnoticed]).toEqual([]);
  }
});

test.each<[string, Reading]>([
  ["a filter", filter('userName eq "a@b" and emails[type eq "work"] and not (active eq false)')],
  ["a header", (quirks) => normalizeAuthorization("Bearer T", quirks)],
  ["a query", (quirks) => normalizeQuery("filter=userName%20eq%20%22a%2Bb%22&count=1", quirks)],
  [
    "a User with read-only parts and nulls",
    user({ id: "x", meta: {}, emails: [{ value: "a@b" }], title: null, roles: [] }),
  ],
  ["other letters in names", user({ USERNAME: "a@b", Name: { GIVENNAME: "A" } })],
  [
    "a PATCH with paths",
    patchUser(rename, { op: "remove", path: "name.givenName" }, { op: "add", path: "active", value: true }),
  ],
  ["a PATCH without a path", patchUser({ op: "replace", value: { name: { givenName: "A" }, active: false } })],
  ["a PATCH under the own URN", patchUser({ op: "add", value: { [USER_SCHEMA]: { active: false } } })],
  ["a PATCH of what clears what is not kept", patchUser({ op: "replace", value: { title: null, roles: [] } })],
  [
    "members",
    patchGroup(
      { op: "add", path: "members", value: [{ value: "u3", display: "U", type: "User", $ref: "x" }] },
      { op: "remove", path: 'members[value eq "u1"]' },
      { op: "remove", path: "members" },
    ),
  ],
])("a strict client is not noticed: %s", (_what, reading) => {
  const quirks = new Set<QuirkId>();
  reading(quirks);
  expect([...quirks]).toEqual([]);
});

test("an id that every object inherits is no quirk", () => {
  expect(["bare-token", "constructor", "__proto__", ""].map(isQuirkId)).toEqual([true, false, false, false]);
});

test("the rows are whole", () => {
  const rows: readonly (ProviderQuirk | ProviderExpectation)[] = [
    ...Object.values(providerQuirks),
    ...providerExpectations,
  ];
  for (const row of rows) expect(Object.values(row).every((cell) => cell.length > 0)).toBe(true);
  const quirky = new Set<string>(Object.values(providerQuirks).flatMap(({ fixtures }) => [...fixtures]));
  const plain = providerExpectations.flatMap(({ fixtures }) => [...fixtures]);
  expect(plain.filter((fixture, index) => quirky.has(fixture) || plain.indexOf(fixture) !== index)).toEqual([]);
});
