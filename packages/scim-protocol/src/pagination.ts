import { badRequest, type ScimError } from "./error-response-handling.ts";
import { err, ok, type Result } from "./result.ts";

/** How many resources a page has when the client does not say. Okta steps by 100 whatever it gets: never less. */
export const defaultPageSize = 100;
/** The most resources that one page may have. */
export const pageSizeMax = 1000;

/** A window into a list. `startIndex` counts from 1, `offset` from 0; `count` is a number of resources, 0 included. */
export type Paging = { readonly startIndex: number; readonly count: number; readonly offset: number };

/**
 * Reads the paging parameters. `startIndex` below 1 means 1; a negative `count` means 0, which asks for `totalResults`
 * only; a `count` above `pageSizeMax` is cut. Errors: 400 invalidValue for what is no integer. RFC 7644 section 3.4.2.4.
 */
export function parsePaging(query: {
  readonly startIndex?: string | undefined;
  readonly count?: string | undefined;
}): Result<Paging, ScimError> {
  const startIndex = parseInteger("startIndex", query.startIndex, 1);
  if (!startIndex.ok) return startIndex;
  const count = parseInteger("count", query.count, defaultPageSize);
  if (!count.ok) return count;
  const first = Math.max(1, startIndex.value);
  return ok({ startIndex: first, count: Math.min(Math.max(0, count.value), pageSizeMax), offset: first - 1 });
}

function parseInteger(name: string, text: string | undefined, fallback: number): Result<number, ScimError> {
  if (text === undefined) return ok(fallback);
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return ok(value);
  return err(badRequest("invalidValue", `The query parameter ${name} must be an integer, such as ${fallback}.`));
}
