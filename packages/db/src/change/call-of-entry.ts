import { sql, type Expression } from "kysely";
import { requestDays } from "../retention.ts";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** Longer than any call takes from its first change to its entry in the request log. */
export const callTimeMs = 600_000;
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
  { db }: Queryable,
  organizationId: string,
  { entryId, now }: { readonly entryId: string; readonly now: Date },
): Promise<CallOfEntry | undefined> {
  const entries = db.selectFrom("change").where("organizationId", "=", organizationId).where("id", "=", entryId);
  const entry = await entries.select(["at", "actorKind", "requestId"]).executeTakeFirst();
  if (entry === undefined) return undefined;
  const { at, actorKind, requestId } = entry;
  if (actorKind !== "token" || requestId === null) return { kind: "none", callId: null };
  const until = firstIdAt(new Date(timeOf(entryId).getTime() + callTimeMs));
  const wanted = { id: entryId, requestId, until, passedMax: 10_000 };
  const call = await callAfter(db, organizationId, wanted).executeTakeFirst();
  if (call !== undefined) return { kind: "kept", callId: call.id };
  const isOld = at.getTime() < now.getTime() - requestDays * dayMs;
  return { kind: isOld ? "forgotten" : "missing", callId: null };
}

type Wanted = {
  readonly id: string | Expression<string>;
  readonly requestId: string | Expression<string>;
  /** Where to stop looking. */
  readonly until?: string | Expression<string>;
  /** So many calls may be noted between the entry and the call that made it. */
  readonly passedMax?: number;
};

/** The call `q` that wrote the entry of that id: the first one after it that has its request id. */
export function callAfter(db: Queryable["db"], organizationId: string, { id, requestId, until, passedMax }: Wanted) {
  let calls = db.selectFrom("scim_request as q").where("q.organizationId", "=", organizationId).where("q.id", ">", id);
  if (until !== undefined) calls = calls.where("q.id", "<", until);
  if (passedMax !== undefined) calls = calls.orderBy("q.id").limit(passedMax);
  // A request id of the log need not be a UUID.
  const isOfEntry = sql<boolean>`q.request_id::text = ${requestId}`;
  return db.selectFrom(calls.selectAll().as("q")).where(isOfEntry).select("q.id").orderBy("q.id").limit(1);
}

/** Which changes of a member or a role are looked at, by the ids of the calls. */
export type ChangedQuery = {
  readonly subjectId: string;
  /** Only calls from, and only calls before. */
  readonly from: string | undefined;
  readonly before: string | undefined;
  readonly isOldestFirst: boolean;
};

const changesMax = 1000;

/**
 * The calls that changed a member or a role, or tried to, in no order, as far as their last 1,000 changes before tell (or
 * the first from then on). A call is noted after what it wrote, so that the primary key finds it.
 */
export async function listCallsThatChanged(
  { db }: Queryable,
  organizationId: string,
  { subjectId, from, before, isOldestFirst }: ChangedQuery,
): Promise<readonly string[]> {
  const calls = db.selectFrom("scim_request").where("organizationId", "=", organizationId);
  const oldest = await calls.select("id").orderBy("id").limit(1).executeTakeFirst();
  if (oldest === undefined) return [];
  const first = from !== undefined && from > oldest.id ? from : oldest.id;
  let changes = db
    .selectFrom("change as c")
    .where("c.organizationId", "=", organizationId)
    .where("c.subjectId", "=", subjectId)
    .where("c.actorKind", "=", "token")
    .where("c.requestId", "is not", null)
    .where("c.id", ">=", firstIdAt(new Date(Math.max(0, timeOf(first).getTime() - callTimeMs))))
    .select(["c.requestId", "c.id"]);
  if (before !== undefined) changes = changes.where("c.id", "<", before);
  const looked = changes.orderBy("c.id", isOldestFirst ? "asc" : "desc").limit(changesMax);
  const lastOfEach = db.selectFrom(looked.as("c")).distinctOn("c.requestId").selectAll();
  const wanted = { id: sql.ref<string>("c.id"), requestId: sql.ref<string>("c.requestId"), passedMax: 2000 };
  const rows = await db
    .selectFrom(lastOfEach.orderBy("c.requestId").orderBy("c.id", "desc").as("c"))
    .crossJoinLateral(callAfter(db, organizationId, wanted).as("q"))
    .distinct()
    .select("q.id")
    .execute();
  return rows.map(({ id }) => id);
}
