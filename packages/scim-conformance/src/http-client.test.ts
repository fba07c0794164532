import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import { openClient, type Client } from "./http-client.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function against(listener: RequestListener, timeoutMs = 5000): Promise<Client> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((done) => started.listen(0, "127.0.0.1", done));
  const address = started.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return openClient({ baseUrl: `http://127.0.0.1:${port}/base//`, token: "secret", timeoutMs });
}

test("a request carries the token, its body and its path below the base", async () => {
  const client = await against((req, res) => {
    const { authorization, accept } = req.headers;
    const type = req.headers["content-type"];
    req.on("data", (chunk: Buffer) =>
      res.end(JSON.stringify({ url: req.url, authorization, accept, type, body: String(chunk) })),
    );
  });
  const { body } = await client.send({ method: "POST", path: "/Users?a=b", body: { a: 1 } });
  expect(body).toEqual({
    url: "/base/Users?a=b",
    authorization: "Bearer secret",
    accept: "application/scim+json",
    type: "application/scim+json",
    body: '{"a":1}',
  });
});

test("a header can be replaced and taken away", async () => {
  const client = await against((req, res) => res.end(JSON.stringify(req.headers)));
  const response = await client.send({
    method: "GET",
    path: "/",
    headers: { authorization: undefined, accept: "x/y" },
  });
  expect(response.body).toMatchObject({ accept: "x/y" });
  expect(response.body).not.toHaveProperty("authorization");
});

test("a short throttle is waited out, a long one is a response", async () => {
  const waits = ["0", "0", "900"];
  const client = await against((_req, res) => void res.writeHead(429, { "retry-after": waits.shift() ?? "" }).end());
  const response = await client.send({ method: "GET", path: "/" });
  expect([response.status, response.headers.get("retry-after"), waits]).toEqual([429, "900", []]);
});

test("a redirect is a response, so that the token goes nowhere else", async () => {
  const client = await against((_req, res) => void res.writeHead(302, { location: "http://127.0.0.1:9/" }).end());
  expect((await client.send({ method: "GET", path: "/" })).status).toBe(302);
});

test("no response and an endless response end with an error that names the request", async () => {
  const silent = await against(() => undefined, 500);
  await expect(silent.send({ method: "GET", path: "/x" })).rejects.toThrow(
    /^GET http.*\/base\/x received no response: /,
  );
  const endless = await against((_req, res) => {
    const more = (): void => {
      while (res.write("x".repeat(1 << 20)));
    };
    res.on("drain", more);
    more();
  });
  await expect(endless.send({ method: "GET", path: "/" })).rejects.toThrow("longer than 16 MiB");
});

test("writes are counted, searches are not", async () => {
  const client = await against((_req, res) => res.end());
  await client.send({ method: "GET", path: "/Users" });
  await client.send({ method: "POST", path: "/Users/.search", body: {} });
  expect(client.writes()).toBe(0);
  await client.within(new AbortController().signal).send({ method: "DELETE", path: "/Users/1" });
  expect(client.writes()).toBe(1);
});
