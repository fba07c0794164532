import { expect, test } from "vitest";
import type { Role } from "./role.ts";
import { checkOwnerRevocation } from "./role-taking.ts";

const sales: Role = { id: "s", name: "Sales", kind: "custom", isScimCreated: false, isLinked: false, externalId: null };
const pushed: Role = { ...sales, isScimCreated: true };
const owners: Role = { ...sales, name: "Account Owners", kind: "owner" };
const pam = { name: "Pam", isManaged: false, heldRoleIds: ["s", "t"], mappedRoleIds: ["t"], otherActiveOwners: 1 };

test.each([
  ["of ours from one of ours", pam, sales, undefined],
  ["of ours from a managed person", { ...pam, isManaged: true }, sales, undefined],
  ["of the directory from one of ours", pam, pushed, undefined],
  ["of the directory from a managed person", { ...pam, isManaged: true }, pushed, "roleManagedByScim"],
  ["that a mapping gives", { ...pam, mappedRoleIds: ["s"] }, sales, "roleMapped"],
  ["that is the only one", { ...pam, heldRoleIds: ["s"] }, sales, "onlyRole"],
  ["of an owner among two", pam, owners, undefined],
  ["of the last owner", { ...pam, otherActiveOwners: 0 }, owners, "lastOwner"],
])("AR-61 AR-62 AR-72 taking a role by hand: %s", (_, person, role, refusal) => {
  const decided = checkOwnerRevocation(person, role);
  expect(decided.ok ? undefined : decided.error.kind).toBe(refusal);
});
