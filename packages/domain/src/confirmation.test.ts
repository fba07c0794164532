import { expect, test } from "vitest";
import { isTyped } from "./confirmation.ts";

test.each([
  ["what is expected", "Pam Beesly", "Pam Beesly", true],
  ["another case, between blanks", " pam beesly ", "Pam Beesly", true],
  ["a composed letter for a decomposed one", "Jos\u00e9 Alba", "Jose\u0301 Alba", true],
  ["one blank for two", "Pam Beesly", "Pam  Beesly", true],
  ["a blank for a no-break space", "Pam Beesly", "Pam\u00a0Beesly", true],
  ["nothing for an invisible character", "Pam Beesly", "Pam\u200b Beesly\u200f", true],
  ["a part", "Pam", "Pam Beesly", false],
  ["no blank for one", "PamBeesly", "Pam Beesly", false],
  ["another letter", "Jose Alba", "Jos\u00e9 Alba", false],
  ["nothing", "", "Pam Beesly", false],
  ["nothing at all", undefined, "", false],
])("%s", (_case, typed, expected, isRight) => expect(isTyped(typed, expected)).toBe(isRight));
