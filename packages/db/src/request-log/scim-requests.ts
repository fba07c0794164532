import { z } from "zod";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { listCallsThatChanged } from "../change/call-of-entry.ts";
import { conditionsOf, type requestOrders, type RequestQuery } from "./request-conditions.ts";

export const requestRow = z.object({
  id: z.string(),
  at: z.date(),
  tokenId: z.string(),
  tokenName: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  client: z.string().nullable(),
  ip: z.string().nullable(),
  quirks: z.array(z.string()),
  requestId: z.string().nullable(),
  memberId: z.string().nullable(),
  refusal: z.string().nullable(),
});
/** One call of the provider, without bodies; `quirks` as it was noted, so that rows may be gone from the table since. */
export type ListedRequest = z.infer<typeof requestRow>;

/** What no index tells is looked for in so many calls at a time; the cursor says where to go on. */
export const scannedCallsMax = 20_000;

type Page = { readonly requests: readonly ListedRequest[]; readonly nextCursor: string | null };

/**
 * One page of the provider's calls and the cursor of the next one or null. The time, the person and failures go by an
 * index; everything else is picked from the next 20,000 calls, so that a page can be short, even empty, and still have a
 * cursor: then there is more to look through. The slowest are told among the newest 20,000 calls of the time asked for.
 */
export async function listScimRequests(sql: Queryable, organizationId: string, query: RequestQuery): Promise<Page> {
  const { limit, order = "newest" } = query;
  const changed = await changedBy(sql, organizationId, query);
  const values: unknown[] = [organizationId];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const { indexed, picked: narrowing } = conditionsOf(query, place, query.memberId === undefined ? changed : []);
  const picked = order === "slowest" ? [...narrowing, ...slowerThan(query.cursor, place)] : narrowing;
  const isScan = narrowing.length > 0 || order === "slowest";
  const scanned = place(isScan ? scannedCallsMax : limit + 1);
  const source = sourceOf(query, { indexed, scanned, place, changed });
  const text = `select ${requestColumns} from (${source}) q ${tokenJoin}
    where true ${picked.join(" ")} order by ${orders[order]} limit ${place(limit + 1)}`;
  const rows = await sql.query({ name: "", text }, values);
  const requests = rows.slice(0, limit).map((row) => requestRow.parse(row));
  if (rows.length > limit) return { requests, nextCursor: cursorOf(requests.at(-1), order) };
  const isSearched = !isScan || query.after !== undefined || order === "slowest";
  return { requests, nextCursor: isSearched ? null : await lastScanned(sql, organizationId, query, changed) };
}

const orders = {
  newest: "q.id desc",
  oldest: "q.id",
  slowest: "q.duration_ms desc, q.id desc",
} as const satisfies Record<(typeof requestOrders)[number], string>;
const directionOf = ({ order }: RequestQuery): string => (order === "oldest" ? "q.id" : "q.id desc");

/** Of the slowest a place is the time that the last call took and its id, with `_` between. */
export const slowestCursor = /^(\d{1,9})_([-0-9a-f]{36})$/i;

function cursorOf(last: ListedRequest | undefined, order: keyof typeof orders): string | null {
  if (last === undefined) return null;
  return order === "slowest" ? `${last.durationMs}_${last.id}` : last.id;
}

function slowerThan(cursor: string | undefined, place: (value: unknown) => string): readonly string[] {
  const [, ms, id] = slowestCursor.exec(cursor ?? "") ?? [];
  if (ms === undefined || id === undefined) return [];
  return [`and (q.duration_ms, q.id) < (${place(Number(ms))}::integer, ${place(id)}::uuid)`];
}

