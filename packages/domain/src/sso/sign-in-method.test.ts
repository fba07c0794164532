import { expect, test } from "vitest";
import { enterWithoutSso, exemptFromSso, speaksForAccount } from "./sign-in-method.ts";

const acme = { organizationId: "1", organization: "Acme" };
const required = { ok: false, error: { kind: "ssoRequired", organization: "Acme", organizationId: "1" } };
const open = { ok: true, value: undefined };

// Guards "require SSO" and its way back in: owners and those who are listed keep their password.
test.each([
  [{ isRequired: false, isOwner: false, isExempt: false, isAwaiting: false }, open],
  [{ isRequired: true, isOwner: false, isExempt: false, isAwaiting: false }, required],
  [{ isRequired: true, isOwner: true, isExempt: false, isAwaiting: false }, open],
  [{ isRequired: true, isOwner: false, isExempt: true, isAwaiting: false }, open],
  [{ isRequired: true, isOwner: false, isExempt: false, isAwaiting: true }, open],
])("AR-74 a password at the door: %o", (facts, expected) =>
  expect(enterWithoutSso({ ...acme, ...facts })).toEqual(expected),
);

test("AR-74 owners cannot be listed, as they may use a password anyway", () => {
  expect(exemptFromSso({ name: "Michael Scott", isOwner: true })).toEqual({
    ok: false,
    error: { kind: "ssoExemptionNeedless", name: "Michael Scott" },
  });
  expect(exemptFromSso({ name: "Pam Beesly", isOwner: false })).toEqual(open);
});

// Guards the border between organizations: an identity provider says who somebody is for its own organization only.
test.each([
  ["password", false, true],
  ["invitation", false, true],
  ["sso", false, false],
  ["sso", true, true],
] as const)("a session by %s, domain verified %s, leads to other organizations: %s", (method, isVerified, expected) =>
  expect(speaksForAccount(method, isVerified)).toBe(expected),
);
