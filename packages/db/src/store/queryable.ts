import type { EntityManager } from "@mikro-orm/postgresql";
import type { Kysely } from "kysely";
import { escapeLiteral } from "pg";
import { execute, kyselyOn, plainKyselyOn, type Lend, type OnStatement, type Query } from "./connection.ts";
import type { SecretBox } from "./secret-box.ts";
import type { Statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** Runs statements: on the pool (each in its own transaction) or in one open transaction. */
export type Queryable = {
  readonly db: Kysely<Tables>;
  readonly run: <P extends object, R>(statement: Statement<P, R>, params: P) => Promise<readonly R[]>;
  /** Runs a bound statement or a query made from one; see `Statement.bind`. */
  readonly send: <R>(query: Query<R>) => Promise<readonly R[]>;
  /** Runs hand-written SQL. Returns dates as `Date`, JSON parsed, all typed `unknown`. */
  readonly query: (statement: RawStatement, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;
  readonly secrets: SecretBox;
  /** The same object for all views of a database in one scope; a key for caches. */
  readonly identity: object;
};

/** `name` and `keepsPlan`: see `keptStatement`. */
type RawStatement = { readonly name: string; readonly text: string; readonly keepsPlan?: boolean };

/** One open transaction. Changed entities are written before it commits. */
export type Transaction = Queryable & { readonly em: EntityManager };

/** Runs `work` in one transaction. Rolls it back if `isKept` returns false or `work` throws. */
export type Transact = <T>(work: (tx: Transaction) => Promise<T>, isKept?: (value: T) => boolean) => Promise<T>;

export type Scope = {
  /** Settings of each transaction, by name. With settings, each single statement is a transaction too. */
  readonly settings: (() => Promise<Readonly<Record<string, string>>>) | null;
  readonly keepsPlans: boolean;
  /** The organization of all entities, if known. */
  readonly organizationId: string | null;
};

export const wholeDatabase: Scope = { settings: null, keepsPlans: true, organizationId: null };

export type Means = {
  readonly lend: Lend;
  readonly secrets: SecretBox;
  readonly identity: object;
  readonly onStatement: OnStatement | undefined;
  readonly fork: () => EntityManager;
};

export function transactIn(means: Means, scope: Scope): Transact {
  return async (work, isKept = () => true) => {
    const begin = (scope.settings === null ? undefined : await beginIn(scope.settings)) ?? "begin";
    return means.lend(async (client) => {
      await client.query(begin);
      const tx = queryableOn({ ...means, lend: (use) => use(client) }, scope);
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

/** Runs each statement on its own connection. */
export function pooledIn(means: Means, scope: Scope): Queryable {
  const { settings } = scope;
  if (settings === null) return queryableOn(means, scope);
  const { lend } = means;
  const inScope: Lend = async (work) => {
    const begin = await beginIn(settings);
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

/** Both `db` and `em` are created on first use: most SCIM requests need neither. Only a transaction may use `em`. */
function queryableOn(means: Means, scope: Scope): Transaction & { flush(): Promise<void> } {
  const { lend, secrets, identity, onStatement } = means;
  let db: Kysely<Tables> | undefined;
  let em: EntityManager | undefined;
  const send = async <R>(query: Query<R>): Promise<readonly R[]> =>
    (await lend((client) => execute(client, query, onStatement), query.isShared)).rows;
  return {
    get db() {
      return (db ??= kyselyOn(lend, onStatement));
    },
    get em() {
      return (em ??= entitiesOn(means, scope));
    },
    flush: async () => em?.flush(),
    run: (statement, params) => send(statement.bind(params, scope.keepsPlans)),
    send,
    query: ({ name, text, keepsPlan = false }, values) => {
      const named = keepsPlan && scope.keepsPlans ? name : undefined;
      return send<Record<string, unknown>>({ sql: text, parameters: values, name: named });
    },
    secrets,
    identity,
  };
}

function entitiesOn({ lend, onStatement, fork }: Means, { organizationId }: Scope): EntityManager {
  const em = fork();
  em.setTransactionContext(plainKyselyOn(lend, onStatement));
  if (organizationId !== null) em.setFilterParams("tenant", { organizationId });
  return em;
}

/** BEGIN and the settings in one message, to save a round trip. */
async function beginIn(readSettings: NonNullable<Scope["settings"]>): Promise<string | undefined> {
  const settings = Object.entries(await readSettings());
  if (settings.length === 0) return undefined;
  const all = settings.map(([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`);
  return `begin; select ${all.join(", ")}`;
}
