import { hash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const keyIdLength = 12;
const secretLength = 32;
const checksumLength = 6;
const shape = new RegExp(
  `^rcl_([0-9A-Za-z]{${keyIdLength}})([0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`,
);

export type TokenText = { readonly text: string; readonly keyId: string; readonly secretHash: Buffer };

/**
 * Generates a token: `rcl_`, a public key id (12), a secret (32 of base 62: 190 bits) and a checksum (6) for scanners.
 */
export function newTokenText(): TokenText {
  const keyId = randomText(keyIdLength);
  const body = `rcl_${keyId}${randomText(secretLength)}`;
  const text = body + checksumOf(body);
  return { text, keyId, secretHash: hashToken(text) };
}

/** The key id of a token text, or undefined if the form or the checksum is wrong. */
export function keyIdOf(text: string): string | undefined {
  const match = shape.exec(text);
  if (match === null || checksumOf(text.slice(0, -checksumLength)) !== match[3]) return undefined;
  return match[1];
}

/** The key id at the start of a truncated or altered token text. */
export function claimedKeyId(text: string): string | undefined {
  return new RegExp(`^rcl_([0-9A-Za-z]{${keyIdLength}})`).exec(text)?.[1];
}

/** The stored form of a token. A fast hash suffices for 190 random bits. */
export function hashToken(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let digits = "";
  for (let place = 0; place < checksumLength; place++) {
    digits = `${alphabet[rest % alphabet.length]}${digits}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
