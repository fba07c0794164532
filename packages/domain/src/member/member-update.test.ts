import { describe, expect, test } from "vitest";
import { checkMemberDeletion, needsLock, updateMember, type LockedFacts } from "./member-update.ts";
import type { Member, MemberInput } from "./member.ts";

const names = { givenName: "Pam", familyName: "Beesly", displayName: null };
const pam: Member = {
  id: "m1",
  userName: "Pam@dm.example",
  externalId: "okta-1",
  lastExternalId: null,
  ...names,
  name: "Pam Beesly",
  active: true,
  isManaged: true,
  isOwner: false,
};
const same: MemberInput = { userName: "Pam@dm.example", externalId: "okta-1", ...names, active: undefined };
const facts: LockedFacts = {
  accountEmail: "pam@dm.example",
  verifiedDomains: new Set(["dm.example"]),
  otherActiveOwners: 0,
};
const fields = { ...same, active: true, name: "Pam Beesly" };
const quiet = { fields, links: false, transition: "none", isAnotherPerson: false, email: undefined };

// Providers repeat requests; a repeated write must not change the version or the log.
test.each([
  ["active unsaid", {}],
  ["active as it is", { active: true }],
])("a repeated write changes nothing: %s", (_, input) => {
  expect(updateMember(pam, { ...same, ...input }, facts)).toEqual({ ok: true, value: undefined });
});

test("a repeated write to an inactive member changes nothing, and an omitted active keeps the state", () => {
  const inactive = { ...pam, active: false };
  expect(updateMember(inactive, same, facts)).toEqual({ ok: true, value: undefined });
  expect(updateMember(inactive, { ...same, active: false }, facts)).toEqual({ ok: true, value: undefined });
});

test.each([
  ["AR-37", { displayName: "Pam 🎨" }, { displayName: "Pam 🎨", name: "Pam 🎨" }],
  ["AR-38", { givenName: null }, { givenName: null, name: "Beesly" }],
  ["AR-38", { givenName: null, familyName: null }, { givenName: null, familyName: null, name: "Pam" }],
  ["AR-40", { familyName: "O’Brien-Þór" }, { familyName: "O’Brien-Þór", name: "Pam O’Brien-Þór" }],
  ["rule 1", { externalId: "okta-2" }, { externalId: "okta-2" }],
  ["rule 1", { externalId: null }, { externalId: null }],
  ["AR-40", { givenName: "pam" }, { givenName: "pam", name: "pam Beesly" }],
])("%s a managed member takes what is sent: %o", (_, input, expected) => {
  expect(updateMember(pam, { ...same, ...input }, facts)).toEqual({
    ok: true,
    value: { ...quiet, fields: { ...fields, ...expected } },
  });
});

test("AR-39 the name is made anew when displayName goes", () => {
  expect(updateMember({ ...pam, displayName: "Pam 🎨" }, same, facts)).toEqual({ ok: true, value: quiet });
});

describe("a formatted name", () => {
  const nameless = { givenName: null, familyName: null, displayName: null };
  const nameAfter = (member: Partial<Member>, input: Partial<MemberInput>): string | undefined => {
    const updated = updateMember({ ...pam, ...nameless, ...member }, { ...same, ...nameless, ...input }, facts);
    if (!updated.ok) throw new Error(updated.error.kind);
    return updated.value?.fields.name;
  };

  test.each<[string, Partial<Member>, Partial<MemberInput>, string | undefined]>([
    ["is taken where there is no other", { name: "Pam" }, { formattedName: "Pam B." }, "Pam B."],
    ["stays when it is sent again", { name: "Pam B." }, { formattedName: "Pam B." }, undefined],
    ["is changed", { name: "Pam B." }, { formattedName: "Pam H." }, "Pam H."],
    ["goes when it is left out", { name: "Pam B." }, {}, "Pam"],
    ["gives way to a given name", { name: "Pam B." }, { formattedName: "Pam B.", givenName: "P" }, "P"],
    [
      "is none where it was made of the email",
      { name: "Pam" },
      { formattedName: "Pam", userName: "P@dm.example" },
      "P",
    ],
    [
      "AR-39 is none where it was the displayName that is dropped",
      { name: "Pam 🎨", displayName: "Pam 🎨" },
      { formattedName: "Pam 🎨" },
      "Pam",
    ],
  ])("%s", (_, member, input, name) => expect(nameAfter(member, input)).toBe(name));
});

