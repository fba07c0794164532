import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { isUuid, newId } from "../store/id.ts";

/**
 * What a link in a mail, or a session's cookie, carries: the account or organization that the row belongs to, the row's id,
 * and the secret that proves it.
 */
export type LinkParts = { readonly ownerId: string; readonly id: string; readonly secret: string };

const secretBytes = 32;

/** A new link's text, `owner.id.secret`, and the hash that is kept of it (SHA-256 of 256 random bits). */
export function newLink(
  ownerId: string,
  id = newId(),
): { readonly id: string; readonly text: string; readonly hash: Buffer } {
  const secret = randomBytes(secretBytes).toString("base64url");
  return { id, text: `${ownerId}.${id}.${secret}`, hash: hashOf(secret) };
}

/** Reads a link's text; undefined for what cannot be one. */
export function readLink(text: string): LinkParts | undefined {
  const [ownerId = "", id = "", secret = "", ...rest] = text.split(".");
  if (!isUuid(ownerId) || !isUuid(id) || secret === "" || rest.length > 0) return undefined;
  return { ownerId, id, secret };
}

/** The row that the link names, where the link holds its secret. `find`: reads it by its owner's id and its own. */
export async function provenRow<R extends { readonly secretHash: Buffer }>(
  text: string,
  find: (ownerId: string, id: string) => Promise<R | undefined>,
): Promise<R | undefined> {
  const link = readLink(text);
  const row = link && (await find(link.ownerId, link.id));
  return link && row && provesLink(link, row.secretHash) ? row : undefined;
}

/** Is this the secret of the row? In constant time. */
export function provesLink(link: LinkParts, hash: Buffer): boolean {
  return timingSafeEqual(hashOf(link.secret), hash);
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
