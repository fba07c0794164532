import { badRequest, type ScimError } from "./error.ts";
import { err, ok, type Result } from "./result.ts";

/** How many resources a page has when the client does not say. Okta steps by 100 whatever it gets: never less. */
export const defaultPageSize = 100;
/** The most resources that one page may have. */
export const pageSizeMax = 1000;
/** How many seconds a cursor can be used after the page that it came with. */
export const cursorTimeoutS = 3600;

/** A page of so many resources from a place that is counted from 1; `offset` is the same from 0. */
type IndexPaging = {
  readonly kind: "index";
  readonly startIndex: number;
  readonly count: number;
  readonly offset: number;
};
/** A page behind the resource that the cursor names; the empty cursor asks for the first page, `count` 0 for none. */
type CursorPaging = { readonly kind: "cursor"; readonly cursor: string; readonly count: number };
export type Paging = IndexPaging | CursorPaging;

type PagingQuery = {
  readonly startIndex?: string | undefined;
  readonly count?: string | undefined;
  readonly cursor?: string | undefined;
};

/**
 * Reads the paging parameters. By index (RFC 7644 section 3.4.2.4): `startIndex` below 1 means 1; a negative `count` means
 * 0, which asks for `totalResults` only; a `count` above `pageSizeMax` is cut. By cursor (RFC 9865 section 2) the same, but
 * a `count` above `pageSizeMax` or that is no integer is 400 invalidCount (section 2.1). Errors: 400 invalidValue for
 * what else is no integer and for both methods at once.
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
