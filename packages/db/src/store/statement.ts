import { types, type PoolClient } from "pg";
import type { Connect } from "./connector.ts";
import type { SecretBox } from "./secret-box.ts";
import { isUnanswered } from "./unavailable.ts";

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

/** Statements on any connection of the pool. */
export function pooledQueryable(connect: Connect, secrets: SecretBox): Queryable {
  return {
    secrets,
    query: (statement, values) =>
      onConnection(connect, (client) => queryableOf(client, secrets).query(statement, values)),
  };
}

/** Runs `work` in one transaction: committed when it returns something to keep, rolled back when not or when it throws. */
export function inTransaction<T>(
  connect: Connect,
  secrets: SecretBox,
  work: (tx: Queryable) => Promise<T>,
  isKept: (value: T) => boolean = () => true,
): Promise<T> {
  return onConnection(connect, async (client) => {
    await client.query("begin");
    const value = await work(queryableOf(client, secrets));
    await client.query(isKept(value) ? "commit" : "rollback");
    return value;
  });
}

function queryableOf(client: PoolClient, secrets: SecretBox): Queryable {
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

/**
 * Gives the connection back afterwards. It is closed instead where it may be silent, so that even a rollback would wait,
 * and where the rollback failed.
 */
async function onConnection<T>(connect: Connect, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connect();
  try {
    const value = await work(client);
    client.release();
    return value;
  } catch (cause) {
    client.release(isUnanswered(cause) || !(await rollBack(client)));
    throw cause;
  }
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
