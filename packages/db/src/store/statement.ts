import { Kysely, PostgresQueryCompiler, sql, type Compilable, type CompiledQuery, type Expression } from "kysely";
import { camelCase, dialectOf, type Query } from "./connection.ts";
import { propertyNames } from "./property-names.ts";
import type { Tables } from "./tables.ts";

/** A statement that was compiled when its module was loaded, with parameters `P` and rows `R`. */
export type Statement<P, R> = {
  readonly text: string;
  /** The statement with the values of its parameters, by its name where the plan is to be kept. */
  bind(params: P, keepsPlan: boolean): Query<R>;
};

/** The rows of a statement. */
export type RowOf<S> = S extends Statement<never, infer R> ? R : never;

/** A parameter as an expression; however often it is used, it goes over the wire once. */
export type Parameter<P> = <K extends keyof P & string>(name: K) => Expression<P[K]>;
type Build<P, R> = (db: Kysely<Tables>, p: Parameter<P>) => Compilable<R>;

/**
 * `statement<{ organizationId: string }>()((db, p) => …)`: a typed query whose values are the parameters `p("…")`, planned
 * anew each time. Throws at once for any other value: write constants with `sql.lit`.
 */
export function statement<P extends object>() {
  return <R>(build: Build<P, R>): Statement<P, R> => compile(undefined, build);
}

/**
 * As `statement`, for one that PostgreSQL plans once a connection, under `name`, which must be unique for the text. That is
 * for the hot statements that find each row by a whole key: a plan that was made when a table was small is kept while it
 * grows, so anything that reads a range is planned anew each time (docs/decisions/0003).
 */
export function keptStatement<P extends object>() {
  return <R>(name: string, build: Build<P, R>): Statement<P, R> => compile(name, build);
}

function compile<P extends object, R>(name: string | undefined, build: Build<P, R>): Statement<P, R> {
  const compiled = build(parts, (key) => sql`${new Placeholder(key)}`).compile();
  const keys = compiled.parameters.map((value) => {
    if (value instanceof Placeholder) return value.key;
    throw new Error(`${JSON.stringify(value)} is no parameter of the statement ${compiled.sql}`);
  });
  return {
    text: compiled.sql,
    bind: (params, keepsPlan) => ({
      sql: compiled.sql,
      parameters: keys.map((key): unknown => Reflect.get(params, key)),
      name: keepsPlan ? name : undefined,
    }),
  };
}

class Placeholder {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }
}

/** Numbers the placeholders: one number for each key. */
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
 * For a common table expression that several statements share: `sql<object>`(${parts.updateTable(…)})`` has a type without
 * the other expressions of a statement, which TypeScript would compare one by one, for minutes.
 */
export const parts = new Kysely<Tables>({
  dialect: dialectOf(() => new StatementCompiler()),
  plugins: [camelCase, propertyNames],
});
