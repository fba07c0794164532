import { rm } from "node:fs/promises";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { onConnection } from "./connection.ts";
import { scratchDatabase, startLocalPostgres } from "./index.ts";
import { isReachable, freshFolder } from "./testing/client-process.ts";

const folder = await freshFolder();
const server = await startLocalPostgres({ dataDir: folder, settings: { fsync: "off" } });

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

test("scratch databases are isolated from one another", async () => {
  const [one, other] = await Promise.all([scratchDatabase(server.url), scratchDatabase(server.url)]);
  await onConnection(one.url, (client) => client.query("create table mine ()"));
  await expect(onConnection(other.url, (client) => client.query("select from mine"))).rejects.toMatchObject({
    code: "42P01",
  });
  await Promise.all([one.drop(), other.drop()]);
});

test("a copy has the rows of its template and is written separately", async () => {
  const template = await scratchDatabase(server.url);
  await onConnection(template.url, (client) => client.query("create table seeded as select 7 as n"));
  const name = new URL(template.url).pathname.slice(1);
  const copies = await Promise.all([1, 2, 3].map(() => scratchDatabase(server.url, { template: name })));
  await onConnection(copies[0]?.url ?? "", (client) => client.query("update seeded set n = 8"));
  const values = await Promise.all(
    copies.map(({ url }) =>
      onConnection(url, async (client) => (await client.query<{ n: number }>("select n from seeded")).rows[0]?.n),
    ),
  );
  expect(values).toEqual([8, 7, 7]);
  await Promise.all([...copies, template].map((database) => database.drop()));
});

test("a drop ends open connections and may be repeated", async () => {
  const database = await scratchDatabase(server.url);
  const open = new Client({ connectionString: database.url });
  const ended = new Promise<string>((resolve) => open.on("error", (cause) => resolve(cause.message)));
  await open.connect();
  await database.drop();
  await database.drop();
  expect(await ended).toMatch(/terminat/);
  expect(await isReachable(database.url)).toBe(false);
  await open.end().catch(() => undefined);
});
