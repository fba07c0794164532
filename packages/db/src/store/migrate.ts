import { MikroORM } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { migrationsList } from "../migrations/index.ts";
import { schemaOptions } from "../model/index.ts";
import { keepAlive, openOrm } from "./orm.ts";
import { grantServers, makeActingRoles, roleOf } from "./server-role.ts";

const migrationLock = 7_642_026;

/** Receives a line about each applied migration. */
export type MigrationLog = (line: string) => void;

/**
 * Applies the pending migrations. Processes that start at once wait for the first. If the servers connect with another
 * role (`serversUrl`), that role gets the rights it needs and owns nothing.
 */
export async function migrate(
  url: string,
  log: MigrationLog = () => undefined,
  serversUrl: string = url,
): Promise<void> {
  const lock = new Client({ connectionString: url, ...keepAlive });
  // Without a listener, the loss of this connection would end the process.
  lock.on("error", (cause) => log(`The migration's connection was lost: ${cause.message}`));
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [migrationLock]);
    // An index of a large table takes longer than any request, and so may the lock that it needs.
    const orm = await openOrm(url, { poolSize: 1, bounds: {}, log });
    try {
      await refuseOthers(orm);
      await orm.migrator.up();
      if (roleOf(serversUrl) !== roleOf(url)) await grantServers(lock, roleOf(serversUrl));
      for (const loss of await makeActingRoles(lock, roleOf(serversUrl))) log(withoutRole(loss));
    } finally {
      await orm.close();
    }
  } finally {
    await lock.end();
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
