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
import { createTurns, type Turns } from "./turns.ts";

export type Database = {
  /** Single statements. */
  readonly sql: Queryable;
  /** One transaction; a value that `isKept` says no to (a refusal) is answered after a rollback. */
  readonly transaction: Transact;
  /**
   * The same database for one holder: an organization, or a client address as long as no organization is known. Its
   * statements and transactions have at most half of the connections at a time and wait for their turn among all holders.
   * The first one throws `Busy` where too many wait; what has begun waits. Never use it within a transaction of the same
   * holder.
   */
  shareOf(holder: string): Database;
  /**
   * The same database as an organization may see it: row level security hides every row of others. `seesOthers`: it does
   * not, for the few writes about an address or a domain, which may be another organization's too.
   */
  tenantOf(organizationId: string, options?: { readonly seesOthers?: boolean }): Database;
  /** The same database in another scope; `around` is run around each use of a connection. */
  view(scope: Scope, around?: Around): Database;
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
  /** Takes every statement that has been answered; for tests. */
  readonly onStatement?: OnStatement;
  /** Shorter ones for tests. */
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
  const turns = createTurns({ ...turnBounds, max, maxEach: Math.max(1, Math.floor(poolSize / 2)) });
  const interruption = createInterruption();
  const endBusy = busyConnections(pool);
  const ends = {
    interrupt: () => {
      interruption.interrupt();
      endBusy();
    },
    close: async () => {
      await orm.close();
      // MikroORM ends the pool only if its own query builder has used it.
      if (!pool.ended) await pool.end();
    },
  };
  const shared = { ends, tenantRole: onceRead(() => readTenantRole(pooledIn(means, wholeDatabase))) };
  return databaseOn(means, wholeDatabase, { ...shared, share: (holder) => inTurns({ turns, interruption }, holder) });
}

/** Runs a use of a connection: when its turn has come, or while it is counted. */
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
      await sql.query({ name: "ping", text: "select 1" }, []);
    },
  };
}

/** Where there is no role to act as, the `where` of each statement is the only border (docs/decisions/0049). */
async function tenantSettings(organizationId: string, { tenantRole }: Shared): Promise<Record<string, string>> {
  const role = await tenantRole();
  return role === null ? {} : { role, [tenantSetting]: organizationId };
}

/** Reads once; what has failed is read again. */
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

function inTurns({ turns, interruption }: { turns: Turns; interruption: Interruption }, holder: string): Around {
  let isBegun = false;
  return (use) => {
    const begin = (): ReturnType<typeof use> => {
      isBegun = true;
      return use();
    };
    return interruption.run(() => turns.run(holder, begin, isBegun));
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
