import { once } from "node:events";
import { errorBody, mediaType } from "@rollcall/scim-protocol";
import type { Response } from "express";
import type { Success } from "./handler.ts";
import { jsonPieces, sentPart } from "./json-stream.ts";
import type { ErrorResponse } from "./scim-error.ts";

/** How long a client may take to read a large body: a million members take 20 s. Providers give up after 60 s. */
const readMaxMs = 120_000;

export function sendError(res: Response, error: ErrorResponse): void {
  if (error.status === 401) res.setHeader("www-authenticate", 'Bearer realm="Rollcall SCIM"');
  if (error.allow !== undefined) res.setHeader("allow", error.allow);
  if (error.retryAfterS !== undefined) res.setHeader("retry-after", String(error.retryAfterS));
  send(res, error.status, errorBody(error));
}

export function sendSuccess(res: Response, success: Success): void {
  setHeaders(res, success);
  send(res, success.status, success.body);
}

function setHeaders(res: Response, { location, etag }: Success): void {
  if (location !== undefined) res.setHeader("location", location);
  if (etag !== undefined) res.setHeader("etag", etag);
}

function send(res: Response, status: number, body: object | undefined): void {
  if (body === undefined) {
    res.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  // As text it is sent with the head in one write.
  res.writeHead(status, { "content-type": mediaType, "content-length": Buffer.byteLength(text) }).end(text);
}

export type Large = Success & { readonly body: object };

/** `fault` logs an error of ours. */
type Sending = { readonly isHead: boolean; readonly fault: (cause: unknown) => unknown };

/**
 * Sends a large body in pieces, each when the client has read the one before. Where the body breaks off, the connection
 * ends, because the status is sent already. Returns what was sent, for the request log.
 */
export async function sendPieces(res: Response, success: Large, { isHead, fault }: Sending): Promise<Large> {
  const { status, body } = success;
  setHeaders(res, success);
  res.writeHead(status, { "content-type": mediaType });
  const late = AbortSignal.timeout(readMaxMs);
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  // A client that is gone already does not close again.
  if (res.closed) gone.abort();
  const end = AbortSignal.any([late, gone.signal]);
  let note: { readonly note?: string } = {};
  try {
    for await (const piece of isHead ? [] : jsonPieces(body)) {
      if (!res.write(piece)) await once(res, "drain", { signal: end });
      end.throwIfAborted();
    }
    res.end();
  } catch (cause) {
    // A connection that breaks while it is written to ends the wait before it is closed.
    const why = late.aborted ? "late" : gone.signal.aborted || res.destroyed ? "gone" : "failed";
    if (why === "failed") fault(cause);
    note = { note: endedEarly(why) };
    res.destroy();
  }
  return { ...success, ...note, body: sentPart(body) };
}

function endedEarly(why: "late" | "gone" | "failed"): string {
  const reasons = {
    late: `the client took longer than ${readMaxMs / 1000} seconds to read it`,
    gone: "the client closed the connection",
    failed: "Rollcall could not read the rest",
  };
  return `The response ended early: ${reasons[why]}.`;
}
