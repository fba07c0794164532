import { GROUP_SCHEMA } from "@rollcall/scim-protocol";
import { expect, test } from "vitest";
import { fromGroup, groupVersion, toGroup, type GroupSource } from "./group-mapper.ts";

const baseUrl = "https://scim.rollcall.example/scim_v2";
const sales: GroupSource = {
  id: "r1",
  externalId: "group-1",
  name: "Sales",
  createdAt: new Date("2026-11-24T12:00:00.000Z"),
  updatedAt: new Date("2026-11-25T12:00:00.000Z"),
  version: 3,
  membersTag: "1f",
  members: [{ id: "m1", userName: "jim@dm.example" }],
};

test("AR-27 AR-54 a role is printed as a SCIM Group", () => {
  expect(toGroup(sales, baseUrl)).toEqual({
    schemas: [GROUP_SCHEMA],
    id: "r1",
    externalId: "group-1",
    displayName: "Sales",
    members: [{ value: "m1", display: "jim@dm.example", type: "User", $ref: `${baseUrl}/Users/m1` }],
    meta: {
      resourceType: "Group",
      created: "2026-11-24T12:00:00.000Z",
      lastModified: "2026-11-25T12:00:00.000Z",
      location: `${baseUrl}/Groups/r1`,
      version: 'W/"3-1f"',
    },
  });
});

test("the version is the same whether the members are shown or not, and moves with the role and with them", () => {
  const bare = toGroup({ ...sales, members: undefined }, baseUrl);
  expect(bare["meta"]).toEqual(toGroup(sales, baseUrl)["meta"]);
  expect(groupVersion({ ...sales, version: 4 })).not.toBe(groupVersion(sales));
  expect(groupVersion({ ...sales, membersTag: "20" })).not.toBe(groupVersion(sales));
});

test("AR-27 a group without members has an empty list; members that were not requested are left out", () => {
  expect(toGroup({ ...sales, members: [] }, baseUrl)["members"]).toEqual([]);
  expect(Object.keys(toGroup({ ...sales, members: undefined, externalId: null }, baseUrl))).toEqual([
    "schemas",
    "id",
    "displayName",
    "meta",
  ]);
});

// A body that does not speak of members must never empty the role.
test.each([
  ["no members", {}, { externalId: null, memberIds: undefined }],
  ["members null", { members: null }, { externalId: null, memberIds: undefined }],
  ["an empty list", { members: [] }, { externalId: null, memberIds: [] }],
  [
    "people",
    { members: [{ value: "m1", display: "x" }, { value: "m2" }] },
    { externalId: null, memberIds: ["m1", "m2"] },
  ],
  ["an externalId", { externalId: "g" }, { externalId: "g", memberIds: undefined }],
  ["an empty externalId", { externalId: "" }, { externalId: null, memberIds: undefined }],
])("AR-56 a Group with %s is read", (_, given, expected) => {
  expect(fromGroup({ displayName: "Sales 🎨", ...given })).toEqual({ displayName: "Sales 🎨", ...expected });
});

test("AR-56 a Group is read as it was printed", () => {
  expect(fromGroup(toGroup(sales, baseUrl))).toEqual({
    displayName: "Sales",
    externalId: "group-1",
    memberIds: ["m1"],
  });
});
