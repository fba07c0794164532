import type { EntityManager } from "@mikro-orm/postgresql";
import type { Kysely } from "kysely";
import { escapeLiteral } from "pg";
import {
  execute,
  kyselyOn,
  plainKyselyOn,
  type Connection,
  type Lend,
  type OnStatement,
  type Query,
} from "./connection.ts";
import type { SecretBox } from "./secret-box.ts";
import type { Statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** What can run statements: the pool (each in a transaction of its own) or one open transaction. */
export type Queryable = {
  /** Typed queries of the model. */
  readonly db: Kysely<Tables>;
  /** Runs a compiled statement. */
  readonly run: <P extends object, R>(statement: Statement<P, R>, params: P) => Promise<readonly R[]>;
  /** Runs a bound statement, or a query that was made of one; see `Statement.bind`. */
  readonly send: <R>(query: Query<R>) => Promise<readonly R[]>;
  /** Hand-written SQL. Rows as node-postgres reads them: dates as `Date`, JSON parsed, all `unknown`. */
  readonly query: (statement: RawStatement, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  /** Encrypts what is secret before it is written, and reads it again. */
  readonly secrets: SecretBox;
  /** One object for all views of a database (not those in another scope), for caches that live as long as it does. */
  readonly identity: object;
};

/** `name` and `keepsPlan`: see `keptStatement`. */
type RawStatement = { readonly name: string; readonly text: string; readonly keepsPlan?: boolean };

/** One open transaction. What has changed in its entities is written before it commits. */
export type Transaction = Queryable & { readonly em: EntityManager };

/** Runs `work` in one transaction: committed when it returns something to keep, rolled back when not or when it throws. */
export type Transact = <T>(work: (tx: Transaction) => Promise<T>, isKept?: (value: T) => boolean) => Promise<T>;

/** How a view of the database sees it. */
export type Scope = {
  /** Settings of each transaction, by name; they end with it. With any, each single statement is a transaction too. */
  readonly settings: (() => Promise<Readonly<Record<string, string>>>) | null;
  readonly keepsPlans: boolean;
  /** Whose rows entities are, where that is known. */
  readonly organizationId: string | null;
};

export const wholeDatabase: Scope = { settings: null, keepsPlans: true, organizationId: null };

export type Means = {
  readonly lend: Lend;
  readonly secrets: SecretBox;
  readonly identity: object;
  readonly onStatement: OnStatement | undefined;
  fork(): EntityManager;
};

export function transactIn(means: Means, scope: Scope): Transact {
  return async (work, isKept = () => true) => {
    const begin = (scope.settings === null ? undefined : await beginIn(scope)) ?? "begin";
    return means.lend(async (client) => {
      await client.query(begin);
      const tx = openOn(client, means, scope);
      const value = await work(tx);
      if (!isKept(value)) await client.query("rollback");
      else {
        await tx.flush();
        await client.query("commit");
      }
      return value;
    });
  };
}

function openOn(client: Connection, pooled: Means, scope: Scope): Transaction & { flush(): Promise<void> } {
  const means: Means = { ...pooled, lend: (work) => work(client) };
  const own = queryableOn(means, scope);
  let em: EntityManager | undefined;
  return {
    run: own.run,
    send: own.send,
    query: own.query,
    secrets: own.secrets,
    identity: own.identity,
    // Built on first use: a SCIM write rarely needs it.
    get db() {
      return own.db;
    },
    get em() {
      if (em !== undefined) return em;
      em = means.fork();
      em.setTransactionContext(plainKyselyOn(means.lend, means.onStatement));
      if (scope.organizationId !== null) em.setFilterParams("tenant", { organizationId: scope.organizationId });
      return em;
    },
    flush: async () => em?.flush(),
  };
}

/** Single statements, each on a connection that is lent for it. */
export function pooledIn(means: Means, scope: Scope): Queryable {
  if (scope.settings === null) return queryableOn(means, scope);
  const { lend } = means;
  const inScope: Lend = async (work) => {
    const begin = await beginIn(scope);
    if (begin === undefined) return lend(work);
    return lend(async (client) => {
      await client.query(begin);
      const value = await work(client);
      await client.query("commit");
      return value;
    });
  };
  return queryableOn({ ...means, lend: inScope }, scope);
}

function queryableOn({ lend, secrets, identity, onStatement }: Means, { keepsPlans }: Scope): Queryable {
  let db: Kysely<Tables> | undefined;
  const kysely = (): Kysely<Tables> => (db ??= kyselyOn(lend, onStatement));
  const send = async <R>(query: Query<R>): Promise<readonly R[]> =>
    (await lend((client) => execute(client, query, onStatement))).rows;
  return {
    get db() {
      return kysely();
    },
    run: (statement, params) => send(statement.bind(params, keepsPlans)),
    send,
    query: ({ name, text, keepsPlan = false }, values) => {
      const named = keepsPlan && keepsPlans ? name : undefined;
      return send<Record<string, unknown>>({ sql: text, parameters: values, name: named });
    },
    secrets,
    identity,
  };
}

/** The beginning and the settings go in one message, so that they cost one round trip. */
async function beginIn(scope: Scope): Promise<string | undefined> {
  const settings = Object.entries((await scope.settings?.()) ?? {});
  if (settings.length === 0) return undefined;
  const all = settings.map(([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`);
  return `begin; select ${all.join(", ")}`;
}
