import {
  CamelCasePlugin,
  DefaultQueryExecutor,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type Dialect,
  type PluginTransformResultArgs,
  type QueryCompiler,
  type QueryResult,
  type UnknownRow,
} from "kysely";
import { types as defaultTypes, TypeOverrides, type PoolClient } from "pg";
import type { Connect } from "./connector.ts";
import type { Tables } from "./tables.ts";
import { mapInSlices } from "./slices.ts";
import { isAtConnectionLimit, isUnanswered, isUnavailable, isUnprepared } from "./unavailable.ts";

/** A borrowed connection. */
export type Connection = Pick<PoolClient, "query">;

/** Runs `work` on a connection and releases it. `isShared`: on the connection that others use at the same time. */
export type Lend = <T>(work: (client: Connection) => Promise<T>, isShared?: boolean) => Promise<T>;

/** A completed statement with its rows. `name`: the prepared statement's name, if any. */
export type SentStatement = Query<unknown> & { readonly rows: readonly unknown[] };
export type OnStatement = (sent: SentStatement) => void;

/** 64-bit integers are read as numbers: no count here exceeds 2^53. */
const types = new TypeOverrides(defaultTypes);
types.setTypeParser(defaultTypes.builtins.INT8, Number);

/**
 * Borrows connections from the pool. A connection is closed instead of released if it may be unresponsive, so that even
 * a rollback would block, or if the rollback failed.
 */
export function lender(connect: Connect): Lend {
  return async (work) => {
    const client = await connect();
    try {
      const value = await work(client);
      client.release();
      return value;
    } catch (cause) {
      client.release(isUnanswered(cause) || !(await rollBack(client)));
      throw cause;
    }
  };
}

/** How long the pool's connections are used after PostgreSQL has rejected the shared one, or all of the pool. */
const withoutSharedMs = 10_000;

/**
 * Lends one connection in pg's `pipeline` mode to any number of statements at a time, which PostgreSQL executes in the
 * order of their arrival; other work gets a connection from `ownLender`, and so do these while PostgreSQL rejects another
 * connection (`onNone`: every one of the pool), and one again whose preparation by an earlier one has failed. The
 * connection is released when no statement uses it (docs/decisions/0054).
 */
export function sharingLender(ownLender: (onNone: () => void) => Lend, connectShared: Connect): Lend {
  let current: { readonly client: Promise<PoolClient>; users: number; isLost: boolean } | undefined;
  let ownUntilMs = 0;
  const useOwn = (): void => void (ownUntilMs = performance.now() + withoutSharedMs);
  const lendOwn = ownLender(useOwn);
  return async (work, isShared = false) => {
    if (!isShared || performance.now() < ownUntilMs) return lendOwn(work);
    if (current === undefined || current.isLost) current = { client: connectShared(), users: 0, isLost: false };
    const mine = current;
    mine.users += 1;
    let client: PoolClient | undefined;
    try {
      client = await mine.client;
      return await work(client);
    } catch (cause) {
      mine.isLost ||= isUnavailable(cause);
      const isOfOthers = client === undefined ? isAtConnectionLimit(cause) : isUnprepared(cause);
      if (!isOfOthers) throw cause;
      if (client === undefined) useOwn();
      return await lendOwn(work);
    } finally {
      mine.users -= 1;
      if (mine.users === 0) {
        if (current === mine) current = undefined;
        client?.release(mine.isLost || performance.now() < ownUntilMs);
      }
    }
  };
}

async function rollBack(client: PoolClient): Promise<boolean> {
  if (client.getTransactionStatus() === "I") return true;
  try {
    await client.query("rollback");
    return true;
  } catch {
    // The error of the transaction is the one to report; the connection is closed.
    return false;
  }
}

/** A dialect without a driver, because connections are borrowed. */
export function dialectOf(compiler: () => QueryCompiler): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: compiler,
  };
}

/** Maps property names to column names and back; keys within JSON stay unchanged. */
export const camelCase = new (class extends CamelCasePlugin {
  /** In slices, so that a large result does not block other requests. */
  override async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return { ...result, rows: await mapInSlices(result.rows, (row) => this.mapRow(row)) };
  }
})({ maintainNestedObjectKeys: true });

const dialect = dialectOf(() => new PostgresQueryCompiler());
const adapter = dialect.createAdapter();
const driver = dialect.createDriver();
const compiler = dialect.createQueryCompiler();

/** The typed query builder; each statement borrows its own connection. */
export function kyselyOn(lend: Lend, onStatement?: OnStatement): Kysely<Tables> {
  return plainKyselyOn(lend, onStatement).withPlugin(camelCase);
}

/** The same with column names, for statements from MikroORM. */
export function plainKyselyOn(lend: Lend, onStatement?: OnStatement): Kysely<Tables> {
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consume) =>
      lend((client) =>
        consume({
          executeQuery: (query) => execute(client, query, onStatement),
          streamQuery: () => {
            throw new Error("Streaming is not supported; read in pages.");
          },
        }),
      ),
  });
  return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor });
}

/** PgBouncer below 1.21 breaks named statements in transaction mode: `PREPARED_STATEMENTS=off` sends them unnamed. */
const isNaming = process.env["PREPARED_STATEMENTS"] !== "off";

/**
 * A query to send. With a `name`, PostgreSQL keeps its plan (`keptStatement`). `isShared`: see `lookUpStatement`. `R`:
 * its rows.
 */
export type Query<R> = Pick<CompiledQuery<R>, "sql" | "parameters"> & {
  readonly name?: string | undefined;
  readonly isShared?: boolean;
};

export async function execute<R>(
  client: Connection,
  query: Query<R>,
  onStatement?: OnStatement,
): Promise<QueryResult<R>> {
  const { sql, parameters, name } = query;
  const { rows, rowCount } = await client.query<R & Record<string, unknown>>({
    text: sql,
    // MikroORM may send several statements at once; these must have no list of values.
    values: parameters.length === 0 ? undefined : [...parameters],
    name: isNaming ? name : undefined,
    types,
  });
  onStatement?.({ ...query, rows });
  return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
}
