import { expect, test } from "vitest";
import { choosePassword } from "./password-policy.ts";

const pam = { email: "pam.beesly@dm.example", name: "Pam Beesly" };

// Guards accounts against what attackers try first, and people against rules that only make passwords worse.
test.each([
  ["elf chars..", /at least 12/],
  ["ünïcödé 12345", undefined],
  ["watercolour and yoghurt", undefined],
  ["a".repeat(1001), /at most 1000/],
  ["ababababababab", /repeats/],
  ["PASSWORD 1234", /everybody tries/],
  ["pam.beesly@dm.example", /name or e-mail/],
  ["Pam Beesly 123", /name or e-mail/],
  ["pam.beesly paints watercolours", undefined],
])("%s", (password, problem) => {
  const chosen = choosePassword(password, pam);
  if (problem === undefined) expect(chosen).toEqual({ ok: true, value: undefined });
  else
    expect(chosen).toMatchObject({
      ok: false,
      error: { kind: "passwordWeak", problem: expect.stringMatching(problem) },
    });
});
