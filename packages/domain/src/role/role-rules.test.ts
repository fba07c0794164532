import { describe, expect, test } from "vitest";
import {
  checkOwnerDeletion,
  checkScimDeletion,
  checkOwnerEdit,
  checkOwnerGrant,
  checkMembersPush,
  renameByScim,
} from "./role-rules.ts";
import { isDirectoryManaged, type Role, type RoleKind } from "./role.ts";

function role(kind: RoleKind, owner: "hand" | "scim" | "linked"): Role {
  const name = kind === "custom" ? "Sales" : "Account Owners";
  return { id: "r1", name, kind, isScimCreated: owner === "scim", isLinked: owner === "linked", externalId: null };
}
const handMade = role("custom", "hand");
const pushed = role("custom", "scim");
const linked = role("custom", "linked");
const owners = role("owner", "hand");
const linkedOwners = role("owner", "linked");
const deployOwners = role("deploy_owner", "hand");

const passed = { ok: true, value: undefined };
const refused = (kind: string, name = "Sales"): object => ({ ok: false, error: { kind, name } });

test.each([
  [handMade, false],
  [pushed, true],
  [linked, true],
  [owners, false],
  [linkedOwners, true],
])("rule 8: whose people the directory decides: %o", (given, expected) => {
  expect(isDirectoryManaged(given)).toBe(expected);
});

test.each([
  ["a pushed role", pushed, passed],
  ["a linked role", linked, passed],
  ["linked owners", linkedOwners, passed],
  ["a hand-made role", handMade, refused("roleNotLinked")],
  ["the owners", owners, refused("roleNotLinked", "Account Owners")],
])("AR-55 AR-56 AR-59 pushing people into %s", (_, given, expected) =>
  expect(checkMembersPush(given)).toEqual(expected),
);

// AR-59: saying the same name again is no rename.
test.each([
  ["a pushed role", pushed, "Field Sales", { ok: true, value: { name: "Field Sales" } }],
  ["a pushed role in another spelling", pushed, "SALES", { ok: true, value: { name: "SALES" } }],
  ["a linked role", linked, "Field Sales", { ok: true, value: { name: "Field Sales" } }],
  ["a hand-made role", handMade, "Field Sales", refused("roleNotLinked")],
  ["a hand-made role to its own name", handMade, "Sales", passed],
  ["the owners", owners, "Bosses", refused("roleBuiltIn", "Account Owners")],
  ["linked owners", linkedOwners, "Bosses", refused("roleBuiltIn", "Account Owners")],
  ["the owners to their own name", owners, "Account Owners", passed],
  ["linked owners to their own name in another spelling", linkedOwners, "account OWNERS", passed],
  ["a hand-made role to its own name in another spelling", handMade, "SALES", passed],
  ["deploy owners", deployOwners, "Bosses", refused("roleBuiltIn", "Account Owners")],
])("AR-56 AR-59 renaming %s over SCIM to %s", (_, given, name, expected) => {
  expect(renameByScim(given, name)).toEqual(expected);
});

test.each([
  ["a pushed role", pushed, "r2", passed],
  ["a pushed role where there is no default", pushed, null, passed],
  ["the default role", pushed, "r1", refused("roleIsDefault")],
  ["a hand-made role", handMade, "r2", refused("roleMadeByHand")],
  ["a role that was only linked", linked, "r2", refused("roleMadeByHand")],
  ["the owners", owners, "r2", refused("roleBuiltIn", "Account Owners")],
  ["deploy owners", deployOwners, "r2", refused("roleBuiltIn", "Account Owners")],
])("AR-58 AR-59 deleting a role over SCIM: %s", (_, given, defaultRoleId, expected) =>
  expect(checkScimDeletion(given, defaultRoleId)).toEqual(expected),
);

describe("AR-60 an owner's edit", () => {
  test.each([
    ["a hand-made role", handMade, passed],
    ["a linked role", linked, passed],
    ["a pushed role", pushed, refused("roleManagedByScim")],
    ["the owners", owners, refused("roleBuiltIn", "Account Owners")],
    ["deploy owners", deployOwners, refused("roleBuiltIn", "Account Owners")],
  ])("of %s", (_, given, expected) => {
    expect(checkOwnerEdit(given)).toEqual(expected);
    expect(checkOwnerDeletion(given, "r2")).toEqual(expected);
  });

  test("AR-09 the default role is not deleted", () => {
    expect(checkOwnerDeletion(handMade, "r1")).toEqual(refused("roleIsDefault"));
  });
});

// AR-61: the directory manages a grant only if it manages both the person and the role.
test.each([
  [true, pushed, refused("roleManagedByScim")],
  [true, handMade, passed],
  [true, linked, passed],
  [true, owners, passed],
  [false, pushed, passed],
  [false, handMade, passed],
])("AR-61 by hand, to a managed person: %j, of role %o", (isManaged, given, expected) => {
  expect(checkOwnerGrant(isManaged, given)).toEqual(expected);
});
