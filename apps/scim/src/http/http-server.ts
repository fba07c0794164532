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

/** A filter of the longest kind, percent-encoded, and the rest of a provider's headers. */
const headerBytesMax = 64 * 1024;

/** How long a client may take to read the last response of a connection, whether or not it closes its own half. */
const lingerMs = 1_000;

/** In milliseconds. Providers wait 60 seconds; a request that is not here by then never comes. */
const defaultBounds = { headersTimeout: 20_000, requestTimeout: 60_000, connectionsCheckingInterval: 5_000 };

/** The request that a connection was last about. */
type Latest = { readonly req: IncomingMessage; readonly res: ServerResponse };

/**
 * An HTTP server with bounds in time and size. What Node cannot read as HTTP never reaches `listener`; that is answered
 * as SCIM JSON too, and the connection ends.
 */
export function createHttpServer(listener: RequestListener, bounds: Partial<typeof defaultBounds> = {}): Server {
  const latestBySocket = new WeakMap<Duplex, Latest>();
  const answer: RequestListener = (req, res) => {
    latestBySocket.set(req.socket, { req, res });
    const error = problemOfHead(req);
    if (error === undefined) listener(req, res);
    else answerRefused(res, error);
  };
  // Idle connections outlive a proxy's.
  const options = { maxHeaderSize: headerBytesMax, requireHostHeader: false, keepAliveTimeout: 75_000 };
  const server = createServer({ ...options, ...defaultBounds, ...bounds }, answer);
  server.on("clientError", (cause: NodeJS.ErrnoException, socket) =>
    answerAfter(latestBySocket.get(socket), socket, toUnreadable(cause.code)),
  );
  // RFC 9110 section 10.1.1: only 100-continue is known, and Node answers that by itself.
  server.on("checkExpectation", (_req, res: ServerResponse) => answerRefused(res, expectationUnknown));
  // Node would close the connection without a word, and leaves its errors to who takes it over.
  server.on("connect", (_req, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    answerUnreadable(socket, noProxy, ["Allow: GET, POST, PUT, PATCH, DELETE"]);
  });
  return server;
}

const hostMissing: ScimError = {
  status: 400,
  detail: "An HTTP/1.1 request has one Host header (RFC 9112 section 3.2).",
};
const encodingUnknown: ScimError = { status: 400, detail: "The only transfer encoding that can be read is chunked." };
const expectationUnknown: ScimError = { status: 417, detail: "The only expectation that can be met is 100-continue." };
const noProxy: ScimError = { status: 405, detail: "This is a SCIM service and no proxy." };

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

/** What Node would let through, or refuse without a body (RFC 9112 sections 3.2 and 6.1). */
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
 * What follows a whole request on its connection, such as a body that is longer than announced, waits for that request's own
 * answer: without this the caller would take our 400 for it, while the request had its effect. Behind an answer that ends
 * the connection nothing more is said.
 */
function answerAfter(latest: Latest | undefined, socket: Duplex, error: ScimError): void {
  const isAnswered = latest?.res.headersSent === true;
  if (latest === undefined || (!latest.req.complete && !isAnswered)) answerUnreadable(socket, error);
  else if (!latest.res.writableFinished) latest.res.once("finish", () => answerAfter(latest, socket, error));
  else if (latest.res.shouldKeepAlive) answerUnreadable(socket, error);
  else endConnection(socket);
}

function answerUnreadable(socket: Duplex, error: ScimError, headers: readonly string[] = []): void {
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

/** Ends both halves: Node leaves the other one to the client, which may keep it for ever. */
function endConnection(socket: Duplex, bytes = ""): void {
  const late = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(late)).end(bytes);
}

/** Answers a request that nothing else looks at, and ends its connection. */
export function answerRefused(res: ServerResponse, error: ScimError): void {
  const body = Buffer.from(JSON.stringify(errorBody(error)));
  res.writeHead(error.status, {
    "content-type": mediaType,
    "content-length": body.length,
    "x-request-id": randomUUID(),
    connection: "close",
  });
  res.end(body);
}
