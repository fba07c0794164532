import { randomUUID } from "node:crypto";
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { errorBody, mediaType, type ScimError } from "@rollcall/scim-protocol";

/** Fits the longest percent-encoded filter and a provider's other headers. */
const headerBytesMax = 64 * 1024;

/** How long a client may take to read the last response of a connection, whether or not it closes its own half. */
const lingerMs = 1_000;

/** In milliseconds. Providers wait 60 seconds, so a slower request has been given up. */
const defaultBounds = { headersTimeout: 20_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 };

/** The latest request of a connection. */
type Latest = { readonly req: IncomingMessage; readonly res: ServerResponse };

/**
 * An HTTP server with bounds in time and size. Input that Node cannot parse as HTTP never reaches `listener`: it gets a
 * SCIM JSON error, and the connection ends.
 */
export function createHttpServer(listener: RequestListener, bounds: Partial<typeof defaultBounds> = {}): Server {
  const latestBySocket = new WeakMap<Duplex, Latest>();
  const listen: RequestListener = (req, res) => {
    latestBySocket.set(req.socket, { req, res });
    const error = problemOfHead(req);
    if (error === undefined) listener(req, res);
    else rejectRequest(res, error);
  };
  // Longer than the idle timeout of common proxies.
  const options = { maxHeaderSize: headerBytesMax, requireHostHeader: false, keepAliveTimeout: 75_000 };
  const server = createServer({ ...options, ...defaultBounds, ...bounds }, listen);
  server.on("clientError", (cause: NodeJS.ErrnoException, socket) =>
    rejectAfter(latestBySocket.get(socket), socket, toUnreadable(cause.code)),
  );
  // RFC 9110 section 10.1.1: only 100-continue is known, and Node handles it.
  server.on("checkExpectation", (_req, res: ServerResponse) => rejectRequest(res, expectationUnknown));
  // Node would close the connection without a response, and leaves its error events to the new owner of the socket.
  server.on("connect", (_req, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    rejectUnreadable(socket, noProxy, ["Allow: GET, POST, PUT, PATCH, DELETE"]);
  });
  return server;
}

const hostMissing: ScimError = {
  status: 400,
  detail: "An HTTP/1.1 request has one Host header (RFC 9112 section 3.2).",
};
const encodingUnknown: ScimError = { status: 400, detail: "The only transfer encoding that can be read is chunked." };
const expectationUnknown: ScimError = { status: 417, detail: "The only expectation that can be met is 100-continue." };
const noProxy: ScimError = { status: 405, detail: "This is a SCIM service, not a proxy." };

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

/** Requests that Node would accept, or refuse without a body (RFC 9112 sections 3.2 and 6.1). */
function problemOfHead(req: IncomingMessage): ScimError | undefined {
  if (req.httpVersion === "1.1" && hostsOf(req) !== 1) return hostMissing;
  const encoding = req.headers["transfer-encoding"];
  return encoding === undefined || encoding.toLowerCase() === "chunked" ? undefined : encodingUnknown;
}

function hostsOf(req: IncomingMessage): number {
  let hosts = 0;
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    if (req.rawHeaders[index]?.toLowerCase() === "host") hosts += 1;
  }
  return hosts;
}

/**
 * Delays the error for bytes that follow a complete request on its connection, such as a body longer than announced,
 * until that request has its own response: the client would otherwise take the 400 for it although the request took
 * effect. Nothing is sent after a response that ends the connection.
 */
function rejectAfter(latest: Latest | undefined, socket: Duplex, error: ScimError): void {
  const isAnswered = latest?.res.headersSent === true;
  if (latest === undefined || (!latest.req.complete && !isAnswered)) rejectUnreadable(socket, error);
  else if (!latest.res.writableFinished) latest.res.once("finish", () => rejectAfter(latest, socket, error));
  else if (latest.res.shouldKeepAlive) rejectUnreadable(socket, error);
  else endConnection(socket);
}

function rejectUnreadable(socket: Duplex, error: ScimError, headers: readonly string[] = []): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
    ...headers,
    "Connection: close",
  ];
  endConnection(socket, `${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Ends both halves: Node leaves the other half to the client, which may keep it open forever. */
function endConnection(socket: Duplex, bytes = ""): void {
  const late = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(late)).end(bytes);
}

/** Responds with an error to a request that no handler sees, and ends its connection. */
export function rejectRequest(res: ServerResponse, error: ScimError): void {
  const body = Buffer.from(JSON.stringify(errorBody(error)));
  res.writeHead(error.status, {
    "content-type": mediaType,
    "content-length": body.length,
    "x-request-id": randomUUID(),
    connection: "close",
  });
  res.end(body);
}
