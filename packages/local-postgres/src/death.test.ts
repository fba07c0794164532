import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startLocalPostgres } from "./index.ts";
import { findPostmaster } from "./postmaster.ts";
import { answers, freshFolder, type Holder, startHolder } from "./testing/holder.ts";

/** Its data is made by the first test; the later ones go on with it. */
let folder = "";
let holders: Holder[] = [];

async function hold(): Promise<Holder> {
  const holder = await startHolder(folder);
  holders.push(holder);
  return holder;
}

const postmaster = (): ReturnType<typeof findPostmaster> => findPostmaster(join(folder, "postgres"));

/** Generous, as the machine may be busy; a server that stays fails the test. */
const bounded = { timeout: 30_000 } as const;

beforeAll(async () => {
  folder = await freshFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

afterEach(async () => {
  for (const holder of holders) holder.kill();
  holders = [];
  await vi.waitUntil(async () => (await postmaster()) === undefined, bounded);
  await vi.waitUntil(async () => (await readdir(join(folder, "postgres.users"))).length === 0, bounded);
});

test("the server ends when its only user is killed", async () => {
  const holder = await hold();
  expect(await answers(holder.url)).toBe(true);
  holder.kill();
  await expect.poll(postmaster, bounded).toBeUndefined();
  expect(await answers(holder.url)).toBe(false);
});

test("the server ends when its only user stops it", async () => {
  const holder = await hold();
  holder.process.stdin?.end();
  await expect.poll(() => holder.process.exitCode, bounded).toBe(0);
  expect(await postmaster()).toBeUndefined();
});

test("the server outlives a killed starter while somebody else uses it, and not that one", async () => {
  const starter = await hold();
  const other = await hold();
  expect([starter.attached, other.attached]).toEqual([false, true]);
  starter.kill();
  // The watcher of the dead one strikes its entry; from then on the server stays because of the other alone.
  await expect.poll(() => readdir(join(folder, "postgres.users")), bounded).toHaveLength(1);
  expect(await answers(other.url)).toBe(true);
  other.kill();
  await expect.poll(postmaster, bounded).toBeUndefined();
});

test("two processes that start at the same time share one server", async () => {
  const both = await Promise.all([hold(), hold()]);
  expect(both.filter(({ attached }) => attached)).toHaveLength(1);
  expect(both[0].url).toBe(both[1].url);
});

test("a start right after a kill has a server that stays", async () => {
  const killed = await hold();
  killed.kill();
  const next = await hold();
  await expect.poll(() => readdir(join(folder, "postgres.users")), bounded).toHaveLength(1);
  expect(await answers(next.url)).toBe(true);
});

// Only Linux shows us other processes' command lines in files.
test.skipIf(process.platform !== "linux")(
  "a server that was orphaned with its watcher is attached to, and ends with us",
  async () => {
    const holder = await hold();
    const before = await postmaster();
    for (const pid of await watchersOf(folder)) process.kill(pid, "SIGKILL");
    holder.kill();
    await expect.poll(() => holder.process.signalCode, bounded).toBe("SIGKILL");

    const server = await startLocalPostgres({ dataDir: folder });
    expect([server.attached, server.url]).toEqual([true, holder.url]);
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
