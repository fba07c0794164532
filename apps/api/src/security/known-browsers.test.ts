import { readSecretKeys } from "@rollcall/db";
import { expect, test } from "vitest";
import { knownBrowsers } from "./known-browsers.ts";

const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const now = new Date("2026-11-29T12:00:00Z");
const later = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const known = knownBrowsers(readSecretKeys({ ROLLCALL_SECRET_KEY: key(1) }));
const cookie = known.remember(undefined, "Pam@dm.example", now);

// Sign-in limits rely on it: a known browser must not be forged or transferred to another account.
test("a browser is known for the account that signed in with it, for 180 days", () => {
  const id = known.idOf(cookie, "pam@DM.example", now);
  expect(id).toMatch(/^[\w-]{22}$/);
  expect(known.idOf(cookie, "pam@dm.example", later(179))).toBe(id);
  expect(known.idOf(cookie, "pam@dm.example", later(180))).toBeUndefined();
  expect(known.idOf(cookie, "pam@dm.example", later(-2))).toBeUndefined();
  expect(known.idOf(cookie, "jim@dm.example", now)).toBeUndefined();
  expect(cookie).not.toMatch(/pam/i);
});

test("a cookie that is made up or changed is worth nothing", () => {
  const [id, day, signature = ""] = cookie.split(".");
  for (const other of [
    undefined,
    "",
    "x",
    `${id}x.${day}.${signature}`,
    `${id}.${Number(day) + 1}.${signature}`,
    `${id}.${day}.`,
  ]) {
    expect(known.idOf(other, "pam@dm.example", now)).toBeUndefined();
  }
  expect(knownBrowsers([]).idOf(cookie, "pam@dm.example", now)).toBeUndefined();
});

test("signing in again renews it under the same name; five accounts share a browser", () => {
  const renewed = known.remember(cookie, "pam@dm.example", later(100));
  expect(known.idOf(renewed, "pam@dm.example", later(250))).toBe(known.idOf(cookie, "pam@dm.example", now));
  const emails = Array.from({ length: 6 }, (_, index) => `p${index}@dm.example`);
  const full = emails.reduce<string>((held, email) => known.remember(held, email, now), "");
  expect(emails.map((email) => known.idOf(full, email, now) !== undefined)).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});

test("browsers of the previous key stay known", () => {
  const rotated = knownBrowsers(readSecretKeys({ ROLLCALL_SECRET_KEY: key(2), ROLLCALL_SECRET_KEY_PREVIOUS: key(1) }));
  expect(rotated.idOf(cookie, "pam@dm.example", now)).toBe(known.idOf(cookie, "pam@dm.example", now));
});
