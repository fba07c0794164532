import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

// Guards sign-in: the right password and no other, whatever is kept of it.
test("a password is known again by its hash, in either Unicode form, and no other is", async () => {
  const hash = await hashPassword("Pässword 🎨");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword("Pässword 🎨", hash)).toBe(true);
  expect(await verifyPassword("Pässword 🎨".normalize("NFD"), hash)).toBe(true);
  for (const wrong of ["", "pässword 🎨", "Pässword 🎨 ", "Password 🎨", hash]) {
    expect(await verifyPassword(wrong, hash), wrong).toBe(false);
  }
});

test("the same password has another hash every time", async () => {
  expect(await hashPassword("same")).not.toBe(await hashPassword("same"));
});

// Who has no account, or no password, is let in by nothing; the empty tag of the stand-in least of all.
test.each(["", "nobody", "A".repeat(43)])("where there is no hash %j is not the password", async (password) => {
  expect(await verifyPassword(password, null)).toBe(false);
});
