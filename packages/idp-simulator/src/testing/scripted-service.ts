import { createServer, type IncomingHttpHeaders } from "node:http";
import { listSchema, scimMediaType, userSchema } from "../scim-wire.ts";

/** A received request; the body is parsed JSON. */
export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
};
/** The scripted response: `body` is printed as JSON, unless it is a string already. */
export type Scripted = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};
export type ScriptedService = AsyncDisposable & { readonly baseUrl: string; readonly received: Received[] };

const requestBytesMax = 1024 * 1024;

/** For this package's tests: an HTTP server on a free port that records each request and returns scripted responses. */
export async function scriptedService(script: (request: Received) => Scripted): Promise<ScriptedService> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    req.on("data", (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes > requestBytesMax) req.destroy();
      else chunks.push(chunk);
    });
    req.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      const request = { method: req.method ?? "", path: req.url ?? "", headers: req.headers, body };
      received.push(request);
      const response = script(request);
      res.writeHead(response.status, { "Content-Type": scimMediaType, ...response.headers });
      res.end(typeof response.body === "string" ? response.body : JSON.stringify(response.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The scripted service has no port.");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/scim_v2`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function listOf(resources: readonly unknown[], totalResults = resources.length, startIndex = 1): object {
  return { schemas: [listSchema], totalResults, startIndex, itemsPerPage: resources.length, Resources: resources };
}

/** A User as a correct service returns it. */
export function userOf(overrides: object = {}): object {
  return {
    schemas: [userSchema],
    id: "u1",
    externalId: "an-older-id",
    userName: "pam@dm.example",
    name: { givenName: "Pam", familyName: "Beesly", formatted: "Pam Beesly" },
    displayName: "Pam Beesly",
    active: true,
    emails: [{ value: "pam@dm.example", type: "work", primary: true }],
    meta: { resourceType: "User", created: "04-12-2018 00:00:00", location: "https://scim.example/scim_v2/Users/u1" },
    ...overrides,
  };
}