describe("the first contact with an existing member", () => {
  const before: Member = { ...pam, isManaged: false, externalId: null };

  test("AR-31 links and takes names and externalId", () => {
    expect(updateMember(before, { ...same, displayName: "Pam 🎨" }, facts)).toEqual({
      ok: true,
      value: { ...quiet, links: true, fields: { ...fields, displayName: "Pam 🎨", name: "Pam 🎨" } },
    });
  });

  test("AR-31 AR-36 links even where nothing else differs", () => {
    expect(updateMember(before, { ...same, externalId: null }, facts)).toMatchObject({ value: { links: true } });
  });

  test("AR-33 links an owner, the only one too", () => {
    expect(updateMember({ ...before, isOwner: true }, same, facts)).toMatchObject({ value: { links: true } });
  });

  test("rule 4 takes another spelling of the address, which is the same one", () => {
    expect(updateMember(before, { ...same, userName: "PAM@DM.example" }, facts)).toMatchObject({
      value: { links: true, email: undefined, fields: { userName: "PAM@DM.example" } },
    });
  });

  test.each(["pam.b@dm.example", "no address"])("rule 4 never moves the email, to %s", (userName) => {
    expect(updateMember(before, { ...same, userName }, facts)).toEqual({
      ok: false,
      error: { kind: "emailFixedAtFirstContact", userName: "Pam@dm.example" },
    });
  });

  test("AR-49 may take the access at once", () => {
    expect(updateMember(before, { ...same, active: false }, facts)).toMatchObject({
      value: { links: true, transition: "deactivate", fields: { active: false } },
    });
  });
});

describe("the userName of a managed member", () => {
  const move = (userName: string, more: Partial<LockedFacts> = {}): unknown =>
    updateMember(pam, { ...same, userName }, { ...facts, ...more });

  // The account may have been moved through another organization that manages the person too (AR-78).
  test("AR-78 follows an account that is at the new address already, on any domain", () => {
    const moved = { ...facts, accountEmail: "Pam@sabre.example", verifiedDomains: new Set<string>() };
    const userName = "pam@sabre.example";
    expect(updateMember(pam, { ...same, userName }, moved)).toEqual({
      ok: true,
      value: { ...quiet, fields: { ...fields, userName } },
    });
  });

  test("AR-43 moves the email within verified domains", () => {
    expect(move("pam.halpert@dm.example")).toEqual({
      ok: true,
      value: { ...quiet, email: "pam.halpert@dm.example", fields: { ...fields, userName: "pam.halpert@dm.example" } },
    });
  });

  test.each(["PAM@DM.EXAMPLE", "pam@dm.example"])("rule 4 in the spelling %s needs no verified domain", (userName) => {
    expect(move(userName, { verifiedDomains: new Set() })).toEqual({
      ok: true,
      value: { ...quiet, fields: { ...fields, userName } },
    });
  });

  test.each([
    ["AR-44 the new domain", "pam@rival.example", {}, "rival.example"],
    ["AR-44 the old domain", "pam.b@dm.example", { verifiedDomains: new Set<string>() }, "dm.example"],
    // Only another organization knows that domain.
    ["the domain where the account is today", "pam.b@dm.example", { accountEmail: "pam@sabre.example" }, null],
  ])("%s is not verified: nothing changes", (_, userName, more, domain) => {
    expect(move(userName, more)).toEqual({ ok: false, error: { kind: "domainNotVerified", domain } });
  });

  test("must be an email address", () => {
    expect(move("pam")).toEqual({ ok: false, error: { kind: "userNameNotEmail", userName: "pam" } });
  });

  test("AR-38 names who has no other name", () => {
    const nameless = { givenName: null, familyName: null, displayName: null };
    const input = { ...same, ...nameless, userName: "halpert@dm.example" };
    expect(updateMember({ ...pam, ...nameless }, input, facts)).toMatchObject({
      value: { fields: { name: "halpert" } },
    });
  });
});

