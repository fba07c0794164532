import { isNearSpelling, localPartOf, type RefusalsOf, type RefusedRequest, type DatedChange } from "@rollcall/domain";
import { sql } from "kysely";
import { activityOf, changesOf, entryColumns } from "../change/activity.ts";
import type { Queryable } from "../store/queryable.ts";

/** The number of newest refused requests, and of names with the same prefix, to search. */
const requestsMax = 20_000;
const candidatesMax = 5000;
const spellingsMax = 5000;

type Refusals = { readonly exact: RefusalsOf; readonly near: RefusalsOf };

/**
 * The refused SCIM requests about a person: by the userName or address as entered or its local part, else by a similar
 * spelling. `key`: see `emailKey`; `prefix`: of similar spellings.
 */
export async function readRefusals(
  { db }: Queryable,
  organizationId: string,
  key: string,
  prefix: PrefixRange,
): Promise<Refusals> {
  const names = [...new Set([key, localPartOf(key)])].filter((name) => name !== "");
  const [entries, requests] = await Promise.all([
    refusedEntries(db, organizationId, prefix),
    refusedRequests(db, organizationId, names, prefix),
  ]);
  const changes = entries.map((row) => ({ change: activityOf(row), spelling: row.subjectName.toLowerCase() }));
  const isExact = (spelling: string): boolean => names.includes(spelling) || localPartOf(spelling) === key;
  const isNear = (spelling: string): boolean => isNearSpelling(key, spelling);
  const newest = (is: (spelling: string) => boolean): RefusalsOf => ({
    change: newestOf(changes.filter(({ spelling }) => is(spelling)).map(({ change }) => change)),
    request: newestOf(requests.filter((request) => request.names.some(is)).map(refusedRequestOf)),
  });
  return { exact: newest(isExact), near: newest(isNear) };
}

/** From the first text with a prefix to the first one after them, in the order of the collation C. */
export type PrefixRange = readonly [from: string, until: string];

function newestOf<T extends DatedChange | RefusedRequest>(all: readonly T[]): T | null {
  return all.toSorted((one, other) => other.at.getTime() - one.at.getTime())[0] ?? null;
}

/** The newest entry of each name in the range; an index has the names in this order. */
function refusedEntries(db: Queryable["db"], organizationId: string, [from, until]: PrefixRange) {
  const name = sql<string>`lower(c.subject_name) collate "C"`;
  const inRange = changesOf(db, organizationId)
    .where("c.subjectId", "is", null)
    .where("c.subjectKind", "=", "member")
    .where("c.refusal", "is not", null)
    .where(name, ">=", from)
    .where(name, "<", until)
    .orderBy(name)
    .orderBy("c.id", "desc");
  const newest = db.selectFrom(inRange.selectAll().limit(candidatesMax).as("c")).distinctOn(name).select(entryColumns);
  return newest.orderBy(name).orderBy("c.id", "desc").execute();
}

/** The newest request for each spelling among the newest requests. */
function refusedRequests(db: Queryable["db"], organizationId: string, names: readonly string[], prefix: PrefixRange) {
  const [from, until] = prefix;
  const requests = db
    .selectFrom("scim_request")
    .where("organizationId", "=", organizationId)
    .where("names", "is not", null);
  const latest = requests.select(["id", "at", "tokenId", "detail", "names"]).orderBy("id", "desc").limit(requestsMax);
  const isSought = sql<boolean>`(q.names && ${names}::text[] or exists (select from unnest(q.names) as name
    where name collate "C" >= ${from} and name collate "C" < ${until}))`;
  return db
    .selectFrom(latest.as("q"))
    .leftJoin("scim_token as t", (on) => on.on("t.organizationId", "=", organizationId).onRef("t.id", "=", "q.tokenId"))
    .where(isSought)
    .distinctOn("q.names")
    .select((eb) => ["q.id", "q.at", eb.ref("q.names").$notNull().as("names")])
    .select([sql<string>`coalesce(t.name, '')`.as("tokenName"), sql<string>`coalesce(q.detail, '')`.as("detail")])
    .orderBy("q.names")
    .orderBy("q.id", "desc")
    .limit(spellingsMax)
    .execute();
}

function refusedRequestOf({
  names: [name = ""],
  ...request
}: Omit<RefusedRequest, "name"> & { readonly names: readonly string[] }): RefusedRequest {
  return { ...request, name };
}
