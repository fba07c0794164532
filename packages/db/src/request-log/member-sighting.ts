import { emailKey } from "@rollcall/domain";
import type { Queryable } from "../store/queryable.ts";

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
 * Notes which people a batch of calls dealt with, each at most once a day: who was read or written by id, and who was
 * looked up by user name. Lists, groups and Bulk name nobody in their paths; what they changed is in the change log.
 */
export async function noteSightings(sql: Queryable, calls: readonly SeenRequest[]): Promise<void> {
  const sightings = new Map<string, Sighting>();
  for (const call of calls) {
    const seen = sightingOf(call);
    if (seen !== undefined) sightings.set([seen.organizationId, seen.memberId, seen.userNameKey].join(" "), seen);
  }
  if (sightings.size > 0) await sql.query(note, [JSON.stringify([...sightings.values()])]);
}

/** Whom a call dealt with that was not refused; undefined: nobody in particular. */
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

/** In the order of the key, so that two processes never wait for each other in a circle. */
const note = {
  name: "member_sighting_note",
  text: `with seen as materialized (select * from jsonb_to_recordset($1::jsonb)
      as seen ("organizationId" uuid, "memberId" uuid, "userNameKey" text, at timestamptz)),
    found as (
      select m.organization_id, m.id, seen.at from seen
        join member m on m.organization_id = seen."organizationId" and m.id = seen."memberId"
      union all
      select m.organization_id, m.id, seen.at from seen
        join member m on m.organization_id = seen."organizationId" and m.user_name_key = seen."userNameKey"
        and not m.is_deleted)
    insert into member_sighting (organization_id, member_id, at)
    select found.organization_id, found.id, max(found.at) from found
      left join member_sighting old on old.organization_id = found.organization_id and old.member_id = found.id
    where old.at is null or old.at < found.at - interval '1 day'
    group by found.organization_id, found.id order by found.organization_id, found.id
    on conflict (organization_id, member_id) do update set at = greatest(excluded.at, member_sighting.at)`,
};
