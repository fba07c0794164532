import { describe, expect, test } from "vitest";
import { chooseMappings, isMappingGroup, isMappingTarget, mappingFor, type GroupMapping } from "./role-mapping.ts";
import type { Role } from "./role.ts";

const ours: Role = { id: "t", name: "Tier", kind: "custom", isScimCreated: false, isLinked: false, externalId: null };
const pushed: Role = { ...ours, id: "g", name: "Group", isScimCreated: true };
const linked: Role = { ...ours, id: "l", name: "Linked", isLinked: true };
const owners: Role = { ...ours, id: "o", name: "Account Owners", kind: "owner" };
const deployers: Role = { ...ours, id: "d", name: "Deploy Owners", kind: "deploy_owner" };

describe("the mapping that applies to a member", () => {
  const mappings: readonly GroupMapping[] = [
    { groupId: "leads", targetId: "senior" },
    { groupId: "staff", targetId: "junior" },
    { groupId: "board", targetId: "senior" },
  ];
  test.each([
    ["nobody in no group", [], undefined],
    ["nobody in a group that is not mapped", ["visitors"], undefined],
    ["the only match", ["staff"], "junior"],
    ["the first of two, however the groups came", ["staff", "leads"], "senior"],
    ["the first of two, with the order of the groups turned", ["leads", "staff"], "senior"],
    ["the earlier one, also where a later one gives more", ["board", "staff"], "junior"],
  ])("%s", (_, groups, target) => {
    expect(mappingFor(mappings, new Set(groups))?.targetId).toBe(target);
  });
});

test.each([
  ["a role made here", ours, false, true],
  ["a pushed group", pushed, true, false],
  ["a linked role", linked, true, false],
  ["the owners' role", owners, false, false],
  ["the deploy owners' role", deployers, false, false],
])("%s as a group and as a target", (_, role, isGroup, isTarget) => {
  expect([isMappingGroup(role), isMappingTarget(role)]).toEqual([isGroup, isTarget]);
});

describe("a list of mappings", () => {
  const roles = new Map([ours, pushed, linked, owners, deployers].map((role) => [role.id, role]));
  test.each<[string, readonly GroupMapping[], string | undefined]>([
    ["may be empty", [], undefined],
    ["may map several groups to one role", [map("g", "t"), map("l", "t")], undefined],
    ["names each group once", [map("g", "t"), map("g", "t")], "mappingGroupTwice"],
    ["begins with groups of the directory", [map("t", "t")], "mappingGroupUnfit"],
    ["never gives an owners' role", [map("g", "o")], "mappingTargetUnfit"],
    ["never gives what the directory manages", [map("g", "l")], "mappingTargetUnfit"],
    ["knows its groups", [map("nobody", "t")], "roleNotFound"],
    ["knows its targets", [map("g", "nobody")], "roleNotFound"],
  ])("%s", (_, input, refusal) => {
    const chosen = chooseMappings(input, roles);
    expect(chosen.ok ? undefined : chosen.error.kind).toBe(refusal);
  });
});

function map(groupId: string, targetId: string): GroupMapping {
  return { groupId, targetId };
}
