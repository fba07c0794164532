import { describe, expect, test } from "vitest";
import { readSecretKeys, sealedBy, secretBox } from "./secret-box.ts";

const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const boxOf = (current?: string, previous?: string) =>
  secretBox(readSecretKeys({ ROLLCALL_SECRET_KEY: current, ROLLCALL_SECRET_KEY_PREVIOUS: previous }));
const place = "account/totp_secret/1";

// A stolen backup must not reveal secrets without the key, which is not in it.
describe("an encrypted text", () => {
  const box = boxOf(keyOf(1));

  test("is decrypted at its place, reveals nothing and differs every time", () => {
    const sealed = box.seal(place, "JBSWY3DPEHPK3PXP");
    expect(sealed).toMatch(/^enc1\.[0-9a-f]{8}\.[\w-]+$/);
    expect(sealed).not.toContain("JBSWY3DP");
    expect(box.open(place, sealed)).toBe("JBSWY3DPEHPK3PXP");
    expect(box.seal(place, "JBSWY3DPEHPK3PXP")).not.toBe(sealed);
  });

  test("is rejected in another row or with one bit changed", () => {
    const sealed = box.seal(place, "secret");
    expect(() => box.open("account/totp_secret/2", sealed)).toThrow("authenticate");
    const [start, id, packed = ""] = sealed.split(".");
    const bytes = Buffer.from(packed, "base64url");
    for (const index of [0, 12, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => box.open(place, `${start}.${id}.${changed.toString("base64url")}`)).toThrow("authenticate");
    }
  });

  test("of the previous key is read while that key is set, and new ones use the current key", () => {
    const old = box.seal(place, "secret");
    const rotated = boxOf(keyOf(2), keyOf(1));
    expect(rotated.open(place, old)).toBe("secret");
    expect(sealedBy(rotated.seal(place, "secret"))).toBe(rotated.keyId);
    expect(sealedBy(old)).toBe(box.keyId);
    expect(() => boxOf(keyOf(2)).open(place, old)).toThrow(`the key ${box.keyId}, which is not set`);
  });

  test("is plain text without a key, and stays readable once a key is set", () => {
    expect(boxOf().seal(place, "secret")).toBe("secret");
    expect(box.open(place, "secret")).toBe("secret");
  });
});

test.each([
  [keyOf(1), true],
  [Buffer.alloc(32, 1).toString("hex"), true],
  [Buffer.alloc(32, 251).toString("base64url"), true],
  ["secret", false],
  [Buffer.alloc(31).toString("base64"), false],
  ["", undefined],
])("ROLLCALL_SECRET_KEY=%s is a valid key: %s", (text, isKey) => {
  const read = () => readSecretKeys({ ROLLCALL_SECRET_KEY: text });
  if (isKey === false) expect(read).toThrow("ROLLCALL_SECRET_KEY");
  else expect(read()).toHaveLength(isKey === true ? 1 : 0);
});
