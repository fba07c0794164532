import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(argon2);

/** Parameters of Argon2id (RFC 9106 section 3.1); `memory` is in KiB. */
export type PasswordCost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

/** OWASP's second recommendation: 19 MiB, two passes, one lane. */
const usualCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;
/** A PHC string of Argon2id version 19 (RFC 9106): salt and hash in base64 without padding. */
const phcShape = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Hashes a password as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string, cost = usualCost): Promise<string> {
  const nonce = randomBytes(16);
  return phcOf(cost, nonce, await tagOf(password, nonce, { ...cost, tagLength }));
}

/**
 * Whether the password matches. A null hash (no such account, or no password set) takes as long and never matches.
 * Throws if the hash is not a PHC string of Argon2id.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = phcShape.exec(hash ?? nobodysHash);
  if (parts === null) throw new Error("A password hash in the database cannot be read.");
  const [, memory, passes, parallelism, nonce = "", tag = ""] = parts;
  const expected = Buffer.from(tag, "base64");
  const parameters = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  };
  const actual = await tagOf(password, Buffer.from(nonce, "base64"), parameters);
  return timingSafeEqual(actual, expected) && hash !== null;
}

const nobodysHash = phcOf(usualCost, Buffer.alloc(16), Buffer.alloc(tagLength));

function phcOf(cost: PasswordCost, nonce: Buffer, tag: Buffer): string {
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString("base64").replaceAll("=", ""));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${salt}$${hash}`;
}

function tagOf(
  password: string,
  nonce: Buffer,
  parameters: PasswordCost & { readonly tagLength: number },
): Promise<Buffer> {
  return derive("argon2id", { message: Buffer.from(password.normalize("NFC")), nonce, ...parameters });
}
