import { parseResource, USER_SCHEMA, userResourceType } from "@rollcall/scim-protocol";
import { describe, expect, test } from "vitest";
import { fromUser, toUser, type UserSource } from "./user-mapper.ts";

const baseUrl = "https://scim.rollcall.example/scim_v2";
const pam: UserSource = {
  id: "m1",
  userName: "Pam@dm.example",
  externalId: "okta-1",
  givenName: "Pam",
  familyName: "Beesly",
  displayName: "Pam 🎨",
  name: "Pam 🎨",
  active: true,
  createdAt: new Date("2026-11-24T12:00:00.123Z"),
  updatedAt: new Date("2026-11-25T12:00:00.000Z"),
};

test("AR-30 a member is printed as a SCIM User", () => {
  expect(toUser(pam, baseUrl)).toEqual({
    schemas: [USER_SCHEMA],
    id: "m1",
    externalId: "okta-1",
    userName: "Pam@dm.example",
    name: { formatted: "Pam 🎨", givenName: "Pam", familyName: "Beesly" },
    displayName: "Pam 🎨",
    active: true,
    emails: [{ value: "Pam@dm.example", type: "work", primary: true }],
    meta: {
      resourceType: "User",
      created: "2026-11-24T12:00:00.123Z",
      lastModified: "2026-11-25T12:00:00.000Z",
      location: "https://scim.rollcall.example/scim_v2/Users/m1",
      version: `W/"${pam.updatedAt.getTime().toString(36)}"`,
    },
  });
});

test("AR-36 AR-42 attributes without a value are left out, not printed as null", () => {
  const bare = { ...pam, externalId: null, givenName: null, familyName: null, displayName: null, name: "Pam" };
  const printed = toUser(bare, baseUrl);
  expect(printed["name"]).toEqual({ formatted: "Pam" });
  expect(Object.keys(printed)).toEqual(["schemas", "id", "userName", "name", "active", "emails", "meta"]);
});

test("AR-51 an inactive member is printed as inactive", () => {
  expect(toUser({ ...pam, active: false }, baseUrl)["active"]).toBe(false);
});

describe("a User is read", () => {
  const nothing = {
    externalId: null,
    givenName: null,
    familyName: null,
    displayName: null,
    formattedName: null,
    active: undefined,
  };
  test.each([
    ["AR-42 with a userName only", {}, {}],
    ["AR-38 with empty texts", { externalId: "", displayName: "", name: { givenName: "", familyName: "" } }, {}],
    ["with nulls", { externalId: null, displayName: null, name: null }, {}],
    ["with blank texts, as sent", { displayName: "  " }, { displayName: "  " }],
    ["AR-49 inactive", { active: false }, { active: false }],
    ["AR-40 with odd names", { name: { familyName: "O'Connor–Þór" } }, { familyName: "O'Connor–Þór" }],
    ["with a formatted name", { name: { formatted: "Pam B." } }, { formattedName: "Pam B." }],
    ["rule 1 with an externalId", { externalId: "00u1" }, { externalId: "00u1" }],
  ])("%s", (_, given, expected) => {
    expect(fromUser({ userName: "Pam@dm.example", ...given })).toEqual({
      userName: "Pam@dm.example",
      ...nothing,
      ...expected,
    });
  });

  // AR-25: the password and what else we do not keep has no place to go.
  test("AR-25 without the attributes that Rollcall does not keep", () => {
    const given = {
      userName: "pam@dm.example",
      password: "s3cret",
      title: "Artist",
      emails: [{ value: "x@y.example" }],
    };
    expect(JSON.stringify(fromUser(given))).not.toMatch(/s3cret|Artist|x@y/);
  });

  test("AR-39 as it was printed", () => {
    const { name: formattedName, createdAt: _created, updatedAt: _updated, id: _id, ...input } = pam;
    expect(fromUser(toUser(pam, baseUrl))).toEqual({ ...input, formattedName });
  });

  // The mapper must read everything that scim-protocol accepts.
  test("AR-41 after scim-protocol has checked it, strings for booleans included", () => {
    const body = { schemas: [USER_SCHEMA], userName: "pam@dm.example", active: "False", name: { givenName: "Pam" } };
    const parsed = parseResource(body, userResourceType);
    expect(parsed.ok && fromUser(parsed.value)).toMatchObject({ active: false, givenName: "Pam" });
  });
});
