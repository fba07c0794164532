import { describe, expect, test } from "vitest";
import { hashToken, keyIdOf, newTokenText } from "./token-text.ts";

const { text, keyId, secretHash } = newTokenText();

// Secret scanners rely on the shape and checksum of a token.
test("rule 10: a token is rcl_, a key id, a secret and a checksum", () => {
  expect(text).toMatch(/^rcl_[0-9A-Za-z]{50}$/);
  expect(text.slice(4, 16)).toBe(keyId);
  expect(keyIdOf(text)).toBe(keyId);
});

test("AR-12 only a hash of a token is stored", () => {
  expect(secretHash).toEqual(hashToken(text));
  expect(secretHash).toHaveLength(32);
  expect(secretHash.toString("latin1")).not.toContain(text.slice(16, 48));
});

test("rule 10: no two tokens share a key id or a secret", () => {
  const tokens = Array.from({ length: 200 }, newTokenText);
  expect(new Set(tokens.map((token) => token.keyId)).size).toBe(200);
  expect(new Set(tokens.map((token) => token.text.slice(16, 48))).size).toBe(200);
  expect(tokens.every((token) => keyIdOf(token.text) === token.keyId)).toBe(true);
});

// The checksum must not change: external scanners compute it too.
test("rule 10: the checksum of a known token", () => {
  const body = `rcl_${"0".repeat(12)}${"z".repeat(32)}`;
  const known = Array.from({ length: 2 }, () => keyIdOf(`${body}${checksum(body)}`));
  expect(known).toEqual(["000000000000", "000000000000"]);
});

/** CRC-32 (IEEE) in base 62, six digits; deliberately a second implementation. */
function checksum(body: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(body)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let result = "";
  for (let place = 0; place < 6; place++) {
    result = `${digits[rest % 62] ?? ""}${result}`;
    rest = Math.floor(rest / 62);
  }
  return result;
}

// A malformed token must not cost a database lookup.
describe("a text is not a token", () => {
  test("with any one character changed", () => {
    for (let place = 0; place < text.length; place++) {
      const changed = `${text.slice(0, place)}${text[place] === "a" ? "b" : "a"}${text.slice(place + 1)}`;
      expect(keyIdOf(changed), `at ${place}`).toBeUndefined();
    }
  });

  test.each([
    "",
    "rcl_",
    text.slice(0, -1),
    `${text}a`,
    `${text}\n`,
    ` ${text}`,
    text.toUpperCase(),
    text.replace("rcl_", ""),
    `Bearer ${text}`,
    `rcl_${"-".repeat(50)}`,
    "a".repeat(100_000),
  ])("%#", (given) => expect(keyIdOf(given)).toBeUndefined());
});
