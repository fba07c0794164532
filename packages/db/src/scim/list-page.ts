import type { Result } from "@rollcall/scim-protocol";
import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Query } from "../store/connection.ts";
import { mapInSlices } from "../store/slices.ts";
import { parts, type Parameter, type Statement } from "../store/statement.ts";
import type { Tables } from "../store/tables.ts";
import { withCaller, type Caller, type CallerRefusal } from "./caller.ts";
import type { Condition, SqlColumn } from "./filter-sql.ts";

export type Answer<T> = Promise<{ readonly caller: Result<Caller, CallerRefusal>; readonly found: T }>;

/** The order of a list, ties by id in the same direction; undefined: by id, which is the order of creation. */
export type Order = { readonly column: SqlColumn; readonly isDescending: boolean } | undefined;

/** The position of a row in an order: its sort key as text, null without a value, and its id. */
export type Place = { readonly key: string | null; readonly id: string };

/** The part of a list to read: after a position if `after` is given, then after `offset` rows. */
export type PageWindow = { readonly offset: number; readonly limit: number; readonly after?: Place | undefined };

/** `total`: of all matches. `end`: the position of the last row, absent if there is none. */
export type Page<T> = {
  readonly total: number;
  readonly rows: readonly T[];
  readonly end?: Place;
  readonly hasMore: boolean;
};

type Fragment = RawBuilder<unknown>;

/**
 * The rows of a list, under an alias: a FROM item, a condition, an order. `narrowFrom` returns the FROM item of a page
 * if each part of it needs no more rows than the page; its argument is the end of a part's query.
 */
export type PageSource = {
  readonly alias: string;
  readonly from: Fragment;
  readonly condition: Condition;
  readonly order: Order;
  /** The query of the total, if it is known without counting the rows. */
  readonly total?: Fragment;
  readonly narrowFrom?: (endOf: (part: PageSource) => Fragment) => Fragment;
};

/** The parts of a page's query that differ for each request. */
export type PageParts = { readonly keyId: string } & Readonly<Record<"total" | "page" | "order", Fragment>>;

/**
 * Starts the query of a page with the caller and the total of all matches. The query is compiled once; `pageQuery`
 * replaces its parameters by the fragments of a request.
 */
export function withTotal(db: Kysely<Tables>, p: Parameter<PageParts>) {
  return withCaller(db, p).with("total", () => sql<{ total: number }>`(${p("total")})`);
}

/** A row of the page, `T`, with its sort key as text. */
export type Sorted<T> = T & { sortKey: string | null };

/**
 * Builds the query of one page, with one row more than the page to detect a next one. After a position it does not skip
 * rows by number, so that a late page costs as much as the first (docs/decisions/0010).
 */
export function pageQuery<R>(
  query: Statement<PageParts, R>,
  keyId: string,
  source: PageSource,
  window: PageWindow,
): Query<R> {
  const { alias, from, condition, order } = source;
  const limit = window.limit === 0 ? 0 : window.limit + 1;
  const behind = (part: PageSource): Fragment =>
    window.after === undefined ? sql`` : sql`and ${behindPlace(part.alias, part.order, window.after)}`;
  const endOf = (part: PageSource): Fragment =>
    sql`${behind(part)} order by ${sortingOf(part.alias, part.order)} limit ${limit}::bigint + ${window.offset}::bigint`;
  // Ordered again, because the join with the caller may lose the order; a page is short.
  const sorting = sortingOf(alias, order);
  return filled(query, {
    keyId,
    total: source.total ?? sql`select count(*)::int as total from ${from} where ${condition}`,
    page: sql`select ${sql.raw(alias)}.*, ${keyOf(order)} as sort_key from ${source.narrowFrom?.(endOf) ?? from}
      where ${condition} ${behind(source)} order by ${sorting} limit ${limit} offset ${window.offset}`,
    order: sorting,
  });
}

/** A compiled query with fragments in the places of its parameters: building it anew takes 100 µs. */
function filled<R>(query: Statement<PageParts, R>, params: PageParts): Query<R> {
  const { sql: text, parameters } = query.bind(params, false);
  const pieces = text.split(/\$(\d+)/u);
  return sql
    .join<R>(
      pieces.map((piece, index) => (index % 2 === 0 ? sql.raw(piece) : parameters[Number(piece) - 1])),
      sql``,
    )
    .compile(parts);
}

function sortingOf(alias: string, order: Order): Fragment {
  const direction = order?.isDescending ? "desc" : "asc";
  const byId = `${alias}.id ${direction}`;
  // Absent values come last when ascending and first when descending (RFC 7644 section 3.4.2.3), as in PostgreSQL.
  return sql.raw(
    order === undefined || order.column.kind === "id" ? byId : `${order.column.sql} ${direction}, ${byId}`,
  );
}

function keyOf(order: Order): Fragment {
  return sql.raw(order === undefined || order.column.kind === "id" ? "null::text" : `(${order.column.sql})::text`);
}

const casts = { text: `::text collate "C"`, id: "::uuid", boolean: "::boolean", instant: "::timestamptz" } as const;

/** Whether a row comes after the position. Compares rows wherever an index supports it. */
function behindPlace(alias: string, order: Order, place: Place): Fragment {
  const isBehind = sql.raw(order?.isDescending ? "<" : ">");
  const id = sql.raw(`${alias}.id`);
  if (order === undefined || order.column.kind === "id") return sql`${id} ${isBehind} ${place.id}::uuid`;
  const { kind, isNullable } = order.column;
  const column = sql.raw(order.column.sql);
  if (place.key === null) {
    const amongAbsent = sql`(${column} is null and ${id} ${isBehind} ${place.id}::uuid)`;
    return order.isDescending ? sql`(${amongAbsent} or ${column} is not null)` : amongAbsent;
  }
  const behind = sql`(${column}, ${id}) ${isBehind} (${place.key}${sql.raw(casts[kind])}, ${place.id}::uuid)`;
  return isNullable && !order.isDescending ? sql`(${behind} or ${column} is null)` : behind;
}

/** A row of a page's query; `id` is null if the page is empty. */
type PageRow = { readonly total: number; readonly sortKey: string | null; readonly id: string | null };

/** Reads the rows of a page's query in slices; `rowOf` returns null for an empty outer join. */
export async function pageOf<R extends PageRow, T>(
  rows: readonly R[],
  limit: number,
  rowOf: (row: R) => T | null,
): Promise<Page<T>> {
  const [first] = rows;
  if (first === undefined) return { total: 0, rows: [], hasMore: false };
  const shown = rows.slice(0, limit);
  const found = (await mapInSlices(shown, rowOf)).filter((row) => row !== null);
  const { sortKey: key, id } = shown.at(-1) ?? first;
  const end = found.length === 0 || id === null ? {} : { end: { key, id } };
  return { total: first.total, rows: found, hasMore: rows.length > limit && limit > 0, ...end };
}
