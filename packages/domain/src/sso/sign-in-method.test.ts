import { expect, test } from "vitest";
import {
  checkEntryElsewhere,
  checkEntryWithoutSso,
  checkSsoExemption,
  isProofFresh,
  speaksForAccount,
} from "./sign-in-method.ts";

const acme = { organizationId: "1", organization: "Acme" };
const required = { ok: false, error: { kind: "ssoRequired", organization: "Acme", organizationId: "1" } };
const open = { ok: true, value: undefined };

test.each([
  [{ isRequired: false, isOwner: false, isExempt: false, isAwaiting: false }, open],
  [{ isRequired: true, isOwner: false, isExempt: false, isAwaiting: false }, required],
  [{ isRequired: true, isOwner: true, isExempt: false, isAwaiting: false }, open],
  [{ isRequired: true, isOwner: false, isExempt: true, isAwaiting: false }, open],
  [{ isRequired: true, isOwner: false, isExempt: false, isAwaiting: true }, open],
])("AR-74 a password at the door: %o", (facts, expected) =>
  expect(checkEntryWithoutSso({ ...acme, ...facts })).toEqual(expected),
);

test("AR-74 owners cannot be listed, as they may use a password anyway", () => {
  expect(checkSsoExemption({ name: "Michael Scott", isOwner: true })).toEqual({
    ok: false,
    error: { kind: "ssoExemptionNeedless", name: "Michael Scott" },
  });
  expect(checkSsoExemption({ name: "Pam Beesly", isOwner: false })).toEqual(open);
});

// An identity provider asserts a person's identity for its own organization only.
const at = new Date("2026-11-29T12:00:00Z");
test.each([
  ["password", null, false, true],
  ["invitation", null, false, true],
  ["sso", null, false, false],
  ["sso", at, false, true],
  ["sso", null, true, true],
] as const)("a session by %s, password at %s, domain verified %s, speaks for the account: %s", (...given) => {
  const [method, passwordAt, isVerified, expected] = given;
  expect(speaksForAccount({ method, passwordAt }, isVerified)).toBe(expected);
});

// The single sign-on of one organization must not bypass the second factor of another.
test.each([
  ["password", { passwordAt: at, secondFactorAt: null }, false, []],
  ["password, second factor on", { passwordAt: at, secondFactorAt: null }, true, ["secondFactor"]],
  ["both factors", { passwordAt: at, secondFactorAt: at }, true, []],
  ["single sign-on", { passwordAt: null, secondFactorAt: null }, false, ["password"]],
  ["single sign-on, second factor on", { passwordAt: null, secondFactorAt: null }, true, ["password", "secondFactor"]],
] as const)("entering another organization after %s", (_words, given, isSecondFactorOn, missing) => {
  const entered = checkEntryElsewhere({ ...given, ssoAt: at }, isSecondFactorOn, "Acme");
  const refusal = { ok: false, error: { kind: "entryUnproven", organization: "Acme", missing } };
  expect(entered).toEqual(missing.length === 0 ? open : refusal);
});

test.each([
  [{ passwordAt: null, secondFactorAt: null, ssoAt: null }, false],
  [{ passwordAt: at, secondFactorAt: null, ssoAt: null }, true],
  [{ passwordAt: null, secondFactorAt: at, ssoAt: null }, true],
  [{ passwordAt: null, secondFactorAt: null, ssoAt: at }, true],
])("%o is fresh for ten minutes, if at all: %s", (proofs, expected) => {
  expect(isProofFresh(proofs, new Date(at.getTime() + 599_999))).toBe(expected);
  expect(isProofFresh(proofs, new Date(at.getTime() + 600_000))).toBe(false);
});
