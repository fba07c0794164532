import { sql } from "kysely";
import { jsonTable } from "../store/json-table.ts";
import type { Queryable } from "../store/queryable.ts";
import { statement } from "../store/statement.ts";

type SeenRequest = {
  readonly organizationId: string;
  readonly path: string;
  readonly status: number;
  readonly at: Date;
  readonly memberId?: string | null;
};
type Sighting = Pick<SeenRequest, "organizationId" | "at"> & { readonly memberId: string };

/** The address of one person, or of a search, but not of a list. */
const pathOfPerson = /\/Users(?:\/[^?.]|\/?\?(?:.*&)?filter=)/i;

/**
 * Records which people a batch of requests has read, written or found as the only one, each at most once a day. Lists,
 * groups and Bulk concern no single person; their changes are in the change log. Only active people are recorded.
 */
export async function noteSightings(sql: Queryable, requests: readonly SeenRequest[]): Promise<void> {
  const sightings = new Map<string, Sighting>();
  for (const { organizationId, memberId, path, status, at } of requests) {
    if (status < 400 && typeof memberId === "string" && pathOfPerson.test(path))
      sightings.set(`${organizationId} ${memberId}`, { organizationId, memberId, at });
  }
  if (sightings.size > 0) await sql.run(note, { sightings: JSON.stringify([...sightings.values()]) });
}

const seenColumns = [
  ["organizationId", "uuid"],
  ["memberId", "uuid"],
  ["at", "timestamptz"],
] as const;

/** In the order of the key, to avoid deadlocks. */
const note = statement<{ sightings: string }>()((db, p) =>
  db
    .insertInto("member_sighting")
    .columns(["organizationId", "memberId", "at"])
    .expression((eb) =>
      eb
        .selectFrom(jsonTable(p("sightings"), seenColumns, "seen"))
        .innerJoin("member as m", (on) =>
          on.onRef("m.organizationId", "=", "seen.organizationId").onRef("m.id", "=", "seen.memberId"),
        )
        .leftJoin("member_sighting as old", (on) =>
          on.onRef("old.organizationId", "=", "m.organizationId").onRef("old.memberId", "=", "m.id"),
        )
        .where("m.isDeleted", "=", sql.lit(false))
        .where("m.active", "=", sql.lit(true))
        .where(sql<boolean>`(old.at is null or old.at < seen.at - interval '1 day')`)
        .orderBy("m.organizationId")
        .orderBy("m.id")
        .select(["m.organizationId", "m.id as memberId", "seen.at"]),
    )
    .onConflict((on) =>
      on.columns(["organizationId", "memberId"]).doUpdateSet({ at: sql`greatest(excluded.at, member_sighting.at)` }),
    ),
);