/** The calls that changed the person or the role that is asked for, so that those are found that do not name them. */
async function changedBy(sql: Queryable, organizationId: string, query: RequestQuery): Promise<readonly string[]> {
  const subjectId = query.memberId ?? query.roleId;
  if (subjectId === undefined) return [];
  const { cursor, after, since, until, order } = query;
  const isOldestFirst = order === "oldest";
  const lows = [after, since && firstIdAt(since), isOldestFirst ? cursor : undefined];
  const highs = [until && firstIdAt(until), order === undefined || order === "newest" ? cursor : undefined];
  const from = sorted(lows).at(-1);
  const before = sorted(highs)[0];
  return listCallsThatChanged(sql, organizationId, { subjectId, from, before, isOldestFirst });
}

const sorted = (ids: readonly (string | undefined)[]): readonly string[] =>
  ids.flatMap((id) => (id === undefined ? [] : [id.toLowerCase()])).toSorted();

type Source = {
  readonly indexed: readonly string[];
  readonly scanned: string;
  readonly place: (value: unknown) => string;
  readonly changed: readonly string[];
};

/** The calls that are looked through, in order. Somebody's are those that name them and those that changed them. */
function sourceOf(query: RequestQuery, { indexed, scanned, place, changed }: Source): string {
  const narrowed = `q.organization_id = $1 ${indexed.join(" ")}`;
  const order = `order by ${directionOf(query)} limit ${scanned}`;
  if (query.memberId === undefined) return `select q.* from scim_request q where ${narrowed} ${order}`;
  const named = `select q.id from scim_request q where ${narrowed} and q.member_id = ${place(query.memberId)} ${order}`;
  return `select q.* from scim_request q
    where ${narrowed} and q.id = any(array(${named}) || ${place(changed)}::uuid[]) ${order}`;
}

/** The last call that one page has looked at; null where it has seen all. */
async function lastScanned(
  sql: Queryable,
  organizationId: string,
  query: RequestQuery,
  changed: readonly string[],
): Promise<string | null> {
  const values: unknown[] = [organizationId];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const { indexed } = conditionsOf({ ...query, ...notPicked }, place, changed);
  const source = sourceOf(query, { indexed, scanned: place(scannedCallsMax), place, changed });
  const text = `select q.id from (${source}) q order by ${directionOf(query)} offset ${place(scannedCallsMax - 1)} limit 1`;
  const [row] = await sql.query({ name: "", text }, values);
  return row === undefined ? null : z.object({ id: z.string() }).parse(row).id;
}

const notPicked = {
  tokenId: undefined,
  method: undefined,
  resource: undefined,
  roleId: undefined,
  text: undefined,
};

export const requestColumns = `q.id, q.at, q.token_id as "tokenId", coalesce(t.name, '') as "tokenName", q.method, q.path,
  q.status, q.scim_type as "scimType", q.detail, q.duration_ms as "durationMs", q.client, q.ip, q.quirks,
  q.request_id as "requestId", q.member_id as "memberId", q.refusal`;
export const tokenJoin = "left join scim_token t on t.organization_id = q.organization_id and t.id = q.token_id";

/** Batches of several processes may become visible in another order than their ids; not by more than this. */
const lateMs = 5000;
const sinceMax = 1000;

/** The ids of the calls that were recorded since, and of those of the five seconds before, at most the last 1,000. */
export async function requestsSince(sql: Queryable, organizationId: string, id: string): Promise<readonly string[]> {
  const from = firstIdAt(new Date(Math.max(0, timeOf(id).getTime() - lateMs)));
  const text = "select id from scim_request where organization_id = $1 and id >= $2 order by id desc limit $3";
  const rows = await sql.query({ name: "", text }, [organizationId, from, sinceMax]);
  return rows.map((row) => z.object({ id: z.string() }).parse(row).id);
}

/** The id of the newest call; undefined: there is none. */
export async function latestRequestId(sql: Queryable, organizationId: string): Promise<string | undefined> {
  const text = "select id from scim_request where organization_id = $1 order by id desc limit 1";
  const [row] = await sql.query({ name: "", text }, [organizationId]);
  return row === undefined ? undefined : z.object({ id: z.string() }).parse(row).id;
}