describe("access", () => {
  test("AR-49 goes with active false", () => {
    expect(updateMember(pam, { ...same, active: false }, facts)).toEqual({
      ok: true,
      value: { ...quiet, transition: "deactivate", fields: { ...fields, active: false } },
    });
  });

  test("AR-52 comes back with active true", () => {
    expect(updateMember({ ...pam, active: false }, { ...same, active: true }, facts)).toEqual({
      ok: true,
      value: { ...quiet, transition: "reactivate" },
    });
  });

  test.each([
    ["the last owner", 0, { ok: false, error: { kind: "lastOwner", name: "Pam Beesly" } }],
    ["an owner beside another", 1, { ok: true }],
  ])("AR-53 of %s", (_, otherActiveOwners, expected) => {
    const owner = { ...pam, isOwner: true };
    expect(updateMember(owner, { ...same, active: false }, { ...facts, otherActiveOwners })).toMatchObject(expected);
  });

  test("AR-53 of the last owner stays when only names change, or when it is gone already", () => {
    const owner = { ...pam, isOwner: true };
    expect(updateMember(owner, { ...same, givenName: "Pamela" }, facts)).toMatchObject({ ok: true });
    expect(updateMember({ ...owner, active: false }, { ...same, active: false }, facts)).toMatchObject({ ok: true });
  });

  test("AR-53 a refused deactivation is no way to move the email", () => {
    const input = { ...same, active: false, userName: "pam.b@dm.example" };
    expect(updateMember({ ...pam, isOwner: true }, input, facts)).toMatchObject({ error: { kind: "lastOwner" } });
  });
});

test.each([
  ["AR-53 the last owner", { isOwner: true }, 0, { ok: false, error: { kind: "lastOwner", name: "Pam Beesly" } }],
  ["an owner beside another", { isOwner: true }, 1, { ok: true, value: undefined }],
  ["an owner without access", { isOwner: true, active: false }, 0, { ok: true, value: undefined }],
  ["anybody else", {}, 0, { ok: true, value: undefined }],
])("AR-49 a DELETE of %s", (_, more, otherActiveOwners, expected) => {
  expect(checkMemberDeletion({ ...pam, ...more, name: "Pam Beesly" }, { otherActiveOwners })).toEqual(expected);
});

// A decision that reads facts under the lock must never be made without it.
test.each([
  ["a name", {}, { givenName: "Pamela" }, false],
  ["the spelling of the email", {}, { userName: "PAM@dm.example" }, false],
  ["the email", {}, { userName: "pam.b@dm.example" }, true],
  ["the access of somebody", {}, { active: false }, false],
  ["the access of an owner", { isOwner: true }, { active: false }, true],
  ["the access of an owner who has none", { isOwner: true, active: false }, { active: false }, false],
  ["an owner's name", { isOwner: true }, { givenName: "Pamela", active: true }, false],
])("what needs the lock: %s", (_, member, input, expected) => {
  expect(needsLock({ ...pam, ...member }, { ...same, ...input })).toBe(expected);
});

// Rule 5a: Okta never deletes; it finds the inactive user by name and PUTs the next holder of the address.
test.each([
  ["with another externalId", {}, { active: true, externalId: "okta-2" }, true],
  ["with the same externalId", {}, { active: true }, false],
  ["without an externalId", {}, { active: true, externalId: null }, false],
  ["that had none", { externalId: null }, { active: true }, false],
  ["that nobody managed", { isManaged: false }, { active: true, externalId: "okta-2" }, false],
  ["that is active", { active: true }, { externalId: "okta-2" }, false],
  ["that stays inactive", {}, { externalId: "okta-2" }, false],
  [
    "whose externalId was changed before",
    { externalId: "okta-2", lastExternalId: "okta-1" },
    { active: true, externalId: "okta-2" },
    true,
  ],
  [
    "whose externalId was taken away before",
    { externalId: null, lastExternalId: "okta-1" },
    { active: true, externalId: "okta-2" },
    true,
  ],
  [
    "whose externalId is the former one again",
    { externalId: "okta-2", lastExternalId: "okta-1" },
    { active: true },
    false,
  ],
])("a reactivation of a member %s is of another person: %j, %j: %j", (_, member, input, expected) => {
  const before = { ...pam, active: false, ...member };
  expect(needsLock(before, { ...same, ...input })).toBe(expected);
  const updated = updateMember(before, { ...same, ...input }, facts);
  expect(updated.ok && updated.value?.isAnotherPerson).toBe(expected);
});
