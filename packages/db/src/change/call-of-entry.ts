import { z } from "zod";
import { firstIdAt, timeOf } from "../store/id.ts";
import { requestDays } from "../retention.ts";
import type { Queryable } from "../store/queryable.ts";

/** Longer than any call takes from its first change to its entry in the request log. */
export const callTimeMs = 600_000;
/** So many calls may be noted between a change and the entry of the call that made it. */
const passedMax = 10_000;
const dayMs = 86_400_000;

/**
 * `kept`: the call is there; `forgotten`: it is older than what is kept; `missing`: it is not noted, or not yet; `none`: it
 * was no call of the provider.
 */
export const callOfEntryKinds = ["kept", "forgotten", "missing", "none"] as const;
export type CallOfEntry = {
  readonly kind: (typeof callOfEntryKinds)[number];
  /** The call's id, where it is kept. */
  readonly callId: string | null;
};

/** Finds the call that wrote an entry of the organization's log; undefined: the organization has no such entry. */
export async function readCallOfEntry(
  sql: Queryable,
  organizationId: string,
  { entryId, now }: { readonly entryId: string; readonly now: Date },
): Promise<CallOfEntry | undefined> {
  const [found] = await sql.query(entry, [organizationId, entryId]);
  if (found === undefined) return undefined;
  const { at, isByToken, requestId } = entryRow.parse(found);
  if (!isByToken || requestId === null) return { kind: "none", callId: null };
  const until = firstIdAt(new Date(timeOf(entryId).getTime() + callTimeMs));
  const [call] = await sql.query(callAfter, [organizationId, entryId, until, requestId, passedMax]);
  if (call !== undefined) return { kind: "kept", callId: idRow.parse(call).id };
  const isOld = at.getTime() < now.getTime() - requestDays * dayMs;
  return { kind: isOld ? "forgotten" : "missing", callId: null };
}

/** Which of somebody's or a role's changes are looked at, by the ids of the calls. */
export type ChangedQuery = {
  readonly subjectId: string;
  /** Only calls from, and only calls before. */
  readonly from: string | undefined;
  readonly before: string | undefined;
  readonly isOldestFirst: boolean;
};

const changesMax = 1000;
const passedByEachMax = 2000;

/**
 * The calls that changed somebody or a role, or tried to, in no order, as far as their last 1,000 changes before tell (or
 * the first from then on). A call is noted after what it wrote, so that the primary key finds it.
 */
export async function listCallsThatChanged(
  sql: Queryable,
  organizationId: string,
  { subjectId, from, before, isOldestFirst }: ChangedQuery,
): Promise<readonly string[]> {
  const [oldest] = await sql.query(oldestCall, [organizationId]);
  if (oldest === undefined) return [];
  const { id: firstKept } = idRow.parse(oldest);
  const first = from !== undefined && from > firstKept ? from : firstKept;
  const start = firstIdAt(new Date(Math.max(0, timeOf(first).getTime() - callTimeMs)));
  const statement = isOldestFirst ? changedFirst : changedLast;
  const values = [organizationId, subjectId, start, before ?? null, changesMax, passedByEachMax];
  const rows = await sql.query(statement, values);
  return rows.map((row) => idRow.parse(row).id);
}

const idRow = z.object({ id: z.string() });
const entryRow = z.object({ at: z.date(), isByToken: z.boolean(), requestId: z.string().nullable() });

const entry = {
  name: "call_of_entry",
  text: `select at, actor_kind = 'token' as "isByToken", request_id as "requestId" from change
    where organization_id = $1 and id = $2`,
};
const oldestCall = {
  name: "call_oldest",
  text: "select id from scim_request where organization_id = $1 order by id limit 1",
};
const callAfter = {
  name: "call_after_entry",
  text: `select q.id from (select id, request_id from scim_request
      where organization_id = $1 and id > $2 and id < $3 order by id limit $5) q
    where q.request_id::text = $4 order by q.id limit 1`,
};

/** $1 organization, $2 subject, $3 from, $4 before, $5 changes at most, $6 calls passed at most. */
const changedCalls = (order: "asc" | "desc"): string => `select distinct q.id
  from (select distinct on (c.request_id) c.request_id, c.id
    from (select id, request_id from change where organization_id = $1 and subject_id = $2 and actor_kind = 'token'
        and request_id is not null and id >= $3 and ($4::uuid is null or id < $4) order by id ${order} limit $5) c
    order by c.request_id, c.id desc) c
  cross join lateral (select q.id from (select id, request_id from scim_request
      where organization_id = $1 and id > c.id order by id limit $6) q
    where q.request_id::text = c.request_id order by q.id limit 1) q`;
const changedFirst = { name: "calls_changed_first", text: changedCalls("asc") };
const changedLast = { name: "calls_changed_last", text: changedCalls("desc") };
