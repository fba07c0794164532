import type { CallResource } from "@rollcall/domain";
import { z } from "zod";
import { firstIdAt, timeOf } from "../new-id.ts";
import type { Queryable } from "../statement.ts";

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

/** `refused`: 400 to 499; `notLetIn`: 401; `fault`: 500 and above. */
export const requestOutcomes = ["refused", "notLetIn", "fault"] as const;

/**
 * `cursor`: only calls older than that id; `after`: only newer ones. `isFailed`: only those answered with 400 and above, or
 * below. `text` is looked for in the address, encoded or not, and in what was answered.
 */
export type RequestQuery = {
  readonly cursor?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
  readonly isFailed?: boolean | undefined;
  readonly outcome?: (typeof requestOutcomes)[number] | undefined;
  readonly memberId?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly method?: string | undefined;
  readonly resource?: CallResource | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly text?: string | undefined;
};

/** What no index tells is looked for in so many calls at a time; the cursor says where to go on. */
const scannedMax = 20_000;

/**
 * One page of the provider's calls, newest first, and the cursor of the next one or null. The time, the person and failures
 * go by an index; everything else is picked from the next 20,000 calls, so that a page can be short, even empty, and still
 * have a cursor: then there is more to look through.
 */
export async function listScimRequests(
  sql: Queryable,
  organizationId: string,
  query: RequestQuery,
): Promise<{ readonly requests: readonly ListedRequest[]; readonly nextCursor: string | null }> {
  const { limit } = query;
  const values: unknown[] = [organizationId];
  const found = conditionsOf(query, values);
  const isScan = found.picked.length > 0;
  const from = `from scim_request q where q.organization_id = $1 ${found.indexed.join(" ")} order by q.id desc`;
  const [scanned, shown] = [values.push(isScan ? scannedMax : limit + 1), values.push(limit + 1)];
  const text = `select ${requestColumns} from (select q.* ${from} limit $${scanned}) q ${tokenJoin}
    where true ${found.picked.join(" ")} order by q.id desc limit $${shown}`;
  const rows = await sql.query({ name: "", text }, values);
  const requests = rows.slice(0, limit).map((row) => requestRow.parse(row));
  if (rows.length > limit) return { requests, nextCursor: requests.at(-1)?.id ?? null };
  const isSearched = !isScan || query.after !== undefined;
  return { requests, nextCursor: isSearched ? null : await lastScanned(sql, organizationId, query) };
}

/** The last call that one page has looked at; null where it has seen all. */
async function lastScanned(sql: Queryable, organizationId: string, query: RequestQuery): Promise<string | null> {
  const values: unknown[] = [organizationId];
  const { indexed } = conditionsOf({ ...query, ...notPicked }, values);
  const text = `select q.id from scim_request q where q.organization_id = $1 ${indexed.join(" ")}
    order by q.id desc offset $${values.push(scannedMax - 1)} limit 1`;
  const [row] = await sql.query({ name: "", text }, values);
  return row === undefined ? null : z.object({ id: z.string() }).parse(row).id;
}

const notPicked = { tokenId: undefined, method: undefined, resource: undefined, text: undefined };

type Conditions = { readonly indexed: readonly string[]; readonly picked: readonly string[] };

function conditionsOf(query: RequestQuery, values: unknown[]): Conditions {
  const [indexed, picked]: [string[], string[]] = [[], []];
  const narrow = (list: string[], condition: string, value: unknown): void => {
    if (value !== undefined) list.push(`and ${condition.replace("?", () => `$${values.push(value)}`)}`);
  };
  const { cursor, after, since, until, memberId, isFailed, outcome, tokenId, method, resource, text } = query;
  narrow(indexed, "q.id < ?", cursor);
  narrow(indexed, "q.id > ?", after);
  // The ids carry the time, so that the primary key finds where to begin and to stop.
  narrow(indexed, "q.id >= ?", since && firstIdAt(since));
  narrow(indexed, "q.id < ?", until && firstIdAt(until));
  narrow(indexed, "q.member_id = ?", memberId);
  if (isFailed === true || outcome !== undefined) indexed.push("and q.status >= 400");
  if (isFailed === false) picked.push("and q.status < 400");
  if (outcome !== undefined) picked.push(`and ${outcomeConditions[outcome]}`);
  narrow(picked, "q.token_id = ?", tokenId);
  narrow(picked, "q.method = ?", method);
  narrow(picked, "q.path ~* ?", resource && resourcePatterns[resource]);
  const sought =
    "exists (select from unnest(?::text[]) sought where position(sought in lower(q.path || ' ' || coalesce(q.detail, ''))) > 0)";
  narrow(picked, sought, text === undefined ? undefined : spellingsOf(text));
  return { indexed, picked };
}

const outcomeConditions = {
  refused: "q.status < 500",
  notLetIn: "q.status = 401",
  fault: "q.status >= 500",
} as const satisfies Record<(typeof requestOutcomes)[number], string>;

const start = "^(/scim(_v2|/v2))?/";
const resourcePatterns = {
  Users: `${start}users([/?]|$)`,
  Groups: `${start}groups([/?]|$)`,
  Bulk: `${start}bulk([/?]|$)`,
  Discovery: `${start}(serviceproviderconfig|schemas|resourcetypes)([/?]|$)`,
  Other: `${start}(?!(users|groups|bulk|serviceproviderconfig|schemas|resourcetypes)([/?]|$))`,
} as const satisfies Record<CallResource, string>;

/** How clients write a text into an address. */
function spellingsOf(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ""));
  return [text, encoded, encoded.replaceAll("%20", "+")].map((spelling) => spelling.toLowerCase());
}

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
