import { describe, expect, test } from "vitest";
import { createMember, type CreationFacts } from "./member-creation.ts";
import type { MemberInput } from "./member.ts";

const pam: MemberInput = {
  userName: "Pam@dm.example",
  externalId: "okta-1",
  givenName: "Pam",
  familyName: "Beesly",
  displayName: null,
  active: undefined,
};
const unknown: CreationFacts = {
  isUserNameTaken: false,
  isExternalIdTaken: false,
  account: null,
  deleted: null,
  isDomainVerified: true,
};
const account = { id: "a1", isInUse: true, wasHere: false };
const former = {
  id: "m1",
  isHolder: true,
  externalId: "okta-1",
  lastExternalId: null,
  isExternalIdTaken: false,
  awaitsAcceptance: false,
};

test("AR-30 an unknown person is added with the default role and access", () => {
  expect(createMember(unknown, pam)).toEqual({
    ok: true,
    value: {
      kind: "add",
      memberId: undefined,
      accountId: undefined,
      releases: undefined,
      fields: { ...pam, active: true, name: "Pam Beesly" },
      grantsDefaultRole: true,
      awaitsAcceptance: false,
    },
  });
});

test.each([
  [undefined, true],
  [true, true],
  [false, false],
])("AR-30 active %j: access and default role %j", (active, expected) => {
  expect(createMember(unknown, { ...pam, active })).toMatchObject({
    value: { fields: { active: expected }, grantsDefaultRole: expected },
  });
});

test.each([
  ["AR-37", { displayName: "Pam 🎨" }, "Pam 🎨"],
  ["AR-38", { givenName: null, familyName: null }, "Pam"],
  ["AR-40", { givenName: "Sinéad", familyName: "O'Connor" }, "Sinéad O'Connor"],
  ["AR-36", { externalId: null }, "Pam Beesly"],
])("%s the fields are kept as sent: %o", (_, given, name) => {
  const input = { ...pam, ...given };
  expect(createMember(unknown, input)).toMatchObject({ value: { fields: { ...input, active: true, name } } });
});

describe("a POST is refused", () => {
  test.each([
    [
      "AR-32 of a visible userName",
      { isUserNameTaken: true },
      {},
      { kind: "userNameTaken", userName: "Pam@dm.example" },
    ],
    [
      "AR-32 of both a visible userName and externalId",
      { isUserNameTaken: true, isExternalIdTaken: true },
      {},
      { kind: "userNameTaken", userName: "Pam@dm.example" },
    ],
    [
      "AR-32 of a visible userName that was also deleted before",
      { isUserNameTaken: true, deleted: former, account },
      {},
      { kind: "userNameTaken", userName: "Pam@dm.example" },
    ],
    [
      "rule 1 of a visible externalId",
      { isExternalIdTaken: true },
      {},
      { kind: "externalIdTaken", externalId: "okta-1" },
    ],
    ["of what is no email", {}, { userName: "pam" }, { kind: "userNameNotEmail", userName: "pam" }],
  ])("%s", (_, facts, input, error) => {
    expect(createMember({ ...unknown, ...facts }, { ...pam, ...input })).toEqual({ ok: false, error });
  });

  test("AR-36 but never for a missing externalId", () => {
    expect(createMember({ ...unknown, isExternalIdTaken: true }, { ...pam, externalId: null }).ok).toBe(true);
  });
});

// AR-34, rule 5b: an unverified domain must not give one tenant access to another tenant's account.
test.each([[account], [{ ...account, isInUse: false }], [{ ...account, wasHere: true }], [null]])(
  "AR-34 rule 5b whether there is an account elsewhere makes no difference where the domain is not verified: %o",
  (known) => {
    const value = { kind: "add", accountId: undefined, releases: undefined, awaitsAcceptance: true };
    const decided = createMember({ ...unknown, account: known, isDomainVerified: false }, pam);
    expect(decided).toMatchObject({ value });
  },
);

