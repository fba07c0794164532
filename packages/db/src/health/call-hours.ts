import { callFigures, type CallFigures, type CallGroup } from "@rollcall/domain";
import { z } from "zod";
import { firstIdAt } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";

const hourMs = 3_600_000;
const hoursShown = 24;
/** So long after its end an hour may still get calls: of clocks that differ, and of a batch that is being written. */
const settleMs = 120_000;
const organizationsKeptMax = 500;

export type CallHour = CallFigures & { readonly startsAt: Date };
type Groups = readonly CallGroup[];
/** The settled hours of an organization by their start; they never change again. */
type Settled = Map<number, Groups>;

/** By the database that they are of, so that an owner who looks again costs the database only the hours still open. */
const kept = new WeakMap<Queryable, Map<string, Settled>>();

/**
 * The calls of the last 24 hours of the clock, the running one included, hour by hour and together. Hours go by the ids,
 * which carry the time, so that the primary key finds them; each is read whole once a process and then remembered.
 */
export async function readCallHours(
  sql: Queryable,
  organizationId: string,
  now: Date,
): Promise<{ readonly hours: readonly CallHour[]; readonly day: CallFigures }> {
  const settled = settledOf(sql, organizationId);
  const current = Math.floor(now.getTime() / hourMs) * hourMs;
  const starts = Array.from({ length: hoursShown }, (_, place) => current - (hoursShown - 1 - place) * hourMs);
  for (const start of settled.keys()) if (!starts.includes(start)) settled.delete(start);
  const missing = starts.filter((start) => !settled.has(start));
  const read = await readHours(sql, organizationId, missing);
  for (const start of missing) {
    if (start + hourMs + settleMs <= now.getTime()) settled.set(start, read.get(start) ?? []);
  }
  const groups = starts.map((start): Groups => settled.get(start) ?? read.get(start) ?? []);
  return {
    hours: starts.map((start, place) => ({ startsAt: new Date(start), ...callFigures(groups[place] ?? []) })),
    day: callFigures(groups.flat()),
  };
}

/** What is remembered of an organization; who was looked at longest ago is forgotten first. */
function settledOf(sql: Queryable, organizationId: string): Settled {
  const organizations = kept.get(sql) ?? new Map<string, Settled>();
  kept.set(sql, organizations);
  const settled: Settled = organizations.get(organizationId) ?? new Map<number, Groups>();
  organizations.delete(organizationId);
  organizations.set(organizationId, settled);
  for (const oldest of organizations.keys()) {
    if (organizations.size <= organizationsKeptMax) break;
    organizations.delete(oldest);
  }
  return settled;
}

const groupRow = z.object({
  place: z.number(),
  statusClass: z.number(),
  durationMs: z.number(),
  count: z.number(),
});

async function readHours(
  sql: Queryable,
  organizationId: string,
  starts: readonly number[],
): Promise<ReadonlyMap<number, Groups>> {
  const idAt = (ms: number): string => firstIdAt(new Date(ms));
  const values = [organizationId, starts.map(idAt), starts.map((start) => idAt(start + hourMs))];
  const rows = (await sql.query(byHour, values)).map((row) => groupRow.parse(row));
  return new Map(starts.map((start, at) => [start, rows.filter(({ place }) => place === at + 1)]));
}

/** Durations are told to the millisecond up to 100, then to two digits: at most 800 groups an hour of each class. */
const byHour = {
  name: "call_hours",
  text: `select hour.place::int as place, calls.* from unnest($2::uuid[], $3::uuid[]) with ordinality as hour (first, next, place)
    cross join lateral (select q.status / 100 as "statusClass",
        case when q.duration_ms < 100 then q.duration_ms when q.duration_ms < 1000 then q.duration_ms / 10 * 10
          else least(q.duration_ms / 100 * 100, 60000) end as "durationMs", count(*)::int as count
      from scim_request q where q.organization_id = $1 and q.id >= hour.first and q.id < hour.next
      group by 1, 2) calls`,
};
