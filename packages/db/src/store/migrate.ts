import { MikroORM } from "@mikro-orm/postgresql";
import { setTimeout } from "node:timers/promises";
import { Client } from "pg";
import { migrationsList } from "../migrations/index.ts";
import { schemaOptions } from "../model/index.ts";
import { keepAlive, openOrm } from "./orm.ts";
import { isLockTimeout } from "./unavailable.ts";
import { grantComing, grantServers, makeActingRoles, roleOf } from "./server-role.ts";

const migrationLock = 7_642_026;

/** Receives a line about each applied migration; a warning is about what the operator should change. */
type MigrationLog = Readonly<Record<"info" | "warn", (line: string) => void>>;
const silent: MigrationLog = { info: () => undefined, warn: () => undefined };

/**
 * Applies the pending migrations. Processes that start at once wait for the first. If the servers connect with another
 * role (`serversUrl`), that role gets the rights it needs and owns nothing.
 */
export async function migrate(url: string, log = silent, serversUrl: string = url): Promise<void> {
  const lock = new Client({ connectionString: url, ...keepAlive });
  // Without a listener, the loss of this connection would end the process.
  lock.on("error", (cause) => log.info(`The migration's connection was lost: ${cause.message}`));
  await lock.connect();
  try {
    await takeLock(lock);
    // An index of a large table takes longer than any request, and so may the lock that it needs.
    const orm = await openOrm(url, { poolSize: 1, bounds: {}, log: (line) => log.info(line) });
    try {
      await refuseOthers(orm);
      await grantComing(lock, roleOf(serversUrl));
      await applyPending(orm, log);
      if (roleOf(serversUrl) !== roleOf(url)) await grantServers(lock, roleOf(serversUrl));
      for (const loss of await makeActingRoles(lock, roleOf(serversUrl))) log.warn(withoutRole(loss));
    } finally {
      await orm.close();
    }
  } finally {
    await lock.end();
  }
}

/**
 * Waits for another process that migrates, at most 30 minutes. Asks again and again, because a statement that waits has
 * a snapshot, for the end of which an index made concurrently would wait.
 */
async function takeLock(client: Client): Promise<void> {
  for (let tries = 0; tries < lockTriesMax; tries++) {
    const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
      migrationLock,
    ]);
    if (rows[0]?.taken === true) return;
    await setTimeout(lockRetryMs);
  }
  throw new Error("Another process has been migrating the database for 30 minutes.");
}

const lockRetryMs = 200;
const lockTriesMax = (30 * 60_000) / lockRetryMs;
const retryMs = 1000;
const retryForMs = 600_000;

/** Applies the pending migrations; one that did not get its lock is rolled back and tried again for 10 minutes. */
async function applyPending(orm: MikroORM, log: MigrationLog): Promise<void> {
  const end = performance.now() + retryForMs;
  for (let tries = 1; ; tries++) {
    try {
      await orm.migrator.up();
      return;
    } catch (cause) {
      if (!isLockTimeout(cause) || performance.now() > end) throw cause;
      if (tries === 1) log.info("Another transaction holds a lock that a migration needs; it is tried again.");
      await setTimeout(retryMs);
    }
  }
}

/** The SQL that would bring the schema at `url` to the model's; empty if they are equal. */
export async function schemaDifference(url: string): Promise<string> {
  const orm = await MikroORM.init({ ...schemaOptions, clientUrl: url, ensureDatabase: false });
  try {
    return (await orm.schema.getUpdateSchemaSQL({ wrap: false })).trim();
  } finally {
    await orm.close();
  }
}

/** A database with unknown migrations was created by another version and cannot be upgraded. */
async function refuseOthers(orm: MikroORM): Promise<void> {
  const known = new Set<string>(migrationsList.map(({ name }) => name));
  const other = (await orm.migrator.getExecuted()).find(({ name }) => !known.has(name));
  if (other === undefined) return;
  throw new Error(
    `The database was made by another version of Rollcall (migration ${other.name}), which cannot be upgraded to this one.`,
  );
}

const withoutRole = (loss: string): string =>
  `This database role cannot create other roles, so that ${loss}: see DATABASE_MIGRATION_URL in docs/operations.md.`;
