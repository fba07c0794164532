import { requestFigures, type RequestFigures, type RequestGroup } from "@rollcall/domain";
import { sql } from "kysely";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

const hourMs = 3_600_000;
const hoursShown = 24;
/** How long after its end an hour may still get requests, because of clock differences and batches. */
const settleMs = 120_000;
const organizationsKeptMax = 500;

export type RequestHour = RequestFigures & { readonly startsAt: Date };
type Groups = readonly RequestGroup[];
/** The past hours of an organization by their start; they never change again. */
type Settled = Map<number, Groups>;

/** By `Queryable.identity`, so that later reads only need the current hours. */
const kept = new WeakMap<object, Map<string, Settled>>();

/**
 * The requests of the last 24 clock hours, the current one included, by hour and in total. The ids contain the time, so
 * that the primary key finds an hour; each past hour is read once per process and then cached.
 */
export async function readRequestHours(
  { db, identity }: Queryable,
  organizationId: string,
  now: Date,
): Promise<{ readonly hours: readonly RequestHour[]; readonly day: RequestFigures }> {
  const settled = settledOf(identity, organizationId);
  const current = Math.floor(now.getTime() / hourMs) * hourMs;
  const starts = Array.from({ length: hoursShown }, (_, place) => current - (hoursShown - 1 - place) * hourMs);
  for (const start of settled.keys()) if (!starts.includes(start)) settled.delete(start);
  const missing = starts.filter((start) => !settled.has(start));
  const read = await readHours(db, organizationId, missing);
  for (const start of missing) {
    if (start + hourMs + settleMs <= now.getTime()) settled.set(start, read.get(start) ?? []);
  }
  const groups = starts.map((start): Groups => settled.get(start) ?? read.get(start) ?? []);
  return {
    hours: starts.map((start, place) => ({ startsAt: new Date(start), ...requestFigures(groups[place] ?? []) })),
    day: requestFigures(groups.flat()),
  };
}

/** The cached hours of an organization; those of the least recently read organization are dropped first. */
function settledOf(database: object, organizationId: string): Settled {
  const organizations = kept.get(database) ?? new Map<string, Settled>();
  kept.set(database, organizations);
  const settled: Settled = organizations.get(organizationId) ?? new Map<number, Groups>();
  organizations.delete(organizationId);
  organizations.set(organizationId, settled);
  for (const oldest of organizations.keys()) {
    if (organizations.size <= organizationsKeptMax) break;
    organizations.delete(oldest);
  }
  return settled;
}

/** Durations are exact up to 100 ms, then rounded to two digits: at most 800 groups per hour and class. */
const rounded = sql<number>`case when q.duration_ms < 100 then q.duration_ms
  when q.duration_ms < 1000 then q.duration_ms / 10 * 10 else least(q.duration_ms / 100 * 100, 60000) end`;

async function readHours(
  db: Queryable["db"],
  organizationId: string,
  starts: readonly number[],
): Promise<ReadonlyMap<number, Groups>> {
  const [from, until] = [starts.map(idAt), starts.map((start) => idAt(start + hourMs))];
  const hours = sql<{ first: string; next: string }>`unnest(${from}::uuid[], ${until}::uuid[])`;
  const requests = db
    .selectFrom("scim_request as q")
    .where("q.organizationId", "=", organizationId)
    .where(sql<boolean>`q.id >= hour.first and q.id < hour.next`)
    .select([sql<number>`q.status / 100`.as("statusClass"), rounded.as("durationMs")])
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .groupBy(sql`1, 2`);
  const rows = await db
    .selectFrom(hours.as<"hour">(sql`hour (first, next)`))
    .crossJoinLateral(requests.as("requests"))
    .select(["hour.first", "requests.statusClass", "requests.durationMs", "requests.count"])
    .execute();
  return new Map(starts.map((start) => [start, rows.filter(({ first }) => first === idAt(start))]));
}

const idAt = (ms: number): string => firstIdAt(new Date(ms));
