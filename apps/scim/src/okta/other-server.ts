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

async function passOn(baseUrl: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await text(req);
  const answer = await fetch(`${baseUrl}${req.url ?? ""}`, {
    method: req.method ?? "GET",
    headers: { authorization: req.headers.authorization ?? "", "content-type": req.headers["content-type"] ?? "" },
    signal: AbortSignal.timeout(30_000),
    ...(body === "" ? {} : { body }),
  });
  const location = answer.headers.get("location");
  const contentType = answer.headers.get("content-type") ?? "";
  res.writeHead(answer.status, { "Content-Type": contentType, ...(location === null ? {} : { Location: location }) });
  res.end(await answer.text());
}

async function listening(listener: RequestListener): Promise<OtherServer> {
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
