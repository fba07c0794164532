import {
  loadCaller,
  mapInSlices,
  type Caller,
  type CallerRefusal,
  type Database,
  type Page,
  type PageWindow,
} from "@rollcall/db";
import {
  badRequest,
  err,
  listResponse,
  ok,
  parsePaging,
  type Paging,
  type QueryParameters,
  type Result,
  type ScimError,
  type ScimResource,
} from "@rollcall/scim-protocol";
import { refuse, type ScimRequest, type HandlerResult } from "../http/handler.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { ErrorResponse } from "../http/scim-error.ts";

/** A list that a query selects; the window decides which part of it is read. */
export type List<Row> = {
  /** The canonical text of everything that must be the same on the next page. */
  readonly query: string;
  /** True if no index serves the query, so that its cost must be bounded. */
  readonly isCostly: boolean;
  /** True if each group on the page comes with all its members. */
  readonly showsMembers?: boolean;
  read(sql: Database["sql"], window: PageWindow): Promise<Found<Row>>;
  readonly show: (row: Row) => ScimResource;
};
type Found<Row> = { readonly caller: Result<Caller, CallerRefusal>; readonly found: Page<Row> };

const tooMany = badRequest(
  "tooMany",
  "This query would take Rollcall too long to answer; nothing was read. Ask with a narrower filter, such as userName eq, or without sortBy.",
);

/** A larger page waits for a turn: reading and serializing it takes many times as long as a look-up. */
const smallPageMax = 100;

const nothing = { total: 0, rows: [], hasMore: false };

const tooBusy: ErrorResponse = {
  status: 429,
  detail: "Too many queries that no index answers are waiting already. Try again, or ask with a narrower filter.",
  retryAfterS: 5,
};

/** Returns one page of a list, by index (RFC 7644 section 3.4.2.4) or by cursor (RFC 9865 section 2). */
export async function respondWithPage<Row>(
  request: ScimRequest,
  parameters: QueryParameters,
  list: List<Row>,
): Promise<HandlerResult> {
  const paging = parsePaging(parameters);
  if (!paging.ok) return refuse(paging.error);
  const window = windowOf(request, list.query, paging.value);
  if (!window.ok) return refuse(window.error);
  const respond = (): Promise<HandlerResult> => respondWithWindow(request, list, paging.value, window.value);
  // Costly queries wait for a turn of their own.
  const isLarge = !list.isCostly && (list.showsMembers === true || window.value.limit > smallPageMax);
  return isLarge ? request.largeReads.run(request.holder, respond) : respond();
}

async function respondWithWindow<Row>(
  request: ScimRequest,
  list: List<Row>,
  paging: Paging,
  window: PageWindow,
): Promise<HandlerResult> {
  const read = await readPage(request, list, window);
  if (!read.ok) return refuse(read.error);
  const { caller, found } = read.value;
  const { total: totalResults, rows } = found;
  const { credential, now } = request;
  const resources = await mapInSlices(rows, (row) => list.show(row));
  const end = caller.ok ? found.end : undefined;
  if (paging.kind === "cursor") {
    const next = found.hasMore ? end : undefined;
    const nextCursor = next && writeCursor(credential, list.query, next, now);
    return { caller, result: ok({ status: 200, body: listResponse(resources, { totalResults, nextCursor }) }) };
  }
  const { startIndex, count } = paging;
  // Only a full page shows where the next one starts.
  if (end !== undefined && rows.length === count)
    request.anchors.remember({ credential, query: list.query }, startIndex + count, end, now);
  return { caller, result: ok({ status: 200, body: listResponse(resources, { totalResults, startIndex }) }) };
}

function windowOf(request: ScimRequest, query: string, paging: Paging): Result<PageWindow, ScimError> {
  const limit = paging.count;
  if (paging.kind === "index") {
    const { startIndex, offset } = paging;
    const start = request.anchors.find({ credential: request.credential, query }, startIndex, limit, request.now);
    return ok({ offset, ...start, limit });
  }
  if (paging.cursor === "") return ok({ offset: 0, limit });
  const place = readCursor(request.credential, query, paging.cursor, request.now);
  return place.ok ? ok({ offset: 0, limit, after: place.value }) : place;
}

async function readPage<Row>(
  { database, costlyReads, credential, now }: ScimRequest,
  list: List<Row>,
  window: PageWindow,
): Promise<Result<Found<Row>, ErrorResponse>> {
  if (!list.isCostly) return ok(await list.read(database.sql, window));
  // The token is checked first, so that an invalid one cannot load the database.
  const caller = await loadCaller(database.sql, credential, now);
  if (!caller.ok) return ok({ caller, found: nothing });
  const { organizationId } = caller.value;
  const read = await costlyReads.run({ database, organizationId }, (sql) => list.read(sql, window));
  if (read.ok) return read;
  return err(read.error === "tooBusy" ? tooBusy : tooMany);
}
