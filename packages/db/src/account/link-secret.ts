import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { isUuid, newId } from "../store/id.ts";

/**
 * The parts of a mailed link or a session cookie: the account or organization that owns the row, the row's id, and the
 * secret.
 */
export type LinkParts = { readonly ownerId: string; readonly id: string; readonly secret: string };

const secretBytes = 32;

/** Creates a link's text, `owner.id.secret`, and the stored hash (SHA-256 of 256 random bits). */
export function newLink(
  ownerId: string,
  id = newId(),
): { readonly id: string; readonly text: string; readonly hash: Buffer } {
  const secret = randomBytes(secretBytes).toString("base64url");
  return { id, text: `${ownerId}.${id}.${secret}`, hash: hashOf(secret) };
}

/** Parses a link's text; undefined if malformed. */
export function readLink(text: string): LinkParts | undefined {
  const [ownerId = "", id = "", secret = "", ...rest] = text.split(".");
  if (!isUuid(ownerId) || !isUuid(id) || secret === "" || rest.length > 0) return undefined;
  return { ownerId, id, secret };
}

/** The row of the link, if the secret matches. `find`: reads it by its owner's id and its own. */
export async function provenRow<R extends { readonly secretHash: Buffer }>(
  text: string,
  find: (ownerId: string, id: string) => Promise<R | undefined>,
): Promise<R | undefined> {
  const link = readLink(text);
  const row = link && (await find(link.ownerId, link.id));
  return link && row && provesLink(link, row.secretHash) ? row : undefined;
}

/** Compares the secret with the row's hash in constant time. */
export function provesLink(link: LinkParts, hash: Buffer): boolean {
  return timingSafeEqual(hashOf(link.secret), hash);
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
