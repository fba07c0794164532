import { describe, expect, test } from "vitest";
import { chooseDefaultRole, checkProvisioningStart, checkKeptRelease } from "./provisioning.ts";
import type { Role, RoleKind } from "../role/role.ts";

function role(kind: RoleKind): Role {
  return { id: "r1", name: "Staff", kind, isScimCreated: false, isLinked: false, externalId: null };
}
const chosen = { ok: true, value: { defaultRoleId: "r1" } };
const unconfirmed = { ok: false, error: { kind: "ownerRoleUnconfirmed", name: "Staff" } };

test.each([
  [
    "AR-04 AR-07 none, or one of another organization",
    null,
    false,
    { ok: false, error: { kind: "defaultRoleRequired" } },
  ],
  ["AR-04 none, even if owners are confirmed", null, true, { ok: false, error: { kind: "defaultRoleRequired" } }],
  ["AR-05 a custom role", role("custom"), false, chosen],
  ["AR-08 Account Owners, unconfirmed", role("owner"), false, unconfirmed],
  ["AR-08 Account Owners, confirmed", role("owner"), true, chosen],
  ["AR-08 Deploy Owners, unconfirmed", role("deploy_owner"), false, unconfirmed],
  ["AR-08 Deploy Owners, confirmed", role("deploy_owner"), true, chosen],
])("the default role: %s", (_, given, isOwnerConfirmed, expected) => {
  expect(chooseDefaultRole(given, isOwnerConfirmed)).toEqual(expected);
});

describe("turning provisioning on", () => {
  const off = { isEnabled: false, defaultRoleId: "r1" };
  test.each([
    ["AR-73 with single sign-on", off, true, false, { ok: true, value: undefined }],
    ["AR-73 with the owner's word", off, false, true, { ok: true, value: undefined }],
    ["AR-73 with neither", off, false, false, { ok: false, error: { kind: "ssoUnacknowledged" } }],
    [
      "AR-04 without a default role",
      { ...off, defaultRoleId: null },
      true,
      true,
      { ok: false, error: { kind: "defaultRoleRequired" } },
    ],
    [
      "AR-05 a second time",
      { ...off, isEnabled: true },
      true,
      true,
      { ok: false, error: { kind: "provisioningAlreadyOn" } },
    ],
  ])("%s", (_, settings, hasSso, isAcknowledged, expected) => {
    expect(checkProvisioningStart(settings, hasSso, isAcknowledged)).toEqual(expected);
  });
});

test.each([
  [false, { ok: true, value: undefined }],
  [true, { ok: false, error: { kind: "provisioningAlreadyOn" } }],
])("people who were kept locked are released where provisioning is off: %j", (isEnabled, expected) => {
  expect(checkKeptRelease({ isEnabled, defaultRoleId: "r1" })).toEqual(expected);
});
