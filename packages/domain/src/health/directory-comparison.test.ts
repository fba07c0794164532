import { foldText } from "@rollcall/scim-protocol";
import { expect, test } from "vitest";
import { compareDirectory, type ComparedMember, type DirectoryComparison } from "./directory-comparison.ts";
import type { DirectoryPerson } from "./directory-file.ts";

const person = (userName: string, more: Partial<DirectoryPerson> = {}): DirectoryPerson => ({
  userName,
  externalId: null,
  givenName: null,
  familyName: null,
  status: null,
  isActive: null,
  ...more,
});
const member = (userName: string, more: Partial<ComparedMember> = {}): ComparedMember => ({
  id: `id of ${userName}`,
  name: userName,
  userName,
  userNameKey: foldText(userName),
  externalId: null,
  givenName: null,
  familyName: null,
  active: true,
  isManaged: true,
  ...more,
});
/** The comparison, all of it at once. */
function compared(...sides: Parameters<typeof compareDirectory>): DirectoryComparison {
  const steps = compareDirectory(...sides);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
const gone = { status: "DEPROVISIONED", isActive: false };
const there = { status: "ACTIVE", isActive: true };

test.each<[string, DirectoryPerson[], ComparedMember[], string[]]>([
  ["nobody anywhere", [], [], []],
  ["the same in another letter case", [person("Pam@Acme.example")], [member("pam@acme.example")], []],
  ["only there", [person("pam")], [], ["onlyInFile pam"]],
  ["only here", [], [member("pam", { isManaged: false })], ["onlyInRollcall pam"]],
  ["ended there, never here", [person("pam", gone)], [], []],
  ["ended here, gone there", [], [member("pam", { active: false })], []],
  ["ended on both sides", [person("pam", gone)], [member("pam", { active: false })], []],
  ["active there, ended here", [person("pam", there)], [member("pam", { active: false })], ["activeInFile pam"]],
  ["ended there, active here", [person("pam", gone)], [member("pam")], ["activeInRollcall pam"]],
  ["a status that says nothing", [person("pam", { status: "odd" })], [member("pam", { active: false })], []],
  [
    "other values, and only those that the file has",
    [person("pam", { externalId: "00u1", givenName: "Pam", familyName: "Böhm".normalize("NFD") })],
    [member("pam", { externalId: "00u2", givenName: "Pam", familyName: "Böhm" })],
    ["differs pam externalId 00u1/00u2"],
  ],
  [
    "a status and a name at once",
    [person("pam", { ...gone, givenName: "Pam" })],
    [member("pam")],
    ["activeInRollcall pam", "differs pam givenName Pam/null"],
  ],
])("%s", (_case, theirs, ours, expected) => {
  const { findings } = compared(theirs, ours);
  const told = findings.map(({ kind, userName, differences }) =>
    [kind, userName, ...differences.map(({ field, there: t, here }) => `${field} ${t}/${here}`)].join(" "),
  );
  expect(told).toEqual(expected);
});

test("who is the same is counted, and a user name that comes twice is compared once", () => {
  const report = compared([person("pam"), person("PAM"), person("jim")], [member("pam")]);
  expect(report).toMatchObject({ same: 1, repeated: 1, findings: [{ kind: "onlyInFile", userName: "jim" }] });
});
