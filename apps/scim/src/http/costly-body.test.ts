import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { forgedToken, scimClient } from "../testing/test-client.ts";
import { useScim } from "../testing/scim-fixture.ts";

const { scim } = await useScim({ unknownTokenBounds: { perAddress: 20, inAll: 40 } });
const rival = await scim.addOrganization("Rival");
const port = Number(new URL(scim.baseUrl).port);

/** Sends the head of a POST /Users without its body. */
async function begin(token: string, headers: readonly string[]): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const head = ["POST /scim_v2/Users HTTP/1.1", "Host: scim.test", `Authorization: Bearer ${token}`];
  socket.write([...head, "Content-Type: application/scim+json", ...headers, "", ""].join("\r\n"));
  return socket;
}

async function statusOf(socket: Socket): Promise<number> {
  const [bytes] = await once(socket, "data", { signal: AbortSignal.timeout(5000) });
  return Number(String(bytes).split(" ")[1]);
}

// An unauthenticated body must not be unpacked: 34 bytes of brotli unpack to 4 MB.
test.each([
  ["compressed", ["Content-Encoding: br", "Content-Length: 34"]],
  ["long", ["Content-Length: 20000"]],
  ["of unknown length", ["Transfer-Encoding: chunked"]],
])("a body that is %s is not read before the database has confirmed the token", async (_, headers) => {
  for (const token of [forgedToken(scim.token), forgedToken("rcl_0123456789ab")]) {
    const socket = await begin(token, headers);
    expect(await statusOf(socket)).toBe(401);
    socket.destroy();
  }
});

test("a confirmed token's bodies are read, however long or compressed", async () => {
  const send = (body: Buffer, encoding: string): Promise<Response> => {
    const headers = {
      authorization: scim.token,
      "content-type": "application/scim+json",
      "content-encoding": encoding,
    };
    return fetch(`${scim.baseUrl}/Users`, { method: "POST", headers, body: new Uint8Array(body) });
  };
  const person = (userName: string) => Buffer.from(JSON.stringify({ userName, title: "x".repeat(100_000) }));
  expect((await send(person("plain@acme.example"), "identity")).status).toBe(201);
  expect((await send(brotliCompressSync(person("br@acme.example")), "br")).status).toBe(201);
  expect((await send(gzipSync(person("gzip@acme.example")), "gzip")).status).toBe(201);
});

// A client that sends many large bodies, or sends them slowly, must not delay other organizations.
test("large bodies of one organization wait for each other, and another one's do not", async () => {
  const large = { userName: "large@rival.example", title: "x".repeat(20_000) };
  const slow = await Promise.all(Array.from({ length: 12 }, () => begin(scim.token, ["Content-Length: 20000"])));
  expect((await rival.client.post("/Users", large)).status).toBe(201);
  const own = scim.client.post("/Users", { ...large, userName: "large@acme.example" });
  for (const socket of slow) socket.destroy();
  expect((await own).status).toBe(201);
});

// Behind a proxy all clients share the attacker's address, so new tokens, and all tokens after a restart, need a turn.
test("a valid unconfirmed token is accepted while an attacker sends too many unknown ones", async () => {
  const fresh = await scim.addOrganization("Fresh");
  const attacker = scimClient(scim.baseUrl, forgedToken(scim.token));
  const statuses = await Promise.all(Array.from({ length: 80 }, async () => (await attacker.get("/Users")).status));
  expect(statuses).toContain(429);
  expect((await fresh.client.get("/Users")).status).toBe(200);
});

test("too many unknown tokens get 429 for a second, while confirmed tokens keep working", async () => {
  const attacker = scimClient(scim.baseUrl, forgedToken(scim.token));
  const statuses: number[] = [];
  for (let count = 0; count < 60; count++) statuses.push((await attacker.get("/Users")).status);
  expect(statuses).toContain(429);
  expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
  expect((await scim.client.get("/Users")).status).toBe(200);
});
