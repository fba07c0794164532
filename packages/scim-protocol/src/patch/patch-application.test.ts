import { describe, expect, test } from "vitest";
import type { ScimResource } from "../schema/attribute-characteristics.ts";
import { groupResourceType } from "../schema/group-schema.ts";
import { parsePatchRequest } from "./patch.ts";
import { applyPatch } from "./patch-application.ts";
import { userResourceType } from "../schema/user-schema.ts";

const pam: ScimResource = {
  id: "id-1",
  userName: "pam@dm.example",
  displayName: "Pam",
  name: { givenName: "Pam", familyName: "Beesly" },
  active: true,
  emails: [{ value: "pam@dm.example", type: "work", primary: true }],
};
const sales: ScimResource = {
  id: "g-1",
  displayName: "Sales",
  members: [
    { value: "u1", display: "Jim", type: "User" },
    { value: "u2", display: "Dwight", type: "User" },
  ],
};

/** What the operations change, as a full resource; or the refusal. */
function patch(resource: ScimResource, ...operations: unknown[]): unknown {
  const resourceType = resource === pam ? userResourceType : groupResourceType;
  const parsed = parsePatchRequest({ Operations: operations }, resourceType);
  const applied = parsed.ok ? applyPatch(resource, parsed.value, resourceType) : parsed;
  return applied.ok ? applied.value : `${applied.error.status} ${applied.error.scimType}: ${applied.error.detail}`;
}

const { displayName: _displayName, ...unnamed } = pam;
const { name: _name, ...nameless } = pam;
const { members: _members, ...empty } = sales;
const [jim, dwight] = [
  { value: "u1", display: "Jim", type: "User" },
  { value: "u2", display: "Dwight", type: "User" },
];

describe("a user", () => {
  test.each([
    ["deactivated by Okta", [{ op: "replace", value: { active: false } }], { ...pam, active: false }],
    ["deactivated by Entra", [{ op: "Replace", path: "active", value: "False" }], { ...pam, active: false }],
    [
      "renamed in part: the other parts stay",
      [{ op: "replace", path: "name", value: { givenName: "Pamela" } }],
      { ...pam, name: { givenName: "Pamela", familyName: "Beesly" } },
    ],
    [
      "renamed by a dotted key",
      [{ op: "replace", value: { "name.familyName": "Halpert" } }],
      { ...pam, name: { givenName: "Pam", familyName: "Halpert" } },
    ],
    ["without a display name", [{ op: "remove", path: "displayName" }], unnamed],
    ["without a display name, by null", [{ op: "replace", value: { displayName: null } }], unnamed],
    [
      "without one part of the name",
      [{ op: "remove", path: "name.givenName" }],
      { ...pam, name: { familyName: "Beesly" } },
    ],
    [
      "without any part of the name",
      [
        { op: "remove", path: "name.givenName" },
        { op: "replace", path: "name.familyName", value: null },
      ],
      nameless,
    ],
    ["without a name", [{ op: "remove", path: "name" }], nameless],
    [
      "given and taken again",
      [
        { op: "remove", path: "name" },
        { op: "add", path: "name.givenName", value: "P" },
      ],
      { ...pam, name: { givenName: "P" } },
    ],
    [
      "in the order of the operations",
      [
        { op: "add", path: "externalId", value: "a" },
        { op: "replace", path: "externalId", value: "b" },
      ],
      { ...pam, externalId: "b" },
    ],
  ])("%s", (_what, operations, expected) => expect(patch(pam, ...operations)).toEqual(expected));

  test("nothing to change gives the very same resource, so that lastModified can stay", () => {
    expect(
      patch(pam, { op: "add", path: "active", value: true }, { op: "replace", value: { name: { givenName: "Pam" } } }),
    ).toBe(pam);
    expect(patch(pam, { op: "replace", path: "active", value: false }, { op: "add", value: { active: true } })).toBe(
      pam,
    );
    expect(patch(pam, { op: "replace", path: "title", value: "x" }, { op: "remove", path: "externalId" })).toBe(pam);
  });
});

