import { expect, test } from "vitest";
import { checkReactivation, checkReactivationUndo } from "./member-reactivation.ts";

const refused = (kind: string) => ({ ok: false, error: { kind, name: "Pam" } });
const done = { ok: true, value: undefined };

test.each([
  ["released from the directory", false, true, done],
  ["released, with provisioning off", false, false, done],
  ["kept locked, with provisioning off", true, false, done],
  ["managed by the directory", true, true, refused("onlyDirectoryReactivates")],
])("a person may be reactivated: %s", (_, isManaged, isProvisioningOn, expected) => {
  expect(checkReactivation({ name: "Pam", isManaged }, isProvisioningOn)).toEqual(expected);
});

test.each([
  ["of a person who is no owner", {}, {}, done],
  ["of an owner beside another", { isOwner: true }, {}, done],
  ["of the last owner", { isOwner: true }, { otherActiveOwners: 0 }, refused("lastOwner")],
  ["after something else", {}, { isLastReactivation: false }, refused("reactivationOver")],
  [
    "of a person whom the directory manages now",
    { isManaged: true },
    { isProvisioningOn: true, isLastReactivation: false },
    refused("onlyDirectoryReactivates"),
  ],
])("a reactivation may be undone: %s", (_, who, what, expected) => {
  const member = { name: "Pam", isManaged: false, isOwner: false, ...who };
  const facts = { isProvisioningOn: false, otherActiveOwners: 1, isLastReactivation: true, ...what };
  expect(checkReactivationUndo(member, facts)).toEqual(expected);
});
