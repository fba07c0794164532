import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(argon2);

/** Parameters of Argon2id (RFC 9106 section 3.1); `memory` is in KiB. */
export type PasswordCost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

/** OWASP's second choice: 19 MiB, two passes, one lane. */
const usualCost: PasswordCost = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;

/** Hashes a password as `argon2id$memory$passes$parallelism$nonce$tag`, the last two in base64url. */
export async function hashPassword(password: string, cost = usualCost): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await tagOf(password, nonce, { ...cost, tagLength });
  const parts = [cost.memory, cost.passes, cost.parallelism, nonce.toString("base64url"), tag.toString("base64url")];
  return `argon2id$${parts.join("$")}`;
}

/** Is this the password? A hash of null (no such account, or no password set) takes as long and is never right. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const parts = (hash ?? nobodysHash).split("$");
  const [, memory, passes, parallelism, nonce = "", tag = ""] = parts;
  const expected = Buffer.from(tag, "base64url");
  const parameters = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  };
  const actual = await tagOf(password, Buffer.from(nonce, "base64url"), parameters);
  return timingSafeEqual(actual, expected) && hash !== null;
}

const nobodysHash = `argon2id$${usualCost.memory}$${usualCost.passes}$${usualCost.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`;

function tagOf(
  password: string,
  nonce: Buffer,
  parameters: PasswordCost & { readonly tagLength: number },
): Promise<Buffer> {
  return derive("argon2id", { message: Buffer.from(password.normalize("NFC")), nonce, ...parameters });
}
