import { emailKey } from "@rollcall/domain";
import { sql } from "kysely";
import { jsonTable } from "../store/json-table.ts";
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
 * Records which people a batch of requests has read, written or searched by user name, each at most once a day. Lists,
 * groups and Bulk name no person in their paths; their changes are in the change log. Only active people are recorded.
 */
export async function noteSightings(sql: Queryable, requests: readonly SeenRequest[]): Promise<void> {
  const sightings = new Map<string, Sighting>();
  for (const request of requests) {
    const seen = sightingOf(request);
    if (seen !== undefined) sightings.set([seen.organizationId, seen.memberId, seen.userNameKey].join(" "), seen);
  }
  if (sightings.size > 0) await sql.run(note, { sightings: JSON.stringify([...sightings.values()]) });
}

/** The person of a successful request; undefined if there is no single one. */
function sightingOf({ organizationId, path, status, at }: SeenRequest): Sighting | undefined {
  if (status >= 400) return undefined;
  const memberId = pathOfOne.exec(path)?.[1];
  if (memberId !== undefined) return { organizationId, memberId, userNameKey: null, at };
  if (!pathOfSearch.test(path)) return undefined;
  const filter = new URLSearchParams(path.slice(path.indexOf("?"))).get("filter");
  const userName = filterOfOne.exec(filter ?? "")?.[1];
  // PostgreSQL's JSON does not support NUL, which no user name contains.
  if (userName === undefined || userName.includes("\u0000")) return undefined;
  return { organizationId, memberId: null, userNameKey: emailKey(userName), at };
}

const seenColumns = [
  ["organizationId", "uuid"],
  ["memberId", "uuid"],
  ["userNameKey", "text"],
  ["at", "timestamptz"],
] as const;

/** In the order of the key, to avoid deadlocks. */
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
        .where("m.isDeleted", "=", sql.lit(false))
        .where("m.active", "=", sql.lit(true))
        .select(["m.organizationId", "m.id", "seen.at"])
        .unionAll(
          from
            .selectFrom("seen")
            .innerJoin("member as m", (on) =>
              on.onRef("m.organizationId", "=", "seen.organizationId").onRef("m.userNameKey", "=", "seen.userNameKey"),
            )
            .where("m.isDeleted", "=", sql.lit(false))
            .where("m.active", "=", sql.lit(true))
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
