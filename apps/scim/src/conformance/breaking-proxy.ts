import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answered, Asked, Breakage } from "./breakage.ts";

export type BreakingProxy = {
  /** Stands in for the service's base URL. */
  readonly baseUrl: string;
  /** From now on answers are broken this way; undefined: passed on as they are. */
  use(breakage: Breakage | undefined): void;
  stop(): Promise<void>;
};

const basePath = "/scim_v2";

/** Starts a proxy before the service at `serviceUrl`. For tests only. */
export async function startBreakingProxy(serviceUrl: string): Promise<BreakingProxy> {
  let current: Breakage | undefined;
  const ask = (asked: Asked): Promise<Answered> => forward(serviceUrl, asked);
  const server = createServer((req, res) => {
    void pass(req, res, current, ask).catch((cause: unknown) => {
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
    use: (breakage) => {
      current = breakage;
    },
    stop: () =>
      new Promise((done, failed) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? done() : failed(error)));
      }),
  };
}

async function pass(
  req: IncomingMessage,
  res: ServerResponse,
  breakage: Breakage | undefined,
  ask: (asked: Asked) => Promise<Answered>,
): Promise<void> {
  const given = await readAsked(req);
  const asked = breakage?.request === undefined ? given : breakage.request(given);
  const honest = await ask(asked);
  const answered = breakage?.answer === undefined ? honest : await breakage.answer({ asked, answered: honest, ask });
  const hasBody = answered.status !== 204 && answered.status !== 304;
  res.writeHead(answered.status, answered.headers).end(hasBody ? answered.text : undefined);
}

async function readAsked(req: IncomingMessage): Promise<Asked> {
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

async function forward(serviceUrl: string, asked: Asked): Promise<Answered> {
  const query = asked.query.toString();
  const response = await fetch(`${serviceUrl}${asked.path}${query === "" ? "" : `?${query}`}`, {
    method: asked.method,
    headers: asked.headers,
    redirect: "manual",
    ...(asked.text === "" ? {} : { body: new TextEncoder().encode(asked.text) }),
  });
  const headers = [...response.headers].filter(([name]) => !hopByHop.has(name));
  return { status: response.status, headers: Object.fromEntries(headers), text: await response.text() };
}

/** What holds for one connection, or for the body as it was packed: the proxy says it anew. */
const hopByHop: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
  "accept-encoding",
  "host",
]);
