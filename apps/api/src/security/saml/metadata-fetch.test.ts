import { once } from "node:events";
import { createServer } from "node:http";
import { freePort } from "@rollcall/local-postgres";
import { afterAll, describe, expect, test } from "vitest";
import { fetchMetadata } from "./metadata-fetch.ts";

const local = "http://127.0.0.1:4000";
const published = "https://console.example";

const server = createServer((req, res) => {
  if (req.url === "/moved") res.writeHead(302, { location: "/metadata" }).end();
  else if (req.url === "/large") res.end("x".repeat(1_100_000));
  else if (req.url === "/cut") res.destroy();
  else res.end("<metadata/>");
}).listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
afterAll(() => void server.close());

describe("a console on loopback", () => {
  test("reads from loopback, by address and by name", async () => {
    expect(await fetchMetadata(`${url}/metadata`, local)).toEqual({ found: "<metadata/>" });
    expect(await fetchMetadata(url.replace("127.0.0.1", "localhost"), local)).toEqual({ found: "<metadata/>" });
  });

  test.each([
    ["/moved", "returned 302"],
    ["/large", "larger than 1 MB"],
    ["/cut", "closed the connection without a response"],
  ])("does not take %s", async (path, words) => {
    expect(await fetchMetadata(url + path, local)).toEqual({ problem: expect.stringContaining(words) });
  });
});

// Owners need the cause to fix a mistyped address.
test.each([
  [async () => `http://127.0.0.1:${await freePort()}/metadata`, /^127\.0\.0\.1:\d+ refused the connection\./],
  [() => `${url.replace("http:", "https:")}/metadata`, /^127\.0\.0\.1:\d+ could not be read \(\w+\)\./],
  [
    () => "https://nobody.invalid/metadata",
    /^(?:There is no host called nobody\.invalid|nobody\.invalid could not be read)/,
  ],
])("says why nothing was read %#", async (address, words) => {
  expect(await fetchMetadata(await address(), local)).toEqual({ problem: expect.stringMatching(words) });
});

// An owner must not be able to probe the servers' own network through the metadata address.
test.each([
  ["http://idp.example/metadata", published, "https://"],
  ["http://127.0.0.1:5432/", published, "https://"],
  ["https://127.0.0.1:5432/", published, "private network"],
  ["https://localhost:5432/", published, "private network"],
  ["https://[::1]/", published, "private network"],
  ["https://2130706433/", published, "private network"],
  ["https://10.0.0.1/", local, "private network"],
  ["https://169.254.169.254/latest/meta-data", local, "private network"],
  ["https://[::ffff:169.254.169.254]/", local, "private network"],
  ["https://[fd00::1]/", local, "private network"],
  ["file:///etc/passwd", local, "https://"],
  ["https://me:secret@idp.example/", local, "not a valid address"],
  ["metadata", local, "not a valid address"],
])("is not read: %s by a console at %s", async (address, publicAppUrl, words) => {
  expect(await fetchMetadata(address, publicAppUrl)).toEqual({ problem: expect.stringContaining(words) });
});
