import { expect, test } from "vitest";
import { checkSsoRemoval, signInMessage, ssoRemovalMessages, type SignInWays } from "./sign-in-ways.ts";

const ways = (hasSso: boolean, people: number, withPassword: number, withoutPassword: number, locked: number) =>
  ({ hasSso, people, withPassword, withoutPassword, locked }) satisfies SignInWays;

test.each<[SignInWays, string]>([
  [
    ways(true, 43, 3, 40, 40),
    "Each of the 43 people can sign in with single sign-on once assigned there; 3 also with a password.",
  ],
  [
    ways(true, 43, 0, 43, 43),
    "Each of the 43 people can sign in with single sign-on once assigned there; no one with a password.",
  ],
  [ways(false, 1, 1, 0, 0), "1 person can sign in, with a password."],
  [
    ways(false, 43, 3, 40, 40),
    "3 of 43 people can sign in with a password. 40 have no password and cannot sign in until single sign-on is set up.",
  ],
  [
    ways(false, 43, 3, 40, 0),
    "3 of 43 people can sign in with a password. 40 have no password and can set one with “Forgot your password?”.",
  ],
  [
    ways(false, 1200, 0, 1200, 1199),
    "No one can sign in with a password. 1,200 have no password: 1,199 cannot sign in until single sign-on is set up, 1 can set one with “Forgot your password?”.",
  ],
])("%# who can sign in", (facts, words) => expect(signInMessage(facts)).toBe(words));

test.each<[SignInWays, readonly string[]]>([
  [ways(true, 2, 2, 0, 0), ["Everyone has a password and can still sign in."]],
  [
    ways(true, 43, 3, 40, 40),
    ["40 people cannot sign in afterwards: they have no password and cannot set one because of account locks."],
  ],
  [
    ways(true, 43, 3, 40, 39),
    [
      "39 people cannot sign in afterwards: they have no password and cannot set one because of account locks.",
      "1 person has no password and must set one with “Forgot your password?” to sign in again.",
    ],
  ],
])("%# what the removal of single sign-on means", (facts, words) => expect(ssoRemovalMessages(facts)).toEqual(words));

test("the removal is confirmed by the current number of people who lose access", () => {
  expect(checkSsoRemoval(40, " Lock out 40 people").ok).toBe(true);
  expect(checkSsoRemoval(0, "remove").ok).toBe(true);
  expect(checkSsoRemoval(41, "lock out 40 people")).toEqual({
    ok: false,
    error: { kind: "confirmationWrong", expected: "lock out 41 people" },
  });
});
