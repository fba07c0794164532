import type { EntityManager } from "@mikro-orm/postgresql";
import type { Pool, PoolClient, PoolConfig } from "pg";
import { connector } from "./connector.ts";
import { createInterruption, type Interruption } from "./interruption.ts";
import { openOrm } from "./orm.ts";
import { secretBox, type SecretKey } from "./secret-box.ts";
import { inTransaction, pooledQueryable, type Queryable } from "./statement.ts";
import { createTurns, type Turns } from "./turns.ts";

export type Database = {
  /** A fresh entity manager with an identity map of its own: one a request. */
  em(): EntityManager;
  /** The hot path: named statements on MikroORM's own pool. */
  readonly sql: Queryable;
  /** One transaction; a value that `isKept` says no to (a refusal) is answered after a rollback. */
  transaction<T>(work: (tx: Queryable) => Promise<T>, isKept?: (value: T) => boolean): Promise<T>;
  /**
   * The same database for one holder: an organization, or a client address as long as no organization is known. Its
   * statements and transactions have at most half of the connections at a time and wait for their turn among all holders.
   * The first one throws `Busy` where too many wait; what has begun waits. Never use it within a transaction of the same
   * holder.
   */
  shareOf(holder: string): Database;
  /**
   * Gives up what the shares have under way, and what they would begin later: it fails with an error that passes
   * (`isUnavailable`). What belongs to no holder goes on.
   */
  interrupt(): void;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

const poolSizeDefault = 10;
/** Connections for what belongs to no holder: workers, the request log, readiness. */
const poolReserve = 2;
/** A wait that is longer ends in an error while the client is still there to read it. */
const turnBounds = { waitingMax: 10_000, waitingMaxEach: 500, waitMs: 20_000 };
/**
 * Bounds on waiting for the database, in milliseconds. A connection that goes silent is closed when a statement on it has
 * had no answer for `answerMs`, or when nobody has used it for `idleMs`: 30 s after the silence began, none is left.
 */
export const defaultWaits = {
  /** For a connection: a free one of the pool or a new one. */
  connectMs: 10_000,
  /** For a lock, as PostgreSQL counts it. */
  lockMs: 15_000,
  /** Of a statement, as PostgreSQL counts it. Providers give up after 60 seconds. */
  statementMs: 20_000,
  /** Of a statement, as we count it: longer, so that only a server that says nothing meets it. */
  answerMs: 23_000,
  /** Of a connection without use. */
  idleMs: 5_000,
} as const;
type DatabaseOptions = {
  /** Connections; default 10. */
  readonly poolSize?: number;
  /** Of `readSecretKeys`; without one, secrets are written as they are. */
  readonly secretKeys?: readonly SecretKey[];
  /** Shorter ones for tests. */
  readonly waits?: Partial<DatabaseWaits>;
};

type DatabaseWaits = Readonly<Record<keyof typeof defaultWaits, number>>;

/** Opens the database at `url` (postgres://…). Does not migrate; see `migrate`. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { poolSize = poolSizeDefault, secretKeys = [] } = options;
  const waits = { ...defaultWaits, ...options.waits };
  const orm = await openOrm(url, { poolSize, bounds: boundsOf(waits), log: writeError });
  const pool: Pool = await orm.em.getConnection().getNativeClient();
  const secrets = secretBox(secretKeys);
  const connect = connector(pool, waits.connectMs);
  const sql = pooledQueryable(connect, secrets);
  const max = Math.max(1, poolSize - poolReserve);
  const turns = createTurns({ ...turnBounds, max, maxEach: Math.max(1, Math.floor(poolSize / 2)) });
  const interruption = createInterruption();
  const endBusy = busyConnections(pool);
  const database: Database = {
    em: () => orm.em.fork(),
    sql,
    transaction: (work, isKept) => inTransaction(connect, secrets, work, isKept),
    shareOf: (holder) => shareOf(database, { turns, interruption }, holder),
    interrupt: () => {
      interruption.interrupt();
      endBusy();
    },
    ping: async () => {
      await sql.query({ name: "ping", text: "select 1" }, []);
    },
    close: async () => {
      await orm.close();
      // MikroORM ends the pool only if its own query builder has used it.
      if (!pool.ended) await pool.end();
    },
  };
  return database;
}

type Shares = { readonly turns: Turns; readonly interruption: Interruption };

function shareOf(database: Database, { turns, interruption }: Shares, holder: string): Database {
  let isBegun = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const begin = (): Promise<T> => {
      isBegun = true;
      return work();
    };
    return interruption.run(() => turns.run(holder, begin, isBegun));
  };
  return {
    ...database,
    sql: { ...database.sql, query: (statement, values) => inTurn(() => database.sql.query(statement, values)) },
    transaction: (work, isKept) => inTurn(() => database.transaction(work, isKept)),
  };
}

/** Returns how to end every connection that is in use: statements on it fail, and its transaction is rolled back. */
function busyConnections(pool: Pool): () => void {
  const busy = new Set<PoolClient>();
  pool.on("acquire", (client) => void busy.add(client));
  pool.on("release", (_cause, client) => void busy.delete(client));
  return () => {
    for (const client of busy) client.end(() => undefined);
  };
}

/** Standard output belongs to the operator's JSON. */
const writeError = (line: string): void => void process.stderr.write(`${line}\n`);

function boundsOf({ connectMs, idleMs, lockMs, statementMs, answerMs }: DatabaseWaits): PoolConfig {
  return {
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: idleMs,
    lock_timeout: lockMs,
    statement_timeout: statementMs,
    query_timeout: answerMs,
  };
}
