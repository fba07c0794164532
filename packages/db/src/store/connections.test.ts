import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase, type Database } from "./database.ts";
import type { Queryable } from "./queryable.ts";
import { databaseProxy } from "../testing/database-proxy.ts";
import { migratedDatabase } from "../testing/migrated-database.ts";
import { isUnavailable } from "./unavailable.ts";

const scratch = await migratedDatabase();
afterAll(() => scratch.drop());

const one = { name: "", text: "select 1 as one" };
const slow = { name: "", text: "select pg_sleep(0.02)" };

const pid = { name: "", text: "select pg_backend_pid() as pid" };

/** A statement on the shared connection. */
const lookUp = (sql: Pick<Queryable, "send">, text: string, parameters: readonly unknown[] = []) =>
  sql.send<Record<string, unknown>>({ sql: text, parameters, isShared: true });

/** Starts enough statements to use every connection of the pool. */
function load(database: Database, count = 10): Promise<PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(Array.from({ length: count }, () => database.sql.query(slow, [])));
}

function failuresOf(outcomes: readonly PromiseSettledResult<unknown>[]): readonly unknown[] {
  return outcomes.flatMap((outcome): unknown[] => (outcome.status === "rejected" ? [outcome.reason] : []));
}

describe("unresponsive connections", () => {
  const answerMs = 500;

  test("are closed after the statement timeout and replaced", async () => {
    const proxy = await databaseProxy(scratch.url);
    const database = await openDatabase(proxy.url, { waits: { answerMs } });
    expect(failuresOf(await load(database))).toEqual([]);
    proxy.silence();
    const startedMs = performance.now();
    const failures = failuresOf(await load(database));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every(isUnavailable)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(answerMs * 4);
    expect(failuresOf(await load(database, 40))).toEqual([]);
    await database.close();
    await proxy.close();
  });

  test("within a transaction are not waited for again by the rollback", async () => {
    const proxy = await databaseProxy(scratch.url);
    const database = await openDatabase(proxy.url, { waits: { answerMs } });
    const startedMs = performance.now();
    const lost = database.transaction(async (tx) => {
      await tx.query(one, []);
      proxy.silence();
      await tx.query(one, []);
    });
    await expect(lost).rejects.toThrow("Query read timeout");
    expect(performance.now() - startedMs).toBeLessThan(answerMs * 2);
    expect(await database.sql.query(one, [])).toEqual([{ one: 1 }]);
    await database.close();
    await proxy.close();
  });
});

describe("look-ups at the same time", () => {
  const own = "select $1::text as own, pg_backend_pid() as pid";

  test("share one connection; each gets its own row, and a faulty one fails alone", async () => {
    const database = await openDatabase(scratch.url);
    const faulty = Promise.allSettled([lookUp(database.sql, "select 1 / $1::integer", [0])]);
    const rows = (await Promise.all(Array.from({ length: 40 }, (_, n) => lookUp(database.sql, own, [n])))).flat();
    expect(failuresOf(await faulty)).toEqual([expect.objectContaining({ message: "division by zero" })]);
    expect(rows.map((row) => row["own"])).toEqual(Array.from({ length: 40 }, (_, n) => String(n)));
    expect(new Set(rows.map((row) => row["pid"])).size).toBe(1);
    await database.close();
  });

  test("use the connection of the transaction within one", async () => {
    const database = await openDatabase(scratch.url);
    await database.transaction(async (tx) => {
      const [here] = await tx.query(pid, []);
      expect(await lookUp(tx, own, ["a"])).toEqual([{ own: "a", pid: here?.["pid"] }]);
    });
    await database.close();
  });

  test("fail with a transient error when their connection is lost or silent, and later ones get a new one", async () => {
    const proxy = await databaseProxy(scratch.url);
    const database = await openDatabase(proxy.url, { waits: { answerMs: 500 } });
    const fiveSlow = () => Promise.allSettled(Array.from({ length: 5 }, () => lookUp(database.sql, slow.text)));
    for (const fault of [() => proxy.silence(), () => (proxy.refuse(), proxy.resume())]) {
      expect(failuresOf(await fiveSlow())).toEqual([]);
      const outcomes = fiveSlow();
      fault();
      expect(failuresOf(await outcomes).map(isUnavailable)).toEqual([true, true, true, true, true]);
      expect(failuresOf(await fiveSlow())).toEqual([]);
    }
    await database.close();
    await proxy.close();
  });
});

test("a lock timeout is a transient error and keeps the connection", async () => {
  const database = await openDatabase(scratch.url, { poolSize: 2, waits: { lockMs: 50 } });
  const lock = { name: "", text: "lock table organization in access exclusive mode" };
  const pids: unknown[] = [];
  await database.transaction(async (tx) => {
    await tx.query(lock, []);
    const refused = database.transaction(async (second) => {
      pids.push(...(await second.query(pid, [])));
      await second.query(lock, []);
    });
    await expect(refused).rejects.toSatisfy(isUnavailable);
    expect(await database.sql.query(pid, [])).toEqual(pids);
  });
  await database.close();
});

