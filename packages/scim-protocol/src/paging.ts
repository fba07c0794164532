import { badRequest, type ScimError } from "./error.ts";
import { err, ok, type Result } from "./result.ts";

/** The default page size. Okta always steps by 100, so it must not be smaller. */
export const defaultPageSize = 100;
/** The most resources on one page. */
export const pageSizeMax = 1000;
/** How many seconds a cursor remains valid after its page. */
export const cursorTimeoutS = 3600;

/** A page by index, counted from 1; `offset` is the same from 0. */
type IndexPaging = {
  readonly kind: "index";
  readonly startIndex: number;
  readonly count: number;
  readonly offset: number;
};
/** A page after the resource in the cursor; the empty cursor requests the first page, `count` 0 no resources. */
type CursorPaging = { readonly kind: "cursor"; readonly cursor: string; readonly count: number };
export type Paging = IndexPaging | CursorPaging;

type PagingQuery = {
  readonly startIndex?: string | undefined;
  readonly count?: string | undefined;
  readonly cursor?: string | undefined;
};

/**
 * Reads the paging parameters. By index (RFC 7644 section 3.4.2.4): `startIndex` below 1 means 1; a negative `count`
 * means 0, which requests `totalResults` only; a `count` above `pageSizeMax` is reduced to it. By cursor (RFC 9865
 * section 2) the same, but a `count` above `pageSizeMax` or that is not an integer is 400 invalidCount (section 2.1).
 * Errors: 400 invalidValue for any other value that is not an integer and for both methods at once.
 */
export function parsePaging(query: PagingQuery): Result<Paging, ScimError> {
  if (query.cursor !== undefined) return parseCursorPaging(query.cursor, query);
  const startIndex = parseInteger("startIndex", query.startIndex, 1);
  if (!startIndex.ok) return startIndex;
  const count = parseInteger("count", query.count, defaultPageSize);
  if (!count.ok) return count;
  const first = Math.max(1, startIndex.value);
  return ok({
    kind: "index",
    startIndex: first,
    count: Math.min(Math.max(0, count.value), pageSizeMax),
    offset: first - 1,
  });
}

function parseCursorPaging(cursor: string, query: PagingQuery): Result<CursorPaging, ScimError> {
  if (query.startIndex !== undefined) {
    return err(badRequest("invalidValue", "Give either startIndex or cursor, not both: they are two ways to page."));
  }
  const count = parseInteger("count", query.count, defaultPageSize);
  if (count.ok && count.value <= pageSizeMax) return ok({ kind: "cursor", cursor, count: Math.max(0, count.value) });
  return err(badRequest("invalidCount", `With a cursor, count must be an integer from 0 to ${pageSizeMax}.`));
}

function parseInteger(name: string, text: string | undefined, fallback: number): Result<number, ScimError> {
  if (text === undefined) return ok(fallback);
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return ok(value);
  return err(badRequest("invalidValue", `The query parameter ${name} must be an integer, such as ${fallback}.`));
}