describe("a group", () => {
  test.each([
    [
      "a member more, those known only once",
      [{ op: "add", path: "members", value: [{ value: "u2" }, { value: "u3" }] }],
      { ...sales, members: [jim, dwight, { value: "u3" }] },
    ],
    ["a member less by filter", [{ op: "remove", path: 'members[value eq "u1"]' }], { ...sales, members: [dwight] }],
    [
      "a member less by Entra's list",
      [{ op: "Remove", path: "members", value: [{ $ref: null, value: "u1" }] }],
      { ...sales, members: [dwight] },
    ],
    ["the last members gone", [{ op: "remove", path: "members", value: ["u1", "u2"] }], empty],
    ["all gone", [{ op: "remove", path: "members" }], empty],
    ["emptied", [{ op: "replace", path: "members", value: [] }], { ...sales, members: [] }],
    [
      "replaced",
      [{ op: "replace", path: "members", value: [{ value: "u9" }] }],
      { ...sales, members: [{ value: "u9" }] },
    ],
    [
      "moved",
      [
        { op: "remove", path: 'members[value eq "u1"]' },
        { op: "remove", path: 'members[value eq "u2"]' },
        { op: "add", path: "members", value: "u3" },
      ],
      { ...sales, members: [{ value: "u3" }] },
    ],
  ])("%s", (_what, operations, expected) => expect(patch(sales, ...operations)).toEqual(expected));

  test("who is not a member can be removed, and who is one added, without any effect", () => {
    expect(patch(sales, { op: "remove", path: 'members[value eq "nobody"]' })).toBe(sales);
    expect(patch(sales, { op: "remove", path: "members", value: [{ value: "nobody" }, { value: "U1" }] })).toBe(sales);
    expect(patch(sales, { op: "remove", path: "members", value: [] })).toBe(sales);
    expect(patch(sales, { op: "add", path: "members", value: [{ value: "u1" }] })).toBe(sales);
    expect(patch(sales, { op: "replace", path: 'members[value eq "u1"]', value: { value: "u1" } })).toBe(sales);
  });

  test.each([
    [
      "a filter that selects nothing",
      { op: "replace", path: 'members[value eq "no"]', value: { value: "u9" } },
      "400 noTarget",
    ],
    ["a part of nothing", { op: "add", path: 'members[value eq "no"].value', value: "u9" }, "400 noTarget"],
    [
      "another person in a member's place",
      { op: "replace", path: 'members[value eq "u1"].value', value: "u9" },
      "400 mutability",
    ],
    [
      "the same as an object",
      { op: "replace", path: 'members[value eq "u1"]', value: { value: "u9" } },
      "400 mutability",
    ],
  ])("refuses %s, and everything before it with it", (_what, operation, expected) => {
    expect(patch(sales, { op: "replace", path: "displayName", value: "Half" }, operation)).toContain(expected);
    expect(sales["displayName"]).toBe("Sales");
  });

  test("a required attribute cannot go, even by an operation that did not come from a request", () => {
    const attribute = groupResourceType.attributes.find(({ name }) => name === "displayName");
    const operation = attribute && ({ op: "remove", path: { attribute }, value: undefined } as const);
    const applied = applyPatch(sales, operation ? [operation] : [], groupResourceType);
    expect(applied).toMatchObject({ ok: false, error: { status: 400, scimType: "mutability" } });
  });

  // Compared pair by pair this would be 400 million comparisons, far beyond the test's time limit.
  test("a big group takes a big list in little time", () => {
    const members = Array.from({ length: 20_000 }, (_, index) => ({ value: `u${index}` }));
    const big = { displayName: "Big", members };
    const added = patch(big, { op: "add", path: "members", value: [...members, { value: "new" }] });
    expect(added).toMatchObject({ members: { length: 20_001 } });
    expect(patch(big, { op: "remove", path: "members", value: members.slice(1) })).toEqual({
      displayName: "Big",
      members: [{ value: "u0" }],
    });
  });
});
