import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** A key of 32 random bytes for all secrets in the database; `id` identifies it without revealing it. */
export type SecretKey = { readonly id: string; readonly bytes: Buffer };

/** Encrypts secrets in the database, so that a copy of it does not reveal them. */
export type SecretBox = {
  /** Encrypts the text for this place only (`table/column/row id`); returns it unchanged if no key is set. */
  seal(place: string, text: string): string;
  /** Decrypts. Throws if the key is not set, or the value was changed or moved. */
  open(place: string, sealed: string): string;
  /** The id of the key for encryption, if any. */
  readonly keyId: string | undefined;
};

const prefix = "enc1";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Reads `ROLLCALL_SECRET_KEY` and `ROLLCALL_SECRET_KEY_PREVIOUS` (32 bytes in base64 or hexadecimal), the key for
 * encryption first. Throws a `RangeError` that names the setting.
 */
export function readSecretKeys(environment: Readonly<Record<string, string | undefined>>): readonly SecretKey[] {
  const keys = ["ROLLCALL_SECRET_KEY", "ROLLCALL_SECRET_KEY_PREVIOUS"].map((setting) => {
    const text = environment[setting]?.trim() ?? "";
    if (text === "") return undefined;
    const bytes = Buffer.from(text, /^[\da-f]{64}$/i.test(text) ? "hex" : "base64");
    if (bytes.length !== keyBytes) {
      throw new RangeError(`${setting}: Must be 32 bytes in base64 or hexadecimal (openssl rand -base64 32).`);
    }
    const id = createHash("sha256").update("rollcall key id").update(bytes).digest("hex").slice(0, 8);
    return { id, bytes };
  });
  if (keys[0] === undefined && keys[1] !== undefined) {
    throw new RangeError("ROLLCALL_SECRET_KEY: Required when ROLLCALL_SECRET_KEY_PREVIOUS is set.");
  }
  return keys.filter((key) => key !== undefined);
}

/** Derives a separate key for another purpose (RFC 5869). */
export function deriveKey({ bytes }: SecretKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", bytes, "", purpose, keyBytes));
}

/** Encrypts with the first key and decrypts with any of them: AES-256-GCM (NIST SP 800-38D). */
export function secretBox(keys: readonly SecretKey[]): SecretBox {
  const [current] = keys;
  const keyById = new Map(keys.map((key) => [key.id, deriveKey(key, "secrets at rest")]));
  return {
    keyId: current?.id,
    seal: (place, text) => (current === undefined ? text : encrypt(current.id, keyFor(current.id), place, text)),
    open(place, sealed) {
      const [start, id = "", packed = ""] = sealed.split(".");
      // Written before a key was set; `rollcall doctor` encrypts it.
      if (start !== prefix) return sealed;
      return decrypt(keyFor(id), place, Buffer.from(packed, "base64url"));
    },
  };

  function keyFor(id: string): Buffer {
    const key = keyById.get(id);
    if (key === undefined)
      throw new Error(`A secret in the database is encrypted with the key ${id}, which is not set.`);
    return key;
  }
}

/** The id of the key that has encrypted a value; undefined for plain text. */
export function sealedBy(value: string): string | undefined {
  const [start, id] = value.split(".");
  return start === prefix ? id : undefined;
}

function encrypt(id: string, key: Buffer, place: string, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
  const packed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${prefix}.${id}.${packed.toString("base64url")}`;
}

function decrypt(key: Buffer, place: string, packed: Buffer): string {
  const end = packed.length - tagBytes;
  const cipher = createDecipheriv("aes-256-gcm", key, packed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place)).setAuthTag(packed.subarray(end));
  return Buffer.concat([cipher.update(packed.subarray(nonceBytes, end)), cipher.final()]).toString("utf8");
}
