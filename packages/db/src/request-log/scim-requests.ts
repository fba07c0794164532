import { sql } from "kysely";
import { listRequestsThatChanged } from "../change/request-of-entry.ts";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { indexedConditions, pickedConditions, type RequestQuery } from "./request-conditions.ts";

/** One SCIM request, without bodies; `quirks` as recorded, which may have ids that the table no longer has. */
export type ListedRequest = Awaited<ReturnType<ReturnType<typeof listedRequests>["execute"]>>[number];

/** The number of requests that one page scans when no index applies; its cursor continues from there. */
export const scannedRequestsMax = 20_000;

type Page = { readonly requests: readonly ListedRequest[]; readonly nextCursor: string | null };

/**
 * One page of SCIM requests and the cursor of the next one or null. Time, person and failures use an index; other
 * conditions filter the next 20,000 requests, so that a page can be short or empty and still have a cursor. The slowest
 * are sorted from the newest 20,000 requests of the period.
 */
export async function listScimRequests(
  database: Queryable,
  organizationId: string,
  query: RequestQuery,
): Promise<Page> {
  const { limit, order, cursor, after } = query;
  const changed = await changedBy(database, organizationId, query);
  const picked = pickedConditions(query, query.memberId === undefined ? changed : []);
  const isScan = picked.length > 0 || order === "slowest";
  const range = (max: number) => rangeOf(requestsOf(database.db, organizationId), query, { changed, max });
  const found = listedRequests(database.db, range(isScan ? scannedRequestsMax : limit + 1));
  const matching = found.where((eb) => eb.and(picked)).limit(limit + 1);
  const inOrder = order === "slowest" ? slowestFirst(matching, cursor) : matching.orderBy("q.id", directionOf(query));
  const rows = await inOrder.execute();
  const requests = rows.slice(0, limit);
  if (rows.length > limit) return { requests, nextCursor: cursorOf(requests.at(-1), order) };
  if (!isScan || after !== undefined || order === "slowest") return { requests, nextCursor: null };
  const last = await range(scannedRequestsMax)
    .select("q.id")
    .offset(scannedRequestsMax - 1)
    .executeTakeFirst();
  return { requests, nextCursor: last?.id ?? null };
}

const directionOf = ({ order }: RequestQuery) => (order === "oldest" ? "asc" : "desc");

/** The cursor of the slowest: the duration of the last request and its id, joined by `_`. */
export const slowestCursor = /^(\d{1,9})_([-0-9a-f]{36})$/i;

function cursorOf(last: ListedRequest | undefined, order: RequestQuery["order"]): string | null {
  if (last === undefined) return null;
  return order === "slowest" ? `${last.durationMs}_${last.id}` : last.id;
}

function slowestFirst(requests: ReturnType<typeof listedRequests>, cursor: string | undefined) {
  const sorted = requests.orderBy("q.durationMs", "desc").orderBy("q.id", "desc");
  const [, ms, id] = slowestCursor.exec(cursor ?? "") ?? [];
  if (ms === undefined || id === undefined) return sorted;
  return sorted.where((eb) => eb(eb.refTuple("q.durationMs", "q.id"), "<", eb.tuple(Number(ms), id)));
}

/** The requests that changed the given person or role without naming them. */
async function changedBy(database: Queryable, organizationId: string, query: RequestQuery): Promise<readonly string[]> {
  const subjectId = query.memberId ?? query.roleId;
  if (subjectId === undefined) return [];
  const { cursor, after, since, until, order } = query;
  const isOldestFirst = order === "oldest";
  const lows = [after, since && firstIdAt(since), isOldestFirst ? cursor : undefined];
  const highs = [until && firstIdAt(until), order === undefined || order === "newest" ? cursor : undefined];
  const from = sorted(lows).at(-1);
  const before = sorted(highs)[0];
  return listRequestsThatChanged(database, organizationId, { subjectId, from, before, isOldestFirst });
}

const sorted = (ids: readonly (string | undefined)[]): readonly string[] =>
  ids.flatMap((id) => (id === undefined ? [] : [id.toLowerCase()])).toSorted();

/** The requests to scan, in order. A member's are those that name or changed them. */
function rangeOf(
  requests: Requests,
  query: RequestQuery,
  { changed, max }: { changed: readonly string[]; max: number },
) {
  const indexed = requests.where((eb) => eb.and(indexedConditions(query)));
  const range = indexed.orderBy("q.id", directionOf(query)).limit(max);
  if (query.memberId === undefined) return range;
  const named = range.where("q.memberId", "=", query.memberId).select("q.id");
  return range.where(sql<boolean>`q.id = any(array(${named}) || ${changed}::uuid[])`);
}

type Requests = ReturnType<typeof requestsOf>;
/** The organization's requests, as `q`. */
export function requestsOf(db: Queryable["db"], organizationId: string) {
  return db.selectFrom("scim_request as q").where("q.organizationId", "=", organizationId);
}

/** The columns of the lists for the given requests `q`. */
export function listedRequests(db: Queryable["db"], requests: Requests) {
  return db
    .selectFrom(requests.selectAll().as("q"))
    .leftJoin("scim_token as t", (on) =>
      on.onRef("t.organizationId", "=", "q.organizationId").onRef("t.id", "=", "q.tokenId"),
    )
    .select(["q.id", "q.at", "q.tokenId", "q.method", "q.path", "q.status", "q.scimType", "q.detail", "q.durationMs"])
    .select(["q.client", "q.ip", "q.quirks", "q.requestId", "q.memberId", "q.refusal"])
    .select((eb) => eb.fn.coalesce("t.name", sql.lit("")).as("tokenName"));
}

/** Batches of several processes may become visible out of order, by at most this time. */
const lateMs = 5000;
const sinceMax = 1000;

/** The ids of the requests recorded since then and in the five seconds before, at most the last 1,000. */
export async function requestsSince({ db }: Queryable, organizationId: string, id: string): Promise<readonly string[]> {
  const from = firstIdAt(new Date(Math.max(0, timeOf(id).getTime() - lateMs)));
  const rows = await newestRequests(db, organizationId).where("q.id", ">=", from).limit(sinceMax).execute();
  return rows.map((row) => row.id);
}

export async function latestRequestId({ db }: Queryable, organizationId: string): Promise<string | undefined> {
  return (await newestRequests(db, organizationId).limit(1).executeTakeFirst())?.id;
}

const newestRequests = (db: Queryable["db"], organizationId: string) =>
  requestsOf(db, organizationId).select("q.id").orderBy("q.id", "desc");
