import { Pool, type PoolClient, type PoolConfig } from "pg";
import { connector } from "./connector.ts";
import { createInterruption, type Interruption } from "./interruption.ts";
import { openOrm } from "./orm.ts";
import { secretBox, type SecretKey } from "./secret-box.ts";
import { tenantSetting } from "../model/tenant-table.ts";
import { lender, sharingLender, type Lend, type OnStatement } from "./connection.ts";
import {
  pooledIn,
  transactIn,
  wholeDatabase,
  type Means,
  type Queryable,
  type Scope,
  type Transact,
} from "./queryable.ts";
import { readTenantRole } from "./server-role.ts";
import { createConcurrencyLimiter, type ConcurrencyLimiter } from "./concurrency-limiter.ts";

export type Database = {
  readonly sql: Queryable;
  /** Runs one transaction. It is rolled back if `isKept` returns false for the value (a refusal). */
  readonly transaction: Transact;
  /**
   * The same database for one holder: an organization, or a client address before the organization is known. A holder's
   * statements and transactions use at most half of the connections (of look-ups, at most 32 are sent at a time) and are
   * served in rotation with those of others. The first one throws `QueueFull` when the queue is full; later ones of the
   * same request wait. Must not be used within a transaction of the same holder.
   */
  shareOf(holder: string): Database;
  /**
   * The same database restricted to one organization by row level security. `seesOthers`: without that restriction, for
   * the few writes about an address or a domain that another organization may have.
   */
  tenantOf(organizationId: string, options?: { readonly seesOthers?: boolean }): Database;
  /** The same database in another scope; `around` wraps each use of a connection. */
  view(scope: Scope, around?: Around): Database;
  /**
   * Fails the current and all later work of the shares with a transient error (`isUnavailable`). Work outside of shares
   * continues.
   */
  interrupt(): void;
  /** Throws if the database does not respond. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

const poolSizeDefault = 10;
/** Connections reserved for work outside of shares: workers, the request log, readiness. */
const poolReserve = 2;
/** The wait must end while the client is still waiting for the response. */
const queueBounds = { waitingMax: 10_000, waitingMaxEach: 500, waitMs: 20_000 };
/** Look-ups on the shared connection at a time. Each takes PostgreSQL a tenth of a millisecond. */
const lookUpBounds = { max: 64, maxEach: 32 };
/**
 * Time limits for the database, in milliseconds. An unresponsive connection is closed when a statement on it has had no
 * response for `answerMs`, or after `idleMs` without use: within 30 s in all.
 */
export const defaultWaits = {
  /** For a free connection of the pool or a new one. */
  connectMs: 10_000,
  /** PostgreSQL's `lock_timeout`. */
  lockMs: 15_000,
  /** PostgreSQL's `statement_timeout`. Providers give up after 60 seconds. */
  statementMs: 20_000,
  /** The driver's limit: longer, so that it applies only if the server does not respond. */
  answerMs: 23_000,
  /** For an unused connection. */
  idleMs: 5_000,
} as const;
type DatabaseOptions = {
  /** Default: 10. */
  readonly poolSize?: number;
  /** From `readSecretKeys`; without a key, secrets are stored as plain text. */
  readonly secretKeys?: readonly SecretKey[];
  /** Receives every completed statement; for tests. */
  readonly onStatement?: OnStatement;
  /** Overrides for tests. */
  readonly waits?: Partial<DatabaseWaits>;
};

type DatabaseWaits = Readonly<Record<keyof typeof defaultWaits, number>>;

/** Opens the database at `url` (postgres://…). Does not migrate; see `migrate`. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { poolSize = poolSizeDefault, secretKeys = [], onStatement } = options;
  const waits = { ...defaultWaits, ...options.waits };
  const orm = await openOrm(url, { poolSize, bounds: boundsOf(waits), log: writeError });
  const pool: Pool = await orm.em.getConnection().getNativeClient();
  const shared = sharedPool(pool);
  const ownLender = (onNone: () => void): Lend => lender(connector(pool, waits.connectMs, onNone));
  const lend = sharingLender(ownLender, () => shared.connect());
  const means = { lend, secrets: secretBox(secretKeys), identity: {}, onStatement, fork: () => orm.em.fork() };
  const max = Math.max(1, poolSize - poolReserve);
  const interruption = createInterruption();
  const limits: Limits = {
    connections: createConcurrencyLimiter({ ...queueBounds, max, maxEach: Math.max(1, Math.floor(poolSize / 2)) }),
    lookUps: createConcurrencyLimiter({ ...queueBounds, ...lookUpBounds }),
    interruption,
  };
  const endBusy = [pool, shared].map(busyConnections);
  const ends = {
    interrupt: () => {
      interruption.interrupt();
      for (const end of endBusy) end();
    },
    close: async () => {
      await orm.close();
      // MikroORM closes its pool only if its own query builder has used it.
      for (const each of [pool, shared]) if (!each.ending) await each.end();
    },
  };
  const tenantRole = onceRead(() => readTenantRole(pooledIn(means, wholeDatabase)));
  return databaseOn(means, wholeDatabase, { ends, tenantRole, share: (holder) => limited(limits, holder) });
}

/** A pool like `pool` with the one connection that look-ups share. */
function sharedPool(pool: Pool): Pool {
  // The password is no enumerable property.
  const { password } = pool.options;
  const shared = new Pool({ ...pool.options, password, min: 0, max: 1, pipeline: true });
  // Without listeners a lost connection would end the process. Its statements fail; without any, it is replaced.
  const ignore = (): void => undefined;
  return shared.on("error", ignore).on("connect", (client) => client.on("error", ignore));
}

/** Wraps each use of a connection. */
export type Around = <T>(use: () => Promise<T>, isShared?: boolean) => Promise<T>;
type Shared = {
  readonly ends: Pick<Database, "interrupt" | "close">;
  readonly tenantRole: () => Promise<string | null>;
  readonly share: (holder: string) => Around;
};

/** `base`: the scope without an organization. */
function databaseOn(means: Means, scope: Scope, shared: Shared, base = scope): Database {
  const sql = pooledIn(means, scope);
  const view = (other: Scope, around: Around = (use) => use()): Database =>
    databaseOn({ ...means, identity: {}, lend: lendAround(means, around) }, other, shared);
  return {
    ...shared.ends,
    sql,
    transaction: transactIn(means, scope),
    view,
    shareOf: (holder) => databaseOn({ ...means, lend: lendAround(means, shared.share(holder)) }, scope, shared, base),
    tenantOf: (organizationId, { seesOthers = false } = {}) => {
      const own = async () => ({ ...(await tenantSettings(organizationId, shared)), ...(await base.settings?.()) });
      return databaseOn(means, { ...base, organizationId, settings: seesOthers ? base.settings : own }, shared, base);
    },
    ping: async () => {
      const text = "select current_setting('transaction_read_only') = 'on' as \"isReadOnly\"";
      const [row] = await sql.query({ name: "ping", text }, []);
      if (row?.["isReadOnly"] === true)
        throw new Error("The database accepts no writes: it is a standby, or read-only.");
    },
  };
}

function lendAround({ lend }: Means, around: Around): Lend {
  return (work, isShared) => around(() => lend(work, isShared), isShared);
}

/** Without a role to act as, only the `where` of each statement separates tenants (docs/decisions/0049). */
async function tenantSettings(organizationId: string, { tenantRole }: Shared): Promise<Record<string, string>> {
  const role = await tenantRole();
  return role === null ? {} : { role, [tenantSetting]: organizationId };
}

/** Caches the result; a failed read is retried. */
function onceRead<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= read().catch((cause: unknown) => {
      known = undefined;
      throw cause;
    });
    return known;
  };
}

type Limits = {
  readonly connections: ConcurrencyLimiter;
  readonly lookUps: ConcurrencyLimiter;
  readonly interruption: Interruption;
};

function limited({ connections, lookUps, interruption }: Limits, holder: string): Around {
  let hasStarted = false;
  return (use, isShared = false) => {
    const limiter = isShared ? lookUps : connections;
    const begin = (): ReturnType<typeof use> => {
      hasStarted = true;
      return use();
    };
    return interruption.run(() => limiter.run(holder, begin, hasStarted));
  };
}

/**
 * Returns a function that closes every connection in use, so that its statements fail and its transaction is rolled
 * back.
 */
function busyConnections(pool: Pool): () => void {
  const busy = new Set<PoolClient>();
  pool.on("acquire", (client) => void busy.add(client));
  pool.on("release", (_cause, client) => void busy.delete(client));
  return () => {
    for (const client of busy) {
      client.end(() => undefined);
      // In `pipeline` mode, the driver would wait for the statements.
      client.connection.stream.destroy();
    }
  };
}

/** Standard output is reserved for the operator's JSON. */
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
