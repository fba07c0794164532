import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault, ProxyRequest, ProxyResponse } from "./fault.ts";

export type { ProxyRequest, ProxyResponse };

type Send = (request: ProxyRequest) => Promise<ProxyResponse>;
/** Responds to requests itself; `send` forwards one to the service. */
export type Handler = (request: ProxyRequest, send: Send) => ProxyResponse | Promise<ProxyResponse>;

export type FaultProxy = AsyncDisposable & {
  /** Takes the place of the service's base URL. */
  readonly baseUrl: string;
  /** The fault of all exchanges from now on; undefined: none. */
  use(fault: Fault | Handler | undefined): void;
};

const basePath = "/scim_v2";

/** Starts a proxy before the service at `serviceUrl`, at first with `fault`. For tests only. */
export async function startFaultProxy(serviceUrl: string, fault?: Fault | Handler): Promise<FaultProxy> {
  let current = fault;
  const send: Send = (request) => forward(serviceUrl, request);
  const server = createServer((req, res) => {
    void pass(req, res, current, send).catch((cause: unknown) => {
      res.writeHead(502).end(String(cause));
    });
  });
  await new Promise<void>((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", done);
  });
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}${basePath}`,
    use: (next) => {
      current = next;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((done, failed) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? done() : failed(error)));
      }),
  };
}

async function pass(
  req: IncomingMessage,
  res: ServerResponse,
  fault: Fault | Handler | undefined,
  send: Send,
): Promise<void> {
  const handle = typeof fault === "function" ? fault : handlerOf(fault);
  const response = await handle(await readRequest(req), send);
  const hasBody = response.status !== 204 && response.status !== 304;
  res.writeHead(response.status, response.headers).end(hasBody ? response.text : undefined);
}

function handlerOf(fault: Fault | undefined): Handler {
  return async (given, send) => {
    const request = fault?.request === undefined ? given : fault.request(given);
    const response = await send(request);
    return fault?.response === undefined ? response : fault.response({ request, response, send });
  };
}

async function readRequest(req: IncomingMessage): Promise<ProxyRequest> {
  const url = new URL(req.url ?? "/", "http://proxy");
  const chunks: Uint8Array[] = [];
  for await (const chunk of req) if (chunk instanceof Uint8Array) chunks.push(chunk);
  const headers = Object.entries(req.headers).flatMap(([name, value]) =>
    typeof value === "string" && !hopByHop.has(name) ? [[name, value] as const] : [],
  );
  return {
    method: req.method ?? "GET",
    path: url.pathname.slice(basePath.length),
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    text: Buffer.concat(chunks).toString(),
  };
}

async function forward(serviceUrl: string, request: ProxyRequest): Promise<ProxyResponse> {
  const query = request.query.toString();
  const response = await fetch(`${serviceUrl}${request.path}${query === "" ? "" : `?${query}`}`, {
    method: request.method,
    headers: request.headers,
    redirect: "manual",
    ...(request.text === "" ? {} : { body: new TextEncoder().encode(request.text) }),
  });
  const headers = [...response.headers].filter(([name]) => !hopByHop.has(name));
  return { status: response.status, headers: Object.fromEntries(headers), text: await response.text() };
}

/** Headers of one connection, or of the body as it was encoded: the proxy sets its own. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
  "accept-encoding",
  "host",
]);
