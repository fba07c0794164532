import { sql, type Expression } from "kysely";
import { requestDays } from "../retention.ts";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

/** Longer than any request takes from its first change to its entry in the request log. */
export const requestTimeMaxMs = 600_000;
const dayMs = 86_400_000;

/**
 * `kept`: the request is in the log; `forgotten`: it is older than the retention; `missing`: it is not logged, or not
 * yet; `none`: the entry has no SCIM request.
 */
export const requestOfEntryKinds = ["kept", "forgotten", "missing", "none"] as const;
export type RequestOfEntry = {
  readonly kind: (typeof requestOfEntryKinds)[number];
  /** The request's id, if kept. */
  readonly scimRequestId: string | null;
};

/** Finds the request that wrote an entry of the organization's log; undefined: no such entry. */
export async function readRequestOfEntry(
  { db }: Queryable,
  organizationId: string,
  { entryId, now }: { readonly entryId: string; readonly now: Date },
): Promise<RequestOfEntry | undefined> {
  const entries = db.selectFrom("change").where("organizationId", "=", organizationId).where("id", "=", entryId);
  const entry = await entries.select(["at", "actorKind", "requestId"]).executeTakeFirst();
  if (entry === undefined) return undefined;
  const { at, actorKind, requestId } = entry;
  if (actorKind !== "token" || requestId === null) return { kind: "none", scimRequestId: null };
  const until = firstIdAt(new Date(timeOf(entryId).getTime() + requestTimeMaxMs));
  const wanted = { id: entryId, requestId, until, passedMax: 10_000 };
  const request = await requestAfter(db, organizationId, wanted).executeTakeFirst();
  if (request !== undefined) return { kind: "kept", scimRequestId: request.id };
  const isOld = at.getTime() < now.getTime() - requestDays * dayMs;
  return { kind: isOld ? "forgotten" : "missing", scimRequestId: null };
}

type Wanted = {
  readonly id: string | Expression<string>;
  readonly requestId: string | Expression<string>;
  /** Upper bound of the ids. */
  readonly until?: string | Expression<string>;
  /** The number of requests that may be logged between the entry and its request. */
  readonly passedMax?: number;
};

/** The request `q` of an entry: the first one after the entry with its request id. */
export function requestAfter(db: Queryable["db"], organizationId: string, { id, requestId, until, passedMax }: Wanted) {
  let requests = db
    .selectFrom("scim_request as q")
    .where("q.organizationId", "=", organizationId)
    .where("q.id", ">", id);
  if (until !== undefined) requests = requests.where("q.id", "<", until);
  if (passedMax !== undefined) requests = requests.orderBy("q.id").limit(passedMax);
  // A request id of the log need not be a UUID.
  const isOfEntry = sql<boolean>`q.request_id::text = ${requestId}`;
  return db.selectFrom(requests.selectAll().as("q")).where(isOfEntry).select("q.id").orderBy("q.id").limit(1);
}

/** Changes of a member or a role, bounded by the ids of the requests. */
export type ChangedQuery = {
  readonly subjectId: string;
  /** Lower bound (inclusive) and upper bound (exclusive). */
  readonly from: string | undefined;
  readonly before: string | undefined;
  readonly isOldestFirst: boolean;
};

const changesMax = 1000;

/**
 * The requests that changed a member or a role, or tried to, unordered, from the last 1,000 changes before `before` (or
 * the first 1,000 from `from`). A request is logged after its changes, so that the primary key finds it.
 */
export async function listRequestsThatChanged(
  { db }: Queryable,
  organizationId: string,
  { subjectId, from, before, isOldestFirst }: ChangedQuery,
): Promise<readonly string[]> {
  const requests = db.selectFrom("scim_request").where("organizationId", "=", organizationId);
  const oldest = await requests.select("id").orderBy("id").limit(1).executeTakeFirst();
  if (oldest === undefined) return [];
  const first = from !== undefined && from > oldest.id ? from : oldest.id;
  let changes = db
    .selectFrom("change as c")
    .where("c.organizationId", "=", organizationId)
    .where("c.subjectId", "=", subjectId)
    .where("c.actorKind", "=", "token")
    .where("c.requestId", "is not", null)
    .where("c.id", ">=", firstIdAt(new Date(Math.max(0, timeOf(first).getTime() - requestTimeMaxMs))))
    .select(["c.requestId", "c.id"]);
  if (before !== undefined) changes = changes.where("c.id", "<", before);
  const looked = changes.orderBy("c.id", isOldestFirst ? "asc" : "desc").limit(changesMax);
  const lastOfEach = db.selectFrom(looked.as("c")).distinctOn("c.requestId").selectAll();
  const wanted = { id: sql.ref<string>("c.id"), requestId: sql.ref<string>("c.requestId"), passedMax: 2000 };
  const rows = await db
    .selectFrom(lastOfEach.orderBy("c.requestId").orderBy("c.id", "desc").as("c"))
    .crossJoinLateral(requestAfter(db, organizationId, wanted).as("q"))
    .distinct()
    .select("q.id")
    .execute();
  return rows.map(({ id }) => id);
}
