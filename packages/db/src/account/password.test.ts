import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

test("only the right password matches its hash, in either Unicode form", async () => {
  const hash = await hashPassword("Pässword 🎨");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verifyPassword("Pässword 🎨", hash)).toBe(true);
  expect(await verifyPassword("Pässword 🎨".normalize("NFD"), hash)).toBe(true);
  for (const wrong of ["", "pässword 🎨", "Pässword 🎨 ", "Password 🎨", hash]) {
    expect(await verifyPassword(wrong, hash), wrong).toBe(false);
  }
});

test("the same password has a different hash every time", async () => {
  expect(await hashPassword("same")).not.toBe(await hashPassword("same"));
});

// An account without a password must not be accessible, not even with the empty tag of the placeholder hash.
test.each(["", "nobody", "A".repeat(43)])("%j does not match without a hash", async (password) => {
  expect(await verifyPassword(password, null)).toBe(false);
});
