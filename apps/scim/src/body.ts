import { badRequest, bulkPayloadSizeMax, type ScimError } from "@rollcall/scim-protocol";
import express, { type Request, type RequestHandler } from "express";

/** The largest body in bytes: a full push of some 40,000 group members. */
const bodyBytesMax = 4 * 1024 * 1024;

/** Reads JSON of both media types that providers send, with any parameters and in any case. */
export const readJson: RequestHandler = express.json({ limit: bodyBytesMax, strict: false, type: isJson });

/** The same for a bulk request, which may be smaller than a single one (RFC 7644 section 3.7.4). */
export const readBulkJson: RequestHandler = express.json({ limit: bulkPayloadSizeMax, strict: false, type: isJson });

/** A body of any other type is refused before it is read; one without a type is none. */
export function unsupportedType(req: Request): ScimError | undefined {
  if (!hasBody(req) || isJson(req)) return undefined;
  return {
    status: 415,
    detail: "The body must be JSON: send it with the Content-Type application/scim+json (or application/json).",
  };
}

/** What express's reader throws, as SCIM says it (RFC 7644 section 3.12); undefined for an error that is not its. */
export function toBodyError(cause: unknown): ScimError | undefined {
  switch (typeOf(cause)) {
    case "entity.parse.failed":
      return badRequest("invalidSyntax", "The body is not valid JSON.");
    case "entity.too.large":
      return { status: 413, detail: tooLarge(limitOf(cause)) };
    case "encoding.unsupported":
    case "charset.unsupported":
      return { status: 415, detail: "The body must be UTF-8, plain or with gzip, deflate or br." };
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

/** zlib's own errors come without a type: what could not be unpacked is the sender's fault, not ours. */
function isUnpackingError(cause: unknown): boolean {
  return (
    typeof cause === "object" &&
    cause !== null &&
    "code" in cause &&
    typeof cause.code === "string" &&
    /^(?:Z_|ERR_BROTLI|ERR__ERROR)/.test(cause.code)
  );
}

function hasBody(req: Request): boolean {
  return req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
}

function isJson(req: { readonly headers: { readonly "content-type"?: string | undefined } }): boolean {
  const type = (req.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  return type === "application/scim+json" || type === "application/json";
}

/** The limit in bytes that the reader was made with. */
function limitOf(cause: unknown): number {
  return typeof cause === "object" && cause !== null && "limit" in cause && typeof cause.limit === "number"
    ? cause.limit
    : bodyBytesMax;
}

function typeOf(cause: unknown): string | undefined {
  return typeof cause === "object" && cause !== null && "type" in cause && typeof cause.type === "string"
    ? cause.type
    : undefined;
}
