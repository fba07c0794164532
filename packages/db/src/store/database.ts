import type { Pool, PoolClient, PoolConfig } from "pg";
import { connector } from "./connector.ts";
import { createInterruption, type Interruption } from "./interruption.ts";
import { openOrm } from "./orm.ts";
import { secretBox, type SecretKey } from "./secret-box.ts";
import { tenantSetting } from "../model/tenant-table.ts";
import { lender, type OnStatement } from "./connection.ts";
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
   * statements and transactions use at most half of the connections and are served in rotation with those of others. The first one
   * throws `QueueFull` when the queue is full; later ones of the same request wait. Must not be used within a transaction of
   * the same holder.
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
  const lend = lender(connector(pool, waits.connectMs));
  const means = { lend, secrets: secretBox(secretKeys), identity: {}, onStatement, fork: () => orm.em.fork() };
  const max = Math.max(1, poolSize - poolReserve);
  const limiter = createConcurrencyLimiter({ ...queueBounds, max, maxEach: Math.max(1, Math.floor(poolSize / 2)) });
  const interruption = createInterruption();
  const endBusy = busyConnections(pool);
  const ends = {
    interrupt: () => {
      interruption.interrupt();
      endBusy();
    },
    close: async () => {
      await orm.close();
      // MikroORM closes the pool only if its own query builder has used it.
      if (!pool.ended) await pool.end();
    },
  };
  const shared = { ends, tenantRole: onceRead(() => readTenantRole(pooledIn(means, wholeDatabase))) };
  return databaseOn(means, wholeDatabase, { ...shared, share: (holder) => limited({ limiter, interruption }, holder) });
}

/** Wraps each use of a connection. */
export type Around = <T>(use: () => Promise<T>) => Promise<T>;
type Shared = {
  readonly ends: Pick<Database, "interrupt" | "close">;
  readonly tenantRole: () => Promise<string | null>;
  readonly share: (holder: string) => Around;
};

/** `base`: the scope without an organization. */
function databaseOn(means: Means, scope: Scope, shared: Shared, base = scope): Database {
  const sql = pooledIn(means, scope);
  const view = (other: Scope, around: Around = (use) => use()): Database =>
    databaseOn({ ...means, identity: {}, lend: (work) => around(() => means.lend(work)) }, other, shared);
  return {
    ...shared.ends,
    sql,
    transaction: transactIn(means, scope),
    view,
    shareOf: (holder) => {
      const share = shared.share(holder);
      return databaseOn({ ...means, lend: (work) => share(() => means.lend(work)) }, scope, shared, base);
    },
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

type Limits = { readonly limiter: ConcurrencyLimiter; readonly interruption: Interruption };

function limited({ limiter, interruption }: Limits, holder: string): Around {
  let hasStarted = false;
  return (use) => {
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
    for (const client of busy) client.end(() => undefined);
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
