import { readBounded, type Caller, type CallerRefusal, type Database, type Page, type PageWindow } from "@rollcall/db";
import {
  badRequest,
  listResponse,
  ok,
  parsePaging,
  type Paging,
  type QueryParameters,
  type Result,
  type ScimError,
  type ScimResource,
} from "@rollcall/scim-protocol";
import { refuse, type Call, type Reply } from "./call.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { ListPosition } from "./page-anchors.ts";

/** A list that a query asks for; what is read of it is decided by the window. */
export type List<Row> = {
  /** The canonical text of everything that must be the same on the next page. */
  readonly query: string;
  /** Whether no index answers it, so that its cost must be bounded. */
  readonly isCostly: boolean;
  read(sql: Database["sql"], window: PageWindow): Promise<Found<Row>>;
  show(row: Row): ScimResource;
};
type Found<Row> = { readonly caller: Result<Caller, CallerRefusal>; readonly found: Page<Row> };

const tooMany = badRequest(
  "tooMany",
  "This query would take Rollcall too long to answer; nothing was read. Ask with a narrower filter, such as userName eq, or without sortBy.",
);

/** Answers one page of a list, by index (RFC 7644 section 3.4.2.4) or by cursor (RFC 9865 section 2). */
export async function answerPage<Row>(call: Call, parameters: QueryParameters, list: List<Row>): Promise<Reply> {
  const paging = parsePaging(parameters);
  if (!paging.ok) return refuse(paging.error);
  const window = windowOf(call, list.query, paging.value);
  if (!window.ok) return refuse(window.error);
  const read = await readPage(call, list, window.value);
  if (!read.ok) return refuse(tooMany);
  const { caller, found } = read.value;
  const { total: totalResults, rows } = found;
  const resources = rows.map((row) => list.show(row));
  const end = caller.ok ? found.end : undefined;
  if (paging.value.kind === "cursor") {
    const next = found.hasMore ? end : undefined;
    const nextCursor = next && writeCursor(call.credential, list.query, next, call.now);
    return { caller, result: ok({ status: 200, body: listResponse(resources, { totalResults, nextCursor }) }) };
  }
  const { startIndex, count } = paging.value;
  // Only behind a full page is it sure where the next one starts.
  if (end !== undefined && rows.length === count)
    call.anchors.remember(positionOf(call, list.query, startIndex + count), end, call.now);
  return { caller, result: ok({ status: 200, body: listResponse(resources, { totalResults, startIndex }) }) };
}

function windowOf(call: Call, query: string, paging: Paging): Result<PageWindow, ScimError> {
  const limit = paging.count;
  if (paging.kind === "index") {
    const { startIndex, offset } = paging;
    const after = startIndex > 1 ? call.anchors.find(positionOf(call, query, startIndex), call.now) : undefined;
    return ok(after === undefined ? { offset, limit } : { offset: 0, limit, after });
  }
  if (paging.cursor === "") return ok({ offset: 0, limit });
  const place = readCursor(call.credential, query, paging.cursor, call.now);
  return place.ok ? ok({ offset: 0, limit, after: place.value }) : place;
}

async function readPage<Row>(
  { database }: Call,
  list: List<Row>,
  window: PageWindow,
): Promise<Result<Found<Row>, "tooCostly">> {
  if (!list.isCostly) return ok(await list.read(database.sql, window));
  return readBounded(database, (sql) => list.read(sql, window));
}

function positionOf({ credential }: Call, query: string, startIndex: number): ListPosition {
  return { credential, query, startIndex };
}
