import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export type OtherServer = AsyncDisposable & { readonly url: string };

/** A server on a free port that returns this response to every request. */
export function fixedResponse(status: number, body: unknown): Promise<OtherServer> {
  return listening((_req, res) => {
    res.writeHead(status, { "Content-Type": "application/scim+json" });
    res.end(JSON.stringify(body));
  });
}

/**
 * A proxy in front of the service that returns 500 to the nth request of this method to /Groups and forwards the rest.
 */
export function failingOnce(baseUrl: string, method: string, nth: number): Promise<OtherServer> {
  let seen = 0;
  return listening((req, res) => {
    if (req.method === method && req.url?.includes("/Groups") === true) seen += 1;
    if (seen !== nth) return void passOn(baseUrl, req, res);
    seen += 1;
    return void res.writeHead(500).end();
  });
}

/** An unchanged response of the service; `body` is "" if there is none. */
export type ForwardedResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

async function passOn(baseUrl: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  sendForwarded(res, await forward(baseUrl, req, await text(req)));
}

/** Forwards a request to the service, with this body. */
export async function forward(baseUrl: string, req: IncomingMessage, body: string): Promise<ForwardedResponse> {
  const response = await fetch(`${baseUrl}${req.url ?? ""}`, {
    method: req.method ?? "GET",
    headers: { authorization: req.headers.authorization ?? "", "content-type": req.headers["content-type"] ?? "" },
    signal: AbortSignal.timeout(30_000),
    ...(body === "" ? {} : { body }),
  });
  const location = response.headers.get("location");
  const headers = { "Content-Type": response.headers.get("content-type") ?? "" };
  return {
    status: response.status,
    headers: location === null ? headers : { ...headers, Location: location },
    body: await response.text(),
  };
}

export function sendForwarded(res: ServerResponse, { status, headers, body }: ForwardedResponse): void {
  res.writeHead(status, headers);
  res.end(body);
}

export async function listening(listener: RequestListener): Promise<OtherServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The test's server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
