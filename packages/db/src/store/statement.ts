import { Kysely, PostgresQueryCompiler, sql, type Compilable, type CompiledQuery, type Expression } from "kysely";
import { camelCase, dialectOf, type Query } from "./connection.ts";
import { propertyNames } from "./property-names.ts";
import type { Tables } from "./tables.ts";

/** A statement that is compiled when its module loads, with parameters `P` and rows `R`. */
export type Statement<P, R> = {
  readonly text: string;
  /** Binds the parameters; named if the plan is to be kept. */
  bind(params: P, keepsPlan: boolean): Query<R>;
};

export type RowOf<S> = S extends Statement<never, infer R> ? R : never;

/** A parameter as an expression; it is sent once, however often it is used. */
export type Parameter<P> = <K extends keyof P & string>(name: K) => Expression<P[K]>;
type Build<P, R> = (db: Kysely<Tables>, p: Parameter<P>) => Compilable<R>;

/**
 * `statement<{ organizationId: string }>()((db, p) => …)`: a typed query whose values are the parameters `p("…")`,
 * planned at each execution. Throws immediately for any other value; use `sql.lit` for constants.
 */
export function statement<P extends object>() {
  return <R>(build: Build<P, R>): Statement<P, R> => compile(undefined, build);
}

/**
 * As `statement`, but planned once per connection under `name`, which must be unique for the text. Only for frequent
 * statements that find each row by a complete key: a plan made for a small table is kept while the table grows, so
 * range reads must be planned at each execution (docs/decisions/0003).
 */
export function keptStatement<P extends object>() {
  return <R>(name: string, build: Build<P, R>): Statement<P, R> => compile(name, build);
}

/**
 * As `keptStatement`, for a read of a few rows that takes no lock: outside of a transaction it shares one connection with
 * other such reads, which each wait for the ones before (docs/decisions/0054). Each begins with `withCaller`, so that a
 * row for another token would be refused.
 */
export function lookUpStatement<P extends { readonly keyId: string }>() {
  return <R>(name: string, build: Build<P, R>): Statement<P, R> => compile(name, build, true);
}

function compile<P extends object, R>(name: string | undefined, build: Build<P, R>, isShared = false): Statement<P, R> {
  const compiled = build(parts, (key) => sql`${new Placeholder(key)}`).compile();
  const keys = compiled.parameters.map((value) => {
    if (value instanceof Placeholder) return value.key;
    throw new Error(`${JSON.stringify(value)} is not a parameter of the statement ${compiled.sql}`);
  });
  return {
    text: compiled.sql,
    bind: (params, keepsPlan) => ({
      sql: compiled.sql,
      parameters: keys.map((key): unknown => Reflect.get(params, key)),
      name: keepsPlan ? name : undefined,
      isShared,
    }),
  };
}

class Placeholder {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
}

/** Reuses one placeholder number per key. */
class StatementCompiler extends PostgresQueryCompiler {
  #keys: string[] = [];
  override compileQuery(...args: Parameters<PostgresQueryCompiler["compileQuery"]>): CompiledQuery {
    this.#keys = [];
    return super.compileQuery(...args);
  }
  protected override appendValue(value: unknown): void {
    if (!(value instanceof Placeholder)) return super.appendValue(value);
    const known = this.#keys.indexOf(value.key);
    if (known < 0) this.addParameter(value);
    this.append(`$${known < 0 ? this.#keys.push(value.key) : known + 1}`);
  }
}

/**
 * For a common table expression that several statements share: `sql<object>`(${parts.updateTable(…)})`` has a type
 * without the statement's other expressions, whose comparison would take TypeScript minutes.
 */
export const parts = new Kysely<Tables>({
  dialect: dialectOf(() => new StatementCompiler()),
  plugins: [camelCase, propertyNames],
});
