import { expect, test } from "vitest";
import { ownerNameOf } from "./owner-name.ts";

// Okta's test suite requires a given and a family name on every user.
test.each([
  [undefined, "michael.scott@dm.example", "Michael", "Scott"],
  [undefined, "michael_j-scott@dm.example", "Michael", "J Scott"],
  [undefined, "owner@dm.example", "Owner", "Dunder Mifflin"],
  [undefined, "élise@dm.example", "Élise", "Dunder Mifflin"],
  [undefined, "...@dm.example", "Owner", "Dunder Mifflin"],
  ["", "pam@dm.example", "Pam", "Dunder Mifflin"],
  ["  Pam ", "x@dm.example", "Pam", "Dunder Mifflin"],
  ["Pamela Morgan Beesly", "x@dm.example", "Pamela", "Morgan Beesly"],
  ["d'Arcy O’Neil", "x@dm.example", "d'Arcy", "O’Neil"],
])("of %j and %s is %s, %s", (ownerName, email, givenName, familyName) => {
  expect(ownerNameOf(ownerName, email, "Dunder Mifflin")).toEqual({ givenName, familyName });
});
