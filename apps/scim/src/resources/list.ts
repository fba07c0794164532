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
import { refuse, type Call, type Reply } from "../http/call.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { RefusalAnswer } from "../http/scim-error.ts";

/** A list that a query asks for; what is read of it is decided by the window. */
export type List<Row> = {
  /** The canonical text of everything that must be the same on the next page. */
  readonly query: string;
  /** Whether no index answers it, so that its cost must be bounded. */
  readonly isCostly: boolean;
  /** Whether each group on the page comes with all its members. */
  readonly showsMembers?: boolean;
  read(sql: Database["sql"], window: PageWindow): Promise<Found<Row>>;
  readonly show: (row: Row) => ScimResource;
};
type Found<Row> = { readonly caller: Result<Caller, CallerRefusal>; readonly found: Page<Row> };

const tooMany = badRequest(
  "tooMany",
  "This query would take Rollcall too long to answer; nothing was read. Ask with a narrower filter, such as userName eq, or without sortBy.",
);

/** A page with more people has its turn: reading and showing it takes many times what a look-up does. */
const smallPageMax = 100;

const nothing = { total: 0, rows: [], hasMore: false };

const tooBusy: RefusalAnswer = {
  status: 429,
  detail: "Too many queries that no index answers are waiting already. Try again, or ask with a narrower filter.",
  retryAfterS: 5,
};

/** Answers one page of a list, by index (RFC 7644 section 3.4.2.4) or by cursor (RFC 9865 section 2). */
export async function answerPage<Row>(call: Call, parameters: QueryParameters, list: List<Row>): Promise<Reply> {
  const paging = parsePaging(parameters);
  if (!paging.ok) return refuse(paging.error);
  const window = windowOf(call, list.query, paging.value);
  if (!window.ok) return refuse(window.error);
  const answer = (): Promise<Reply> => answerWindow(call, list, paging.value, window.value);
  // What is costly has its turn anyway.
  const isLarge = !list.isCostly && (list.showsMembers === true || window.value.limit > smallPageMax);
  return isLarge ? call.largeReads.run(call.holder, answer) : answer();
}

async function answerWindow<Row>(call: Call, list: List<Row>, paging: Paging, window: PageWindow): Promise<Reply> {
  const read = await readPage(call, list, window);
  if (!read.ok) return refuse(read.error);
  const { caller, found } = read.value;
  const { total: totalResults, rows } = found;
  const { credential, now } = call;
  const resources = await mapInSlices(rows, (row) => list.show(row));
  const end = caller.ok ? found.end : undefined;
  if (paging.kind === "cursor") {
    const next = found.hasMore ? end : undefined;
    const nextCursor = next && writeCursor(credential, list.query, next, now);
    return { caller, result: ok({ status: 200, body: listResponse(resources, { totalResults, nextCursor }) }) };
  }
  const { startIndex, count } = paging;
  // Only behind a full page is it sure where the next one starts.
  if (end !== undefined && rows.length === count)
    call.anchors.remember({ credential, query: list.query }, startIndex + count, end, now);
  return { caller, result: ok({ status: 200, body: listResponse(resources, { totalResults, startIndex }) }) };
}

function windowOf(call: Call, query: string, paging: Paging): Result<PageWindow, ScimError> {
  const limit = paging.count;
  if (paging.kind === "index") {
    const { startIndex, offset } = paging;
    const start = call.anchors.find({ credential: call.credential, query }, startIndex, limit, call.now);
    return ok({ offset, ...start, limit });
  }
  if (paging.cursor === "") return ok({ offset: 0, limit });
  const place = readCursor(call.credential, query, paging.cursor, call.now);
  return place.ok ? ok({ offset: 0, limit, after: place.value }) : place;
}

async function readPage<Row>(
  { database, costlyReads, credential, now }: Call,
  list: List<Row>,
  window: PageWindow,
): Promise<Result<Found<Row>, RefusalAnswer>> {
  if (!list.isCostly) return ok(await list.read(database.sql, window));
  // Nobody may make the database work hard without a right token.
  const caller = await loadCaller(database.sql, credential, now);
  if (!caller.ok) return ok({ caller, found: nothing });
  const { organizationId } = caller.value;
  const read = await costlyReads.run({ database, organizationId }, (sql) => list.read(sql, window));
  if (read.ok) return read;
  return err(read.error === "tooBusy" ? tooBusy : tooMany);
}
