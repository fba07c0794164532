import { expect, test } from "vitest";
import { choosePermissions, checkPermissionsEdit } from "./role-permissions.ts";
import type { Role } from "./role.ts";

const role: Role = { id: "r", name: "Sales", kind: "custom", isScimCreated: true, isLinked: false, externalId: null };

test.each([
  [[], { ok: true, value: [] }],
  [
    ["sensitive.read", "environment.view", "sensitive.read"],
    { ok: true, value: ["environment.view", "sensitive.read"] },
  ],
  [["environment.fly"], { ok: false, error: { kind: "permissionUnknown", permission: "environment.fly" } }],
])("the permissions %j", (wanted, expected) => expect(choosePermissions(wanted)).toEqual(expected));

test.each([
  [role, undefined],
  [{ ...role, isScimCreated: false }, undefined],
  [{ ...role, kind: "owner" as const }, "roleBuiltIn"],
  [{ ...role, kind: "deploy_owner" as const }, "roleBuiltIn"],
])("AR-60 what %j allows is decided by owners", (one, refusal) => {
  const decided = checkPermissionsEdit(one);
  expect(decided.ok ? undefined : decided.error.kind).toBe(refusal);
});
