import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { startLocalPostgres } from "./index.ts";
import { findPostmaster } from "./postmaster.ts";
import { isReachable, freshFolder, type ClientProcess, startClient } from "./testing/client-process.ts";

let clients: ClientProcess[] = [];

async function hold(): Promise<ClientProcess> {
  const client = await startClient(folder);
  clients.push(client);
  return client;
}

const postmaster = (): ReturnType<typeof findPostmaster> => findPostmaster(join(folder, "postgres"));

/** Long, because the machine may be busy. */
const bounded = { timeout: 30_000 } as const;

/** Created by the first test and reused by the others. */
const folder = await freshFolder();
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

afterEach(async () => {
  for (const client of clients) client.kill();
  clients = [];
  await vi.waitUntil(async () => (await postmaster()) === undefined, bounded);
  await vi.waitUntil(async () => (await readdir(join(folder, "postgres.users"))).length === 0, bounded);
});

test("the server stops when its only client is killed", async () => {
  const client = await hold();
  expect(await isReachable(client.url)).toBe(true);
  client.kill();
  await expect.poll(postmaster, bounded).toBeUndefined();
  expect(await isReachable(client.url)).toBe(false);
});

test("the server stops when its only client calls stop", async () => {
  const client = await hold();
  client.process.stdin?.end();
  await expect.poll(() => client.process.exitCode, bounded).toBe(0);
  expect(await postmaster()).toBeUndefined();
});

test("the server keeps running after its starter is killed until the last client is killed", async () => {
  const starter = await hold();
  const other = await hold();
  expect([starter.attached, other.attached]).toEqual([false, true]);
  starter.kill();
  // The watcher of the killed process removes its entry, so that only the other client keeps the server running.
  await expect.poll(() => readdir(join(folder, "postgres.users")), bounded).toHaveLength(1);
  expect(await isReachable(other.url)).toBe(true);
  other.kill();
  await expect.poll(postmaster, bounded).toBeUndefined();
});

test("two processes that start at the same time share one server", async () => {
  const both = await Promise.all([hold(), hold()]);
  expect(both.filter(({ attached }) => attached)).toHaveLength(1);
  expect(both[0].url).toBe(both[1].url);
});

test("a start right after a kill gets a server that keeps running", async () => {
  const killed = await hold();
  killed.kill();
  const next = await hold();
  await expect.poll(() => readdir(join(folder, "postgres.users")), bounded).toHaveLength(1);
  expect(await isReachable(next.url)).toBe(true);
});

// Only Linux exposes the command lines of other processes as files.
test.skipIf(process.platform !== "linux")(
  "attaches to a server whose client and watcher were killed, and stops it at the end",
  async () => {
    const client = await hold();
    const before = await postmaster();
    for (const pid of await watchersOf(folder)) process.kill(pid, "SIGKILL");
    client.kill();
    await expect.poll(() => client.process.signalCode, bounded).toBe("SIGKILL");

    const server = await startLocalPostgres({ dataDir: folder });
    expect([server.attached, server.url]).toEqual([true, client.url]);
    expect((await postmaster())?.pid).toBe(before?.pid);
    await server.stop();
    expect(await postmaster()).toBeUndefined();
  },
);

async function watchersOf(dataDir: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    const command = await readFile(join("/proc", name, "cmdline"), "utf8").catch(() => "");
    if (command.includes("watcher.ts") && command.includes(dataDir)) found.push(Number(name));
  }
  return found;
}
