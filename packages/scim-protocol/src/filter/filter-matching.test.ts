import { expect, test } from "vitest";
import { matchesFilter } from "./filter-matching.ts";
import { parseFilter } from "./filter.ts";
import { userResourceType } from "../schema/user-schema.ts";

const pam = {
  schemas: [userResourceType.schema.id],
  id: "Ab1",
  externalId: "00uX",
  userName: "Pam.Beesly@DM.example",
  displayName: "Pámela",
  name: { givenName: "Pam", familyName: "" },
  active: true,
  emails: [
    { value: "pam@home.example", type: "home" },
    { value: "Pam.Beesly@DM.example", type: "work", primary: true },
  ],
  meta: { created: "2026-01-01T00:00:00Z", lastModified: "2026-01-01T10:00:00.250+02:00" },
};

// Every SQL translation is compared with this function.
test.each([
  ['userName eq "pam.beesly@dm.EXAMPLE"', true],
  ['userName eq "pam"', false],
  ['id eq "Ab1"', true],
  ['id eq "ab1"', false],
  ['externalId eq "00ux"', false],
  ['displayName eq "PA\u0301MELA"', true],
  ['displayName co "mel"', true],
  ['displayName sw "PÁ"', true],
  ['displayName ew "mel"', false],
  ['userName gt "pam"', true],
  ['userName lt "pan"', true],
  ['userName le "PAM.BEESLY@DM.EXAMPLE"', true],
  ['userName lt "PAM.BEESLY@DM.EXAMPLE"', false],
  ["active eq true", true],
  ['active eq "False"', false],
  ["active ne false", true],
  ["name.givenName pr", true],
  ["name.familyName pr", false],
  ["name.familyName eq null", true],
  ['name.familyName eq ""', true],
  ["name.formatted pr", false],
  ['name.formatted ne "x"', true],
  ['name.formatted eq ""', false],
  ['name.formatted lt "x"', false],
  ["name pr", true],
  ["emails pr", true],
  ['emails co "HOME"', true],
  ['emails[type eq "work" and value co "home"]', false],
  ['emails[type eq "home" and value co "home"]', true],
  ['emails[type eq "home"].value eq "pam@HOME.example"', true],
  ["emails[primary eq true]", true],
  ['emails[not (primary pr) and type eq "work"]', false],
  ['emails.type eq "work" and emails.value co "home"', true],
  ['emails.value ne "pam@home.example"', false],
  ['emails.value ne "other"', true],
  ['meta.created eq "2026-01-01T01:00:00+01:00"', true],
  ['meta.lastModified eq "2026-01-01T08:00:00.25Z"', true],
  ['meta.lastModified gt "2026-01-01T08:00:00Z"', true],
  ['meta.lastModified gt "2026-01-01T09:00:00Z"', false],
  ["meta.location ne null", false],
])("%s is %s of Pam", (text, expected) => {
  const filter = parseFilter(text, userResourceType);
  expect(filter.ok && matchesFilter(filter.value, pam)).toBe(expected);
});

// JSON.parse can give an object an own __proto__.
test("only a resource's own members count", () => {
  const filter = parseFilter("name pr or userName pr", userResourceType);
  const heir = Object.create({ userName: "inherited", name: { givenName: "x" } }, {});
  expect(filter.ok && matchesFilter(filter.value, heir)).toBe(false);
});
