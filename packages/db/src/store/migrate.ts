import { MikroORM } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { migrationsList } from "../migrations/index.ts";
import { schemaOptions } from "../model/index.ts";
import { keepAlive, openOrm } from "./orm.ts";
import { grantServers, makeActingRoles, roleOf } from "./server-role.ts";

const migrationLock = 7_642_026;

/** Takes a line about each migration that is applied. */
export type MigrationLog = (line: string) => void;

/**
 * Brings the schema up to date; silent without `log`. Safe when several processes start at once: the others wait for the
 * first. Where the servers connect as another role (`serversUrl`), that role is given what it needs and owns nothing.
 */
export async function migrate(
  url: string,
  log: MigrationLog = () => undefined,
  serversUrl: string = url,
): Promise<void> {
  const lock = new Client({ connectionString: url, ...keepAlive });
  // A connection that the server ends makes the next statement fail; without a listener it would end the process.
  lock.on("error", (cause) => log(`The migration's connection was lost: ${cause.message}`));
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [migrationLock]);
    // An index of a large table takes longer than any call may, and so may a lock that it needs.
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

/** The SQL that would make the schema at `url` the model's; empty where it is. */
export async function schemaDifference(url: string): Promise<string> {
  const orm = await MikroORM.init({ ...schemaOptions, clientUrl: url, ensureDatabase: false });
  try {
    return (await orm.schema.getUpdateSchemaSQL({ wrap: false })).trim();
  } finally {
    await orm.close();
  }
}

/** A database with migrations that are not ours was made by another version, whose tables ours would not fit. */
async function refuseOthers(orm: MikroORM): Promise<void> {
  const known = new Set<string>(migrationsList.map(({ name }) => name));
  const other = (await orm.migrator.getExecuted()).find(({ name }) => !known.has(name));
  if (other === undefined) return;
  throw new Error(
    `The database was made by another version of Rollcall (migration ${other.name}), from which there is no way to this one.`,
  );
}

const withoutRole = (loss: string): string =>
  `This database role may make no other, so that ${loss}: see DATABASE_MIGRATION_URL in docs/operations.md.`;
