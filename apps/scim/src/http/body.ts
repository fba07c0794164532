import { isUtf8 } from "node:buffer";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  badRequest,
  bulkPayloadSizeMax,
  err,
  ok,
  problemOfJson,
  type Result,
  type ScimError,
} from "@rollcall/scim-protocol";
import express, { type Request, type RequestHandler } from "express";

/** The largest body in bytes: a full push of about 40,000 group members. */
const bodyBytesMax = 4 * 1024 * 1024;
/** Bodies up to this size are read and parsed before the token is confirmed: parsing takes less than a millisecond. */
const smallBytesMax = 16 * 1024;

/**
 * Reads the bytes of both media types that providers send, with any parameters and in any case. The limit counts
 * decompressed bytes.
 */
export const readBytes: RequestHandler = express.raw({ limit: bodyBytesMax, type: isJson });

/** The same for a bulk request, with its smaller limit (RFC 7644 section 3.7.4). */
export const readBulkBytes: RequestHandler = express.raw({ limit: bulkPayloadSizeMax, type: isJson });

/** Refuses a body of any other type or charset before it is read. */
export function unsupportedType(req: Request): ScimError | undefined {
  if (!hasBody(req)) return undefined;
  if (!isJson(req)) {
    return {
      status: 415,
      detail: "The body must be JSON: send it with the Content-Type application/scim+json (or application/json).",
    };
  }
  return isInUtf8(req) ? undefined : notUtf8;
}

const notUtf8: ScimError = { status: 415, detail: "The body must be UTF-8, plain or with gzip, deflate or br." };

/**
 * Parses the bytes that `readBytes` left in `req.body` as strict JSON (RFC 8259): valid UTF-8 and none of the problems
 * that `problemOfJson` finds. One byte order mark at the start is skipped, as section 8.1 allows. An empty body is
 * undefined; every handler refuses that itself. Yields to other requests between the passes over a large body. Errors:
 * 400 invalidSyntax.
 */
export async function parseBody(bytes: unknown): Promise<Result<unknown, ScimError>> {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return ok(undefined);
  if (!isUtf8(bytes)) return err(badRequest("invalidSyntax", "The body is not valid UTF-8."));
  const text = bytes.toString("utf8", startsWithMark(bytes) ? 3 : 0);
  const isLong = bytes.length > smallBytesMax;
  if (isLong) await nextTurn();
  const problem = problemOfJson(text);
  if (problem !== undefined) return err(badRequest("invalidSyntax", `The body ${problem}.`));
  if (isLong) await nextTurn();
  const parsed = parseJson(text);
  if (isLong) await nextTurn();
  return parsed;
}

function parseJson(text: string): Result<unknown, ScimError> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return err(badRequest("invalidSyntax", "The body is not valid JSON."));
  }
}

function startsWithMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

/** The SCIM error for an error of Express's body reader (RFC 7644 section 3.12); undefined for any other error. */
export function toBodyError(cause: unknown): ScimError | undefined {
  switch (typeOf(cause)) {
    case "entity.too.large":
      return { status: 413, detail: tooLarge(limitOf(cause)) };
    case "encoding.unsupported":
      return notUtf8;
    case "request.aborted":
    case "request.size.invalid":
      return badRequest("invalidSyntax", "The body ended before its announced length.");
    default:
      return isUnpackingError(cause)
        ? badRequest("invalidSyntax", "The body is not packed as its Content-Encoding says, or is cut off.")
        : undefined;
  }
}

function tooLarge(limit: number): string {
  return limit === bulkPayloadSizeMax
    ? `The size of the bulk operation exceeds the maxPayloadSize (${bulkPayloadSizeMax}).`
    : `The body is larger than ${bodyBytesMax / 1024 / 1024} MiB. Send fewer members in one request.`;
}

/** zlib's own errors have no type: a body that cannot be decompressed is the client's fault. */
function isUnpackingError(cause: unknown): boolean {
  return (
    typeof cause === "object" &&
    cause !== null &&
    "code" in cause &&
    typeof cause.code === "string" &&
    /^(?:Z_|ERR_BROTLI|ERR__ERROR)/.test(cause.code)
  );
}

/** A body that costs more than the token look-up: long, of unknown length, or compressed (34 bytes unpack to 4 MB). */
export function isCostly(req: Request): boolean {
  const encoding = req.headers["content-encoding"] ?? "identity";
  if (req.headers["transfer-encoding"] !== undefined || encoding.toLowerCase() !== "identity") return hasBody(req);
  return Number(req.headers["content-length"] ?? 0) > smallBytesMax;
}

function hasBody(req: Request): boolean {
  return req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
}

function isJson(req: { readonly headers: { readonly "content-type"?: string | undefined } }): boolean {
  const type = (req.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  return type === "application/scim+json" || type === "application/json";
}

/** The limit in bytes that the reader was created with. */
function limitOf(cause: unknown): number {
  return typeof cause === "object" && cause !== null && "limit" in cause && typeof cause.limit === "number"
    ? cause.limit
    : bodyBytesMax;
}

/** JSON is always UTF-8 (RFC 8259 section 8.1); any other declared charset is refused. */
function isInUtf8(req: Request): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(req.headers["content-type"] ?? "")?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
}

function typeOf(cause: unknown): string | undefined {
  return typeof cause === "object" && cause !== null && "type" in cause && typeof cause.type === "string"
    ? cause.type
    : undefined;
}
