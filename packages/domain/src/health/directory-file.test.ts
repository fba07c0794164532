import { describe, expect, test } from "vitest";
import { findDirectoryColumns, readDirectoryPerson } from "./directory-file.ts";

const none = { externalId: undefined, givenName: undefined, familyName: undefined, status: undefined };

describe("the columns of", () => {
  test.each([
    [
      "Okta’s report of people",
      ["User ID", "Username", "First name", "Last name", "Email", "Status"],
      { externalId: 0, userName: 1, givenName: 2, familyName: 3, status: 5 },
    ],
    [
      "Okta’s profile attributes",
      ["login", "firstName", "lastName", "email"],
      { ...none, userName: 0, givenName: 1, familyName: 2 },
    ],
    [
      "an API’s answer made flat",
      ["id", "status", "profile.email", "profile.login", "profile.firstName"],
      { ...none, externalId: 0, status: 1, userName: 3, givenName: 4 },
    ],
    ["nothing but addresses", ["E-Mail"], { ...none, userName: 0 }],
    ["Entra’s export", ["userPrincipalName", "accountEnabled"], { ...none, userName: 0, status: 1 }],
  ])("%s", (_case, header, columns) => expect(findDirectoryColumns(header)).toEqual(columns));

  test("a file without a user name column needs the owner’s choice, which then counts", () => {
    expect(findDirectoryColumns(["Kennung", "Abteilung"])).toBeUndefined();
    expect(findDirectoryColumns(["Kennung", "Abteilung"], "Kennung")).toEqual({ ...none, userName: 0 });
    expect(findDirectoryColumns(["login", "email"], "email")).toEqual({ ...none, userName: 1 });
    expect(findDirectoryColumns(["login"], "no such")).toBeUndefined();
  });
});

test.each([
  ["ACTIVE", true],
  ["Password Reset", true],
  ["LOCKED_OUT", true],
  ["Pending user action", true],
  ["SUSPENDED", false],
  ["Deactivated", false],
  ["DEPROVISIONED", false],
  ["FALSE", false],
  ["on holiday", null],
  ["", null],
])("a status of %j is active: %j", (status, isActive) => {
  const columns = { ...none, userName: 0, status: 1 };
  expect(readDirectoryPerson([" pam@acme.example ", status], columns)).toMatchObject({
    userName: "pam@acme.example",
    isActive,
  });
});

test("a row without a user name is skipped; missing cells are values that the file leaves out", () => {
  expect(readDirectoryPerson(["  ", "x"], { ...none, userName: 0 })).toBeUndefined();
  expect(readDirectoryPerson(["pam"], { ...none, userName: 0, givenName: 1 })).toMatchObject({ givenName: null });
});
