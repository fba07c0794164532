import { types, type Pool, type PoolClient } from "pg";
import type { SecretBox } from "./secret-box.ts";

/**
 * An SQL statement. With `keepsPlan` PostgreSQL plans it once a connection, under its name, which must be unique for the
 * text. That is for the hot statements that find each row by a whole key: a plan that was made when a table was small is
 * kept while it grows, so anything that reads a range is planned anew each time (docs/decisions/0003).
 */
type Statement = { readonly name: string; readonly text: string; readonly keepsPlan?: boolean };

/** What can run statements: the pool (each in a transaction of its own) or one open transaction. */
export type Queryable = {
  /** Rows as node-postgres reads them: dates as `Date`, JSON parsed, all `unknown`. Parse them before use. */
  query(statement: Statement, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Encrypts what is secret before it is written, and reads it again. */
  readonly secrets: SecretBox;
};

/** PgBouncer below 1.21 breaks named statements in transaction mode: `PREPARED_STATEMENTS=off` sends them unnamed. */
const isNaming = process.env["PREPARED_STATEMENTS"] !== "off";

export function queryableOf(client: Pool | PoolClient, secrets: SecretBox): Queryable {
  return {
    secrets,
    async query(statement, values) {
      // MikroORM's pool reads dates as text; these statements want node-postgres's own reading.
      const query = { text: statement.text, values: [...values], types };
      const isNamed = isNaming && statement.keepsPlan === true;
      const named = isNamed ? { ...query, name: statement.name } : query;
      const result = await client.query<Record<string, unknown>>(named);
      return result.rows;
    },
  };
}

/** Runs `work` in one transaction: committed when it returns something to keep, rolled back when not or when it throws. */
export async function inTransaction<T>(
  pool: Pool,
  secrets: SecretBox,
  work: (tx: Queryable) => Promise<T>,
  isKept: (value: T) => boolean = () => true,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const value = await work(queryableOf(client, secrets));
    if (!isKept(value)) {
      await rollBack(client);
      return value;
    }
    await client.query("commit");
    client.release();
    return value;
  } catch (cause) {
    await rollBack(client);
    throw cause;
  }
}

/** A connection that cannot even roll back is thrown away, never given to the next request. */
async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query("rollback");
    client.release();
  } catch (cause) {
    client.release(cause instanceof Error ? cause : true);
  }
}
