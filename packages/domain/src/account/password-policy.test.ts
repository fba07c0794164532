import { expect, test } from "vitest";
import { choosePassword } from "./password-policy.ts";

const common = new Set(["password", "1234567890", "qwertyuiop", "letmein", "sunshine", "dragon", "administrator"]);
const pam = { email: "pam.beesly@dm.example", name: "Pam Beesly" };

test.each([
  ["elf chars..", /at least 12/],
  ["ünïcödé 12345", undefined],
  ["watercolor and yoghurt", undefined],
  ["a".repeat(1001), /at most 1000/],
  ["ababababababab", /repeats/],
  ["PASSWORD 1234", /attackers try/],
  ["P@ssw0rd1234", /attackers try/],
  ["passwordpassword", /attackers try/],
  ["letmeinletmein", /attackers try/],
  ["1234567890123", /attackers try/],
  ["2024-sunshine-2024!", /attackers try/],
  ["qwertyuiop12", /attackers try/],
  ["Administrator", /attackers try/],
  ["Correct horse battery staple", /attackers try/],
  ["dragons like sunshine", undefined],
  ["a password of mine", undefined],
  ["x7!kQz0$pW2m", undefined],
  ["pam.beesly@dm.example", /name or email/],
  ["Pam Beesly 123", /name or email/],
  ["pam.beesly paints watercolors", undefined],
])("%s", (password, problem) => {
  const chosen = choosePassword(password, pam, common);
  if (problem === undefined) expect(chosen).toEqual({ ok: true, value: undefined });
  else
    expect(chosen).toMatchObject({
      ok: false,
      error: { kind: "passwordWeak", problem: expect.stringMatching(problem) },
    });
});
