import { randomUUID } from "node:crypto";
import { createServer, STATUS_CODES, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { errorBody, mediaType, type ScimError } from "@rollcall/scim-protocol";

/** A filter of the longest kind, percent-encoded, and the rest of a provider's headers. */
const headerBytesMax = 64 * 1024;

/**
 * An HTTP server with bounds in time and size. What Node cannot read as HTTP never reaches `listener`; that is answered
 * as SCIM JSON too, and the connection ends.
 */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer({ maxHeaderSize: headerBytesMax }, listener);
  // Providers wait 60 seconds; a request that is not here by then never comes. Idle connections outlive a proxy's.
  server.requestTimeout = 60_000;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 75_000;
  server.on("clientError", (cause: NodeJS.ErrnoException, socket) =>
    answerUnreadable(socket, toUnreadable(cause.code)),
  );
  return server;
}

function toUnreadable(code: string | undefined): ScimError {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, detail: `The address and the headers are longer than ${headerBytesMax / 1024} KiB.` };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, detail: "The request did not arrive in time." };
    default:
      return { status: 400, detail: "This is not a request that HTTP/1.1 knows." };
  }
}

function answerUnreadable(socket: Duplex, error: ScimError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    `Content-Type: ${mediaType}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
