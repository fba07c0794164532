import { once } from "node:events";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { onConnection } from "./connection.ts";
import { runningLocalPostgres, startLocalPostgres, type LocalPostgres } from "./index.ts";
import { findPostmaster } from "./postmaster.ts";
import { freshFolder } from "./testing/client-process.ts";

let started: LocalPostgres[] = [];

async function start(dataDir: string): Promise<LocalPostgres> {
  const server = await startLocalPostgres({ dataDir, settings: { fsync: "off" } });
  started.push(server);
  return server;
}

const valueOf = async (url: string, sql: string): Promise<unknown> => {
  const rows = await onConnection(url, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
  return Object.values(rows[0] ?? {})[0];
};

/** Created by the first test that starts a server and reused by the others. */
const folder = await freshFolder();
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

afterEach(async () => {
  await Promise.all(started.map((server) => server.stop()));
  started = [];
});

describe("a first start", () => {
  test("gives a UTF8 database of locale C with durable writes, on the loopback interface only", async () => {
    const server = await startLocalPostgres({ dataDir: join(folder, "made", "on", "the", "way") });
    started.push(server);

    expect(server.attached).toBe(false);
    expect(server.url).toMatch(new RegExp(`^postgres://rollcall:[\\w-]{32}@127\\.0\\.0\\.1:${server.port}/rollcall$`));
    const settings = await onConnection(server.url, async (client) =>
      client.query<{ name: string; setting: string }>(
        "select name, setting from pg_settings where name in ('fsync','listen_addresses','max_connections','password_encryption','server_encoding','unix_socket_directories')",
      ),
    );
    expect(Object.fromEntries(settings.rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: "on",
      listen_addresses: "127.0.0.1",
      max_connections: "200",
      password_encryption: "scram-sha-256",
      server_encoding: "UTF8",
      unix_socket_directories: "",
    });
    expect(await valueOf(server.url, "select datcollate from pg_database where datname = 'rollcall'")).toBe("C");
  });

  test("stores a password that only its owner can read, and rejects connections without it", async () => {
    const server = await start(folder);
    const { mode } = await stat(join(folder, "postgres.password"));
    expect(mode & 0o777).toBe(0o600);
    const wrong = new URL(server.url);
    wrong.password = "guess";
    await expect(valueOf(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  });

  test("throws with the end of the server's log when the server does not start", async () => {
    const failing = startLocalPostgres({ dataDir: folder, settings: { shared_buffers: "nonsense" } });
    await expect(failing).rejects.toThrow(/did not start[^]*postgres\.log ends:[^]*shared_buffers/);
    expect(await readdir(join(folder, "postgres.users"))).toEqual([]);
  });
});

describe("a later start", () => {
  test("reuses the data and the port of the first", async () => {
    const first = await start(folder);
    await onConnection(first.url, (client) => client.query("create table kept as select 42 as answer"));
    await first.stop();

    const second = await start(folder);
    expect([second.attached, second.url]).toEqual([false, first.url]);
    expect(await valueOf(second.url, "select answer from kept")).toBe(42);
  });

  test("recovers from a server that was killed, whatever its pid file contains", async () => {
    const first = await start(folder);
    await onConnection(first.url, (client) => client.query("create table recovered as select 42 as answer"));
    const pidFile = join(folder, "postgres", "postmaster.pid");
    const text = await readFile(pidFile, "utf8");
    const killed = await findPostmaster(join(folder, "postgres"));
    process.kill(killed?.pid ?? 0, "SIGKILL");
    await expect.poll(() => findPostmaster(join(folder, "postgres"))).toBeUndefined();
    // The worst case: the pid now belongs to another program, this one.
    await writeFile(pidFile, text.replace(/^\d+/, String(process.pid)));

    const second = await start(folder);
    expect(second.attached).toBe(false);
    expect(await valueOf(second.url, "select answer from recovered")).toBe(42);
  });

  test("throws when the password file is missing", async () => {
    await (await start(folder)).stop();
    const [there, away] = ["postgres.password", "away"].map((name) => join(folder, name));
    await rename(String(there), String(away));
    await expect(start(folder)).rejects.toThrow(/postgres\.password is missing.*DATA_DIR/);
    await rename(String(away), String(there));
  });

  test("uses another port when the last one is taken", async () => {
    const { port, stop } = await start(folder);
    await stop();
    const other = createServer().listen(port, "127.0.0.1");
    await once(other, "listening");
    const server = await start(folder);
    expect(server.port).not.toBe(port);
    expect(await valueOf(server.url, "select 1")).toBe(1);
    other.close();
  });
});

describe("a running server", () => {
  test("is attached to, and runs until the last client stops it", async () => {
    const first = await start(folder);
    const second = await start(folder);
    expect([second.attached, second.url]).toEqual([true, first.url]);

    await first.stop();
    expect(await valueOf(second.url, "select 1")).toBe(1);
    await second.stop();
    await second.stop();
    expect(await findPostmaster(join(folder, "postgres"))).toBeUndefined();
  });

  test("is started once by two concurrent starts", async () => {
    const both = await Promise.all([start(folder), start(folder)]);
    expect(both.filter(({ attached }) => attached)).toHaveLength(1);
    expect(both[0].url).toBe(both[1].url);
  });

  test("is found by its folder while it runs", async () => {
    expect(await runningLocalPostgres(join(folder, "never"))).toBeUndefined();
    const server = await start(folder);
    expect(await runningLocalPostgres(folder)).toBe(server.url);
    await server.stop();
    expect(await runningLocalPostgres(folder)).toBeUndefined();
  });
});
