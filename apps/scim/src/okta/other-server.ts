import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export type OtherServer = AsyncDisposable & { readonly url: string };

/** A server on a free port that answers every call with this. */
export function cannedAnswer(status: number, body: unknown): Promise<OtherServer> {
  return listening((_req, res) => {
    res.writeHead(status, { "Content-Type": "application/scim+json" });
    res.end(JSON.stringify(body));
  });
}

/** A server in front of the service that answers the nth call of this method to /Groups with 500 and passes the rest on. */
export function failingOnce(baseUrl: string, method: string, nth: number): Promise<OtherServer> {
  let seen = 0;
  return listening((req, res) => {
    if (req.method === method && req.url?.includes("/Groups") === true) seen += 1;
    if (seen !== nth) return void passOn(baseUrl, req, res);
    seen += 1;
    return void res.writeHead(500).end();
  });
}

/** An answer of the service as it came; `body` is "" where there is none. */
export type Passed = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

async function passOn(baseUrl: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  sendPassed(res, await forward(baseUrl, req, await text(req)));
}

/** Sends a call with this body, which may be another than came, on to the service. */
export async function forward(baseUrl: string, req: IncomingMessage, body: string): Promise<Passed> {
  const answer = await fetch(`${baseUrl}${req.url ?? ""}`, {
    method: req.method ?? "GET",
    headers: { authorization: req.headers.authorization ?? "", "content-type": req.headers["content-type"] ?? "" },
    signal: AbortSignal.timeout(30_000),
    ...(body === "" ? {} : { body }),
  });
  const location = answer.headers.get("location");
  const headers = { "Content-Type": answer.headers.get("content-type") ?? "" };
  return {
    status: answer.status,
    headers: location === null ? headers : { ...headers, Location: location },
    body: await answer.text(),
  };
}

export function sendPassed(res: ServerResponse, { status, headers, body }: Passed): void {
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
