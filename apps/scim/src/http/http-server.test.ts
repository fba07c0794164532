import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, expect, test } from "vitest";
import { createHttpServer } from "./http-server.ts";

const server = createHttpServer((_req, res) => void res.end("served"), {
  headersTimeout: 100,
  requestTimeout: 200,
  connectionsCheckingInterval: 50,
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("The server has no port.");
const port = address.port;
afterAll(() => {
  server.close();
});

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((cause, count) => (cause === null ? resolve(count) : reject(cause)));
  });
}

// A client that never closes its half of the connection would hold a file descriptor forever.
test.each([
  ["a request that never ends", "GET / HTTP/1.1\r\nHost: a\r\n", 408],
  ["what is no HTTP", "hello\r\n\r\n", 400],
  ["a header that is too long", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(70_000)}\r\n\r\n`, 431],
  ["a request to be a proxy", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405],
  [
    "what follows a request that ends its connection",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nmore\r\n\r\n",
    200,
  ],
])(
  "the connection of %s is closed after its response, though the client keeps its half open",
  async (_, sent, status) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined).write(sent);
    const chunks: Buffer[] = [];
    // Reading it as a stream would close the client's half at the end.
    socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
    await once(socket, "end");
    expect(Buffer.concat(chunks).toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    await expect.poll(connections).toBe(0);
    socket.destroy();
  },
);
