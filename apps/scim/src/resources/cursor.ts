import { createHmac, timingSafeEqual } from "node:crypto";
import type { Credential, Place } from "@rollcall/db";
import { badRequest, cursorTimeoutS, err, ok, type Result, type ScimError } from "@rollcall/scim-protocol";
import { z } from "zod";

/**
 * A cursor (RFC 9865 section 2) is base64url of an HMAC and of JSON: its creation time (seconds since 1970), the id of
 * the last resource of its page and the sort key. The HMAC covers the JSON and the query and is keyed with the hash of
 * the token's secret: every node can verify it without configuration, and a cursor made with another token or for
 * another query is refused. The JSON is no secret: the client has just read it.
 */
const contents = z.tuple([z.number(), z.string(), z.string().nullable()]);
const sealBytes = 16;
/** The longest sortable text has 1024 characters. */
const cursorLengthMax = 8192;

/** `query` is the canonical text of everything that must be the same on the next page. */
export function writeCursor(credential: Credential, query: string, place: Place, now: Date): string {
  const content = Buffer.from(JSON.stringify([Math.floor(now.getTime() / 1000), place.id, place.key]));
  return Buffer.concat([sealOf(credential, query, content), content]).toString("base64url");
}

/** The place that the cursor encodes. Errors: 400 invalidCursor, 400 expiredCursor. */
export function readCursor(credential: Credential, query: string, cursor: string, now: Date): Result<Place, ScimError> {
  if (cursor.length > cursorLengthMax || !/^[\w-]+$/.test(cursor)) return err(invalid);
  const bytes = Buffer.from(cursor, "base64url");
  const [seal, content] = [bytes.subarray(0, sealBytes), bytes.subarray(sealBytes)];
  if (seal.length !== sealBytes || !timingSafeEqual(seal, sealOf(credential, query, content))) return err(invalid);
  const [madeAtS, id, key] = contents.parse(JSON.parse(content.toString()));
  return now.getTime() / 1000 - madeAtS > cursorTimeoutS ? err(expired) : ok({ id, key });
}

function sealOf(credential: Credential, query: string, content: Buffer): Buffer {
  const hmac = createHmac("sha256", credential.secretHash).update("rollcall cursor 1\n");
  return hmac
    .update(`${Buffer.byteLength(query)}\n${query}`)
    .update(content)
    .digest()
    .subarray(0, sealBytes);
}

const invalid = badRequest(
  "invalidCursor",
  "This cursor is not one of this query. Send the nextCursor of the page before, with the same token, filter, sortBy and sortOrder, or an empty cursor for the first page.",
);
const expired = badRequest(
  "expiredCursor",
  `This cursor has expired: it can be used for ${cursorTimeoutS} seconds. Start again with an empty cursor.`,
);
