import { expect, test } from "vitest";
import { ownerNameOf } from "./owner-name.ts";

// Guards Okta's suite, which wants a given and a family name on every user it reads: neither may ever be empty.
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
