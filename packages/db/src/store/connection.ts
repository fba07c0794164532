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
import { isUnanswered } from "./unavailable.ts";

/** A connection that is lent. */
export type Connection = Pick<PoolClient, "query">;

/** Lends a connection to `work`, and takes it back. */
export type Lend = <T>(work: (client: Connection) => Promise<T>) => Promise<T>;

/** A statement that was sent, and the rows of its answer. `name`: what the statement is called, if anything. */
export type SentStatement = Query<unknown> & { readonly rows: readonly unknown[] };
export type OnStatement = (sent: SentStatement) => void;

/** Dates as `Date`, JSON parsed, and whole numbers of 64 bits as numbers: nothing here counts beyond 2^53. */
const types = new TypeOverrides(defaultTypes);
types.setTypeParser(defaultTypes.builtins.INT8, Number);

/**
 * Lends connections of the pool. One is closed instead of given back where it may be silent, so that even a rollback would
 * wait, and where the rollback failed.
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

async function rollBack(client: PoolClient): Promise<boolean> {
  if (client.getTransactionStatus() === "I") return true;
  try {
    await client.query("rollback");
    return true;
  } catch {
    // What made the transaction fail is the error that counts; the connection is closed.
    return false;
  }
}

/** The dialect without a driver: connections are lent. */
export function dialectOf(compiler: () => QueryCompiler): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: compiler,
  };
}

/** Names of properties in, names of columns out; what JSON holds keeps its own names. */
export const camelCase = new (class extends CamelCasePlugin {
  /** In slices, so that a result of many rows does not hold up other requests. */
  override async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return { ...result, rows: await mapInSlices(result.rows, (row) => this.mapRow(row)) };
  }
})({ maintainNestedObjectKeys: true });

const dialect = dialectOf(() => new PostgresQueryCompiler());
const adapter = dialect.createAdapter();
const driver = dialect.createDriver();
const compiler = dialect.createQueryCompiler();

/** The typed query builder, whose statements run on connections of `lend`, one each. */
export function kyselyOn(lend: Lend, onStatement?: OnStatement): Kysely<Tables> {
  return plainKyselyOn(lend, onStatement).withPlugin(camelCase);
}

/** The same by the names of columns, as MikroORM sends its statements. */
export function plainKyselyOn(lend: Lend, onStatement?: OnStatement): Kysely<Tables> {
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consume) =>
      lend((client) =>
        consume({
          executeQuery: (query) => execute(client, query, onStatement),
          streamQuery: () => {
            throw new Error("Read page by page instead.");
          },
        }),
      ),
  });
  return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor });
}

/** PgBouncer below 1.21 breaks named statements in transaction mode: `PREPARED_STATEMENTS=off` sends them unnamed. */
const isNaming = process.env["PREPARED_STATEMENTS"] !== "off";

/** A query as it is sent. With a `name`, PostgreSQL keeps its plan (`keptStatement`). `R`: its rows. */
export type Query<R> = Pick<CompiledQuery<R>, "sql" | "parameters"> & { readonly name?: string | undefined };

/** Runs a query on a connection. */
export async function execute<R>(
  client: Connection,
  query: Query<R>,
  onStatement?: OnStatement,
): Promise<QueryResult<R>> {
  const { sql, parameters, name } = query;
  const { rows, rowCount } = await client.query<R & Record<string, unknown>>({
    text: sql,
    // Several statements at once, as MikroORM may send them, go without a list of values.
    values: parameters.length === 0 ? undefined : [...parameters],
    name: isNaming ? name : undefined,
    types,
  });
  onStatement?.({ ...query, rows });
  return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
}