test.each([[account], [null]])("AR-34 gives access at once where the domain is verified: %o", (known) => {
  expect(createMember({ ...unknown, account: known }, pam)).toMatchObject({
    value: { kind: "add", accountId: known?.id, awaitsAcceptance: false },
  });
});

// AR-51, rule 7: a deleted person is restored, unless the directory names another person.
describe("AR-51 a POST after a DELETE", () => {
  const facts = { ...unknown, account, deleted: former };
  test.each([
    ["the same externalId", "okta-1", "okta-1", "okta-1"],
    ["an externalId where there was none", null, "okta-1", "okta-1"],
    ["no externalId any more", "okta-1", null, "okta-1"],
    ["no externalId, now and then", null, null, null],
  ])("with %s revives the identity", (_, before, given, kept) => {
    const deleted = { ...former, externalId: before };
    expect(createMember({ ...facts, deleted }, { ...pam, externalId: given })).toMatchObject({
      value: { kind: "revive", memberId: "m1", accountId: "a1", fields: { externalId: kept }, grantsDefaultRole: true },
    });
  });

  test("with another externalId is another person, whose account is a new one where the domain is verified", () => {
    const deleted = { ...former, externalId: "okta-0" };
    const reused = { ...facts, deleted, account: { ...account, wasHere: true }, isDomainVerified: true };
    expect(createMember(reused, pam)).toMatchObject({
      value: {
        kind: "add",
        memberId: undefined,
        accountId: undefined,
        releases: { id: "a1", isInUse: true },
        fields: { externalId: "okta-1" },
        awaitsAcceptance: false,
      },
    });
  });

  test("revives the identity with the account that holds the address today, where another one has it", () => {
    const deleted = { ...former, isHolder: false };
    const value = { kind: "revive", memberId: "m1", accountId: "a1", releases: undefined };
    expect(createMember({ ...facts, deleted, isDomainVerified: true }, pam)).toMatchObject({ value });
  });

  test("compares the externalId with which the person last had access", () => {
    const deleted = { ...former, lastExternalId: "okta-0" };
    expect(createMember({ ...facts, deleted }, pam)).toMatchObject({ value: { kind: "add" } });
  });

  // The unique index would refuse it for ever.
  test("without an externalId does not restore one that another member has now", () => {
    const deleted = { ...former, isExternalIdTaken: true };
    expect(createMember({ ...facts, deleted }, { ...pam, externalId: null })).toMatchObject({
      value: { kind: "revive", memberId: "m1", fields: { externalId: null } },
    });
  });

  // An externalId is the directory's own and compared exactly (RFC 7643 section 3.1: caseExact).
  test("with the externalId in another spelling is another person", () => {
    expect(createMember(facts, { ...pam, externalId: "OKTA-1" })).toMatchObject({ value: { kind: "add" } });
  });

  test.each([
    [false, undefined, true],
    [true, "a1", false],
  ])("rule 5b domain verified %j: account %j, waits %j", (isDomainVerified, accountId, awaitsAcceptance) => {
    expect(createMember({ ...facts, isDomainVerified }, pam)).toMatchObject({
      value: { kind: "revive", memberId: "m1", accountId, awaitsAcceptance },
    });
  });

  test("as inactive brings no role", () => {
    expect(createMember(facts, { ...pam, active: false })).toMatchObject({
      value: { kind: "revive", fields: { active: false }, grantsDefaultRole: false },
    });
  });
});

// Rule 5a: an account without a visible membership does not reserve its address.
test.each([
  ["in use elsewhere", { isInUse: true, wasHere: false }, false],
  ["in use elsewhere, of somebody who was removed here", { isInUse: true, wasHere: true }, true],
  ["that nobody uses", { isInUse: false, wasHere: false }, true],
])("an account %s gives the address up: %o, %j", (_, state, isReleased) => {
  const known = { id: "a1", ...state };
  const releases = isReleased ? { id: "a1", isInUse: state.isInUse } : undefined;
  expect(createMember({ ...unknown, account: known, isDomainVerified: true }, pam)).toMatchObject({
    value: { kind: "add", accountId: isReleased ? undefined : "a1", releases },
  });
});
