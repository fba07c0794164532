import type { Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { mapInSlices } from "../store/slices.ts";
import { callerCte, type Caller, type CallerRefusal } from "./caller.ts";
import type { SqlColumn, SqlCondition } from "./filter-sql.ts";

export type Answer<T> = Promise<{ readonly caller: Result<Caller, CallerRefusal>; readonly found: T }>;

/** How a list is ordered, ties by id in the same direction; undefined: by id, which is the order of creation. */
export type Order = { readonly column: SqlColumn; readonly isDescending: boolean } | undefined;

/** Where a row stands in an order: the text of what it is sorted by, null where it has no value, and its id. */
export type Place = { readonly key: string | null; readonly id: string };

/** Which part of the list is wanted: behind a place if `after` is given, and from there (or the start) behind `offset` rows. */
export type PageWindow = { readonly offset: number; readonly limit: number; readonly after?: Place | undefined };

/** `total`: of all that match. `end`: the place of the last row, absent where there is none. */
export type Page<T> = {
  readonly total: number;
  readonly rows: readonly T[];
  readonly end?: Place;
  readonly hasMore: boolean;
};

/** The place of the first value of a source's condition; before it stand the caller, the limit and the offset. */
export const firstValuePlace = 4;

/**
 * The rows that a list is made of, under an alias: a FROM item, a condition with its values, an order. `narrowFrom` says the
 * FROM item anew for a page, where each part of it needs no more rows than the page; it is given the end of a part's query.
 */
export type PageSource = {
  readonly alias: string;
  readonly from: string;
  readonly condition: SqlCondition;
  readonly order: Order;
  readonly narrowFrom?: (endOf: (part: PageSource) => string) => string;
};

/**
 * The statement that reads a page together with the caller ($1) and the total; `columns` are what is read of each row.
 * It asks for one row more than the page has, to see whether there is a next one: by a place and not by a number where the
 * window has a place, so that a late page costs what the first one does (docs/decisions/0010).
 */
export function pageStatement(
  source: PageSource,
  window: PageWindow,
  columns: string,
): { readonly text: string; readonly values: readonly unknown[] } {
  const { alias, from, condition, order } = source;
  const values: unknown[] = [window.limit === 0 ? 0 : window.limit + 1, window.offset, ...condition.values];
  const put = (value: unknown): string => `$${values.push(value) + 1}`;
  const behind = (part: PageSource): string =>
    window.after === undefined ? "" : `and ${behindPlace(part.alias, part.order, window.after, put)}`;
  const endOf = (part: PageSource): string =>
    `${behind(part)} order by ${sortingOf(part.alias, part.order)} limit $2::bigint + $3::bigint`;
  const pageFrom = source.narrowFrom?.(endOf) ?? from;
  const sorting = sortingOf(alias, order);
  // The order is said twice, as joining rows to the caller may lose it; a page is short.
  const text = `with ${callerCte},
    total as (select count(*)::int as total from ${from} where ${condition.text}),
    page as (select ${alias}.*, ${keyOf(order)} as "sortKey" from ${pageFrom} where ${condition.text} ${behind(source)}
      order by ${sorting} limit $2 offset $3)
    select caller.*, total.total, ${alias}."sortKey", ${columns}
    from caller cross join total left join page ${alias} on true order by ${sorting}`;
  return { text, values };
}

function sortingOf(alias: string, order: Order): string {
  const direction = order?.isDescending ? "desc" : "asc";
  const byId = `${alias}.id ${direction}`;
  // Absent values stand last when ascending and first when descending (RFC 7644 section 3.4.2.3), as PostgreSQL has it.
  return order === undefined || order.column.kind === "id" ? byId : `${order.column.sql} ${direction}, ${byId}`;
}

function keyOf(order: Order): string {
  return order === undefined || order.column.kind === "id" ? "null::text" : `(${order.column.sql})::text`;
}

const casts = { text: `::text collate "C"`, id: "::uuid", boolean: "::boolean", instant: "::timestamptz" } as const;

/** Is a row behind the place? A comparison of rows wherever the index can answer it. */
function behindPlace(alias: string, order: Order, place: Place, put: (value: unknown) => string): string {
  const isBehind = order?.isDescending ? "<" : ">";
  const id = `${put(place.id)}::uuid`;
  if (order === undefined || order.column.kind === "id") return `${alias}.id ${isBehind} ${id}`;
  const { sql, kind, isNullable } = order.column;
  if (place.key === null) {
    const amongAbsent = `(${sql} is null and ${alias}.id ${isBehind} ${id})`;
    return order.isDescending ? `(${amongAbsent} or ${sql} is not null)` : amongAbsent;
  }
  const behind = `(${sql}, ${alias}.id) ${isBehind} (${put(place.key)}${casts[kind]}, ${id})`;
  return isNullable && !order.isDescending ? `(${behind} or ${sql} is null)` : behind;
}

const pageRow = z.object({ total: z.number(), sortKey: z.string().nullable(), id: z.string().nullable() });

/** Reads what `pageStatement` found, in slices; `rowOf` reads one row, or null where the outer join found none. */
export async function pageOf<T>(
  rows: readonly Record<string, unknown>[],
  limit: number,
  rowOf: (row: Record<string, unknown>) => T | null,
): Promise<Page<T>> {
  const [first] = rows;
  if (first === undefined) return { total: 0, rows: [], hasMore: false };
  const shown = rows.slice(0, limit);
  const found = (await mapInSlices(shown, rowOf)).filter((row) => row !== null);
  const { sortKey: key, id } = pageRow.parse(shown.at(-1) ?? first);
  const end = found.length === 0 || id === null ? {} : { end: { key, id } };
  return { total: pageRow.parse(first).total, rows: found, hasMore: rows.length > limit && limit > 0, ...end };
}
