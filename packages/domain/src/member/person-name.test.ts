import { expect, test } from "vitest";
import { personName } from "./person-name.ts";

type Case = readonly [displayName: string | null, givenName: string | null, familyName: string | null, name: string];

test.each<Case>([
  ["Pam B.", "Pam", "Beesly", "Pam B."],
  ["  Pam B. ", "Pam", "Beesly", "Pam B."],
])("AR-37 displayName %j wins over %j %j: %j", expectName);

test.each<Case>([
  [null, "Pam", "Beesly", "Pam Beesly"],
  ["", "Pam", "Beesly", "Pam Beesly"],
  [" \t\u00a0", "Pam", "Beesly", "Pam Beesly"],
  [null, " Pam ", " Beesly", "Pam Beesly"],
  [null, "Pam", null, "Pam"],
  [null, "Pam", "  ", "Pam"],
  [null, null, "Beesly", "Beesly"],
  [null, "", "Beesly", "Beesly"],
  [null, null, null, "pam.b"],
  ["", " ", "\n", "pam.b"],
])("AR-38 AR-42 displayName %j, given %j, family %j: %j", expectName);

test.each<Case>([
  ["Zoë O’Brien-D'Arcy", null, null, "Zoë O’Brien-D'Arcy"],
  [null, "Sinéad", "O'Connor", "Sinéad O'Connor"],
  [null, "太郎", "山田", "太郎 山田"],
  [null, "محمد", "علي", "محمد علي"],
  [null, "İbrahim", "Straße", "İbrahim Straße"],
  ["Pam 🎨", null, null, "Pam 🎨"],
  ["e\u0301", null, null, "e\u0301"],
  [`<b>"Pam" & \\ %_'</b>`, null, null, `<b>"Pam" & \\ %_'</b>`],
  ["Pam  Beesly", null, null, "Pam  Beesly"],
])("AR-40 is not altered: %j, %j %j: %j", expectName);

test.each([
  [{ displayName: null, givenName: null, familyName: null, formattedName: " Pam B. " }, "Pam B."],
  [{ displayName: "", givenName: " ", familyName: null, formattedName: "Pam B." }, "Pam B."],
  [{ displayName: null, givenName: null, familyName: "Beesly", formattedName: "Pam B." }, "Beesly"],
  [{ displayName: null, givenName: null, familyName: null, formattedName: " " }, "pam.b"],
])("the formatted name counts where it is the only one: %j: %s", (parts, name) => {
  expect(personName(parts, "pam.b@dm.example")).toBe(name);
});

function expectName(...[displayName, givenName, familyName, name]: Case): void {
  expect(personName({ displayName, givenName, familyName }, "pam.b@dm.example")).toBe(name);
}
