import { expect, test } from "vitest";
import { isNearSpelling } from "./near-spelling.ts";

test.each([
  ["pam.beesly@acme.example", "pam.beesly@acme.example", true],
  ["pam.beesly@acme.example", "pam.beesly", true],
  ["pam.beesly", "PAM.Beesly@acme.example", true],
  ["pambeesly@acme.example", "pam.beesly+okta@other.example", true],
  ["pam_beesly@acme.example", "pam-beesly@acme.example", true],
  ["pam.beesley@acme.example", "pam.beesly@acme.example", true],
  ["pam.beelsy@acme.example", "pam.beesly@acme.example", true],
  ["pam.beasly@acme.example", "pam.beesly@acme.example", true],
  ["pam.beasly@acme.example", "pam.beesly@other.example", false],
  ["pam.baesley@acme.example", "pam.beesly@acme.example", false],
  ["pam@acme.example", "sam@acme.example", false],
  ["@acme.example", "pam@acme.example", false],
])("%s and %s: %s", (asked, other, isNear) => expect(isNearSpelling(asked, other)).toBe(isNear));
