import { emailKey } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonOf, jsonTable } from "../store/json-table.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";

type SeenRequest = {
  readonly organizationId: string;
  readonly path: string;
  readonly status: number;
  readonly at: Date;
};
type Sighting = {
  readonly organizationId: string;
  readonly memberId: string | null;
  readonly userNameKey: string | null;
  readonly at: Date;
};

const pathOfOne = /\/Users\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?]|$)/i;
const pathOfSearch = /\/Users\/?\?/;
const filterOfOne = /^\s*userName\s+eq\s+"([^"\\]+)"\s*$/i;

/**
 * Notes which people a batch of requests dealt with, each at most once a day: those read or written by id, and those
 * looked up by user name. Lists, groups and Bulk name nobody in their paths; what they changed is in the change log.
 */
export async function noteSightings(sql: Queryable, calls: readonly SeenRequest[]): Promise<void> {
  const sightings = new Map<string, Sighting>();
  for (const call of calls) {
    const seen = sightingOf(call);
    if (seen !== undefined) sightings.set([seen.organizationId, seen.memberId, seen.userNameKey].join(" "), seen);
  }
  if (sightings.size > 0) await sql.run(note, { sightings: jsonOf([...sightings.values()], seenColumns) });
}

/** The person that a request dealt with and that was not refused; undefined: nobody in particular. */
function sightingOf({ organizationId, path, status, at }: SeenRequest): Sighting | undefined {
  if (status >= 400) return undefined;
  const memberId = pathOfOne.exec(path)?.[1];
  if (memberId !== undefined) return { organizationId, memberId, userNameKey: null, at };
  if (!pathOfSearch.test(path)) return undefined;
  const filter = new URLSearchParams(path.slice(path.indexOf("?"))).get("filter");
  const userName = filterOfOne.exec(filter ?? "")?.[1];
  // PostgreSQL's JSON cannot hold NUL, which is in no user name either.
  if (userName === undefined || userName.includes("\u0000")) return undefined;
  return { organizationId, memberId: null, userNameKey: emailKey(userName), at };
}

const seenColumns = [
  ["organizationId", "uuid"],
  ["memberId", "uuid"],
  ["userNameKey", "text"],
  ["at", "timestamptz"],
] as const;

/** In the order of the key, so that two processes never wait for each other in a circle. */
const note = statement<{ sightings: string }>()((db, p) =>
  db
    .with(
      (cte) => cte("seen").materialized(),
      (from) => from.selectFrom(jsonTable(p("sightings"), seenColumns, "seen")).selectAll(),
    )
    .with("found", (from) =>
      from
        .selectFrom("seen")
        .innerJoin("member as m", (on) =>
          on.onRef("m.organizationId", "=", "seen.organizationId").onRef("m.id", "=", "seen.memberId"),
        )
        .select(["m.organizationId", "m.id", "seen.at"])
        .unionAll(
          from
            .selectFrom("seen")
            .innerJoin("member as m", (on) =>
              on.onRef("m.organizationId", "=", "seen.organizationId").onRef("m.userNameKey", "=", "seen.userNameKey"),
            )
            .where("m.isDeleted", "=", sql.lit(false))
            .select(["m.organizationId", "m.id", "seen.at"]),
        ),
    )
    .insertInto("member_sighting")
    .columns(["organizationId", "memberId", "at"])
    .expression((eb) =>
      eb
        .selectFrom("found")
        .leftJoin("member_sighting as old", (on) =>
          on.onRef("old.organizationId", "=", "found.organizationId").onRef("old.memberId", "=", "found.id"),
        )
        .where(sql<boolean>`(old.at is null or old.at < found.at - interval '1 day')`)
        .groupBy(["found.organizationId", "found.id"])
        .orderBy("found.organizationId")
        .orderBy("found.id")
        .select(["found.organizationId", "found.id as memberId", sql<Date>`max(found.at)`.as("at")]),
    )
    .onConflict((on) =>
      on.columns(["organizationId", "memberId"]).doUpdateSet({ at: sql`greatest(excluded.at, member_sighting.at)` }),
    ),
);