describe("a role at its connection limit", () => {
  const role = `limited_${randomBytes(6).toString("hex")}`;
  let url: URL;
  let admin: Client;
  beforeAll(async () => {
    admin = new Client({ connectionString: scratch.url });
    await admin.connect();
    await admin.query(`create role ${role} login password 'x' connection limit 2`);
    url = new URL(scratch.url);
    [url.username, url.password] = [role, "x"];
  });
  afterAll(async () => {
    await admin.query(`drop role ${role}`);
    await admin.end();
  });

  test("queues all statements, and none fails", async () => {
    const database = await openDatabase(url.href);
    expect(failuresOf(await load(database, 40))).toEqual([]);
    // Both connections are in use, so the look-ups cannot have another one.
    const outcomes = load(database, 40);
    const lookUps = Array.from({ length: 20 }, () => lookUp(database.sql, slow.text));
    expect(failuresOf([...(await outcomes), ...(await Promise.allSettled(lookUps))])).toEqual([]);
    await database.close();
  });

  test("with one connection does not keep it for look-ups", async () => {
    const other = new Client({ connectionString: url.href });
    await other.connect();
    const database = await openDatabase(url.href);
    const served = new AbortController();
    const lookUps = Array.from({ length: 3 }, async () => {
      while (!served.signal.aborted) await lookUp(database.sql, slow.text);
    });
    await lookUp(database.sql, one.text);
    const own = database.sql.query(one, []).finally(() => served.abort());
    expect(failuresOf(await Promise.allSettled([own, ...lookUps]))).toEqual([]);
    await database.close();
    await other.end();
  });

  test("without a connection for this pool causes a transient error after the wait", async () => {
    const others = [new Client({ connectionString: url.href }), new Client({ connectionString: url.href })];
    for (const other of others) await other.connect();
    const database = await openDatabase(url.href, { waits: { connectMs: 600 } });
    const startedMs = performance.now();
    const failures = failuresOf(await load(database, 4));
    expect(failures.map(isUnavailable)).toEqual([true, true, true, true]);
    expect(performance.now() - startedMs).toBeLessThan(3000);
    const waiting = load(database, 4);
    for (const other of others) await other.end();
    expect(failuresOf(await waiting)).toEqual([]);
    await database.close();
  });
});

// On shutdown, pending requests get a response and no partial work is committed.
test("an interruption fails current and later work of shares, and no other work", async () => {
  const database = await openDatabase(scratch.url, { poolSize: 4 });
  const share = database.shareOf("Acme");
  const other = await openDatabase(scratch.url, { poolSize: 1 });
  const lock = { name: "", text: "lock table organization in access exclusive mode" };
  await other.transaction(async (tx) => {
    await tx.query(lock, []);
    const begun = Promise.withResolvers<void>();
    const held = share.transaction(async (second) => {
      await second.query(one, []);
      begun.resolve();
      await second.query(lock, []);
    });
    const queued = [share, share, share].map((next) =>
      next.sql.query({ name: "", text: "select from organization" }, []),
    );
    const outcomes = Promise.allSettled([held, ...queued]);
    await begun.promise;
    database.interrupt();
    expect(failuresOf(await outcomes).map(isUnavailable)).toEqual([true, true, true, true]);
  });
  await expect(share.sql.query(one, [])).rejects.toSatisfy(isUnavailable);
  await expect(lookUp(share.sql, one.text)).rejects.toSatisfy(isUnavailable);
  expect(await database.sql.query(one, [])).toEqual([{ one: 1 }]);
  await database.close();
  await other.close();
});

// The process must end soon after.
test("an interruption ends a look-up that hangs, and the database closes", async () => {
  const database = await openDatabase(scratch.url);
  const first = lookUp(database.sql, one.text);
  const hanging = Promise.allSettled([lookUp(database.sql, "select pg_sleep(20)")]);
  await first;
  const startedMs = performance.now();
  database.interrupt();
  await database.close();
  expect(failuresOf(await hanging).map(isUnavailable)).toEqual([true]);
  expect(performance.now() - startedMs).toBeLessThan(5000);
});

// After a failover the connections may be to the former primary.
test("a database that has become read-only is away until it takes writes again", async () => {
  const database = await openDatabase(scratch.url, { poolSize: 1 });
  const set = (isReadOnly: boolean) =>
    database.sql.query({ name: "", text: `set default_transaction_read_only = ${isReadOnly ? "on" : "off"}` }, []);
  await set(true);
  await expect(database.ping()).rejects.toThrow("accepts no writes");
  const write = database.sql.query({ name: "", text: "update provisioning set updated_at = now()" }, []);
  await expect(write).rejects.toSatisfy(isUnavailable);
  await set(false);
  await database.ping();
  await database.close();
});
