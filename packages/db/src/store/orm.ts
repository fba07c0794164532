import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
import type { PoolConfig } from "pg";
import { migrationsList } from "../migrations/index.ts";
import { modelOptions } from "../model/index.ts";

/** The schema of the tables; a search path of the role or database must not override it. */
const searchPath = "-c search_path=public";
/**
 * Every statement here can use an index. The planner prefers to scan small tables, and a kept plan would still do so
 * when they have grown; JIT never pays off for statements this short.
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

/** The model with its own connection pool to `url` (postgres://…). */
export function openOrm(url: string, { poolSize, bounds, log }: OrmOptions): Promise<MikroORM> {
  return MikroORM.init({
    ...modelOptions,
    clientUrl: url,
    extensions: [Migrator],
    // Each in its own transaction, so that SCIM requests are not blocked until the last one has ended.
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
