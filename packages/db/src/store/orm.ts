import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import type { PoolConfig } from "pg";
import { migrationsList } from "../migrations/index.ts";
import { modelOptions } from "../model/index.ts";

/** Where the tables are; a role or a database that says otherwise would lead statements to other tables. */
const searchPath = "-c search_path=public";
/**
 * Every statement here has an index to go by. While a table is small the planner would rather read all of it, and a
 * kept plan would go on doing so when it has grown; compiling a plan never pays for statements this short.
 */
const plannerOptions = "-c enable_seqscan=off -c jit=off";
const keepAliveMs = 10_000;
const connectMs = 10_000;
export const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: keepAliveMs } as const;

type OrmOptions = {
  readonly poolSize: number;
  readonly bounds: PoolConfig;
  readonly log: (line: string) => void;
};

/** The model on a pool of its own to `url` (postgres://…). */
export function openOrm(url: string, { poolSize, bounds, log }: OrmOptions): Promise<MikroORM> {
  return MikroORM.init({
    ...modelOptions,
    clientUrl: url,
    extensions: [Migrator],
    // Each in a transaction of its own: the locks of all of them would keep every call out until the last has ended.
    migrations: { migrationsList: [...migrationsList], snapshot: false, allOrNothing: false },
    pool: { min: 0, max: poolSize },
    timezone: "UTC",
    ensureDatabase: false,
    driverOptions: {
      connectionTimeoutMillis: connectMs,
      ...keepAlive,
      ...bounds,
      options: `${plannerOptions} ${searchPath}`,
    },
    colors: false,
    logger: log,
  });
}
