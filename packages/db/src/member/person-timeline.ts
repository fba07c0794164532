import { emailKey, signInMethods, type SignInMethod } from "@rollcall/domain";
import { z } from "zod";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { activityOf, changeColumns, changeRow, type ActivityEntry } from "../change/activity.ts";

/** The call that an entry came with: by which client and from where. */
type CallOrigin = { readonly client: string | null; readonly ip: string | null };

/** Something that happened to a person: an entry of the change log, or a sign-in. */
export type TimelineItem =
  | { readonly what: "change"; readonly entry: ActivityEntry; readonly origin: CallOrigin | null }
  | {
      readonly what: "signIn";
      readonly id: string;
      readonly at: Date;
      readonly method: SignInMethod;
      readonly userAgent: string | null;
      readonly ip: string | null;
      readonly endedAt: Date | null;
    };

export type TimelineQuery = {
  readonly memberId: string;
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Only what was refused; sign-ins never are. */
  readonly isRefusedOnly: boolean;
};

type Timeline = { readonly items: readonly TimelineItem[]; readonly nextCursor: string | null };

/**
 * One page of everything that happened to somebody, newest first: what the log has of the member, of their roles since
 * they have them, of their invitations, of refusals of their name, of the switch of provisioning since they came, and their
 * sign-ins here. Undefined where there never was such a member; one who is gone has a timeline still.
 */
export async function readTimeline(
  sql: Queryable,
  organizationId: string,
  query: TimelineQuery,
): Promise<Timeline | undefined> {
  const { memberId, cursor, limit, isRefusedOnly } = query;
  const [found] = await sql.query(member, [organizationId, memberId]);
  if (found === undefined) return undefined;
  const { accountId, userName, createdAt } = memberRow.parse(found);
  const window = [cursor ?? null, limit + 1] as const;
  const [changed, signedIn] = await Promise.all([
    sql.query(changes, [organizationId, memberId, ...window, isRefusedOnly, userName, createdAt, emailKey(userName)]),
    // Who has not accepted yet may have an account of their own, of which nothing is told here.
    isRefusedOnly || accountId === null ? [] : sql.query(signIns, [organizationId, accountId, ...window, createdAt]),
  ]);
  const entries = changed.map((row) => activityOf(changeRow.parse(row)));
  const origins = await originsOf(sql, organizationId, entries);
  const all: readonly TimelineItem[] = [
    ...entries.map((entry) => ({ what: "change" as const, entry, origin: origins.get(entry.id) ?? null })),
    ...signedIn.map((row) => ({ what: "signIn" as const, ...signInRow.parse(row) })),
  ];
  // Ids carry the time, so that both kinds are in one order and share one cursor.
  const sorted = all.toSorted((one, other) => (idOf(one) < idOf(other) ? 1 : -1));
  const items = sorted.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: sorted.length > limit && last !== undefined ? idOf(last) : null };
}

function idOf(item: TimelineItem): string {
  return item.what === "change" ? item.entry.id : item.id;
}

/** A call is noted a moment after it is answered, and then within this time. */
const notedWithinMs = 120_000;

/** From where the provider's entries came, as far as their calls are kept, by the id of the entry. */
async function originsOf(
  sql: Queryable,
  organizationId: string,
  entries: readonly ActivityEntry[],
): Promise<ReadonlyMap<string, CallOrigin>> {
  const asked = entries.filter(({ actor, requestId }) => actor.kind === "token" && requestId !== null);
  if (asked.length === 0) return new Map();
  const rows = await sql.query(origins, [
    organizationId,
    asked.map(({ id }) => id),
    asked.map(({ requestId }) => requestId),
    asked.map(({ id }) => firstIdAt(new Date(timeOf(id).getTime() + notedWithinMs))),
  ]);
  return new Map(rows.map((row) => originRow.parse(row)).map(({ id, client, ip }) => [id, { client, ip }]));
}

const memberRow = z.object({
  accountId: z.string().nullable(),
  userName: z.string(),
  createdAt: z.date(),
});
const originRow = z.object({ id: z.string(), client: z.string().nullable(), ip: z.string().nullable() });
const signInRow = z.object({
  id: z.string(),
  at: z.date(),
  method: z.enum(signInMethods),
  userAgent: z.string().nullable(),
  ip: z.string().nullable(),
  endedAt: z.date().nullable(),
});

const member = {
  name: "timeline_member",
  text: `select account_id as "accountId", user_name as "userName", created_at as "createdAt" from member
    where organization_id = $1 and id = $2`,
};

/** The narrowing that every source shares: $3 cursor, $4 limit, $5 refused only. */
const narrowed = `c.organization_id = $1 and ($3::uuid is null or c.id < $3)
  and (not $5::boolean or c.refusal is not null)`;
const newest = "order by c.id desc limit $4";

/**
 * $1 organization, $2 member, $6 userName, $7 since when the member exists, $8 the key
 * of the userName. Each source is a range of an index of its own
 * and reads no more than one page.
 */
const changes = {
  name: "timeline_changes",
  text: `with about as (select $2::uuid as id, null::timestamptz as since
      union all (select role_id, min(created_at) from role_grant where organization_id = $1 and member_id = $2
        group by role_id limit 100)
      union all (select id, null from invitation where organization_id = $1 and email_key = $8 order by id desc limit 20)),
    found as (select c.* from about cross join lateral (select c.* from change c where ${narrowed}
        and c.subject_id = about.id and (about.since is null or c.at >= about.since) ${newest}) c
      union all (select c.* from change c where ${narrowed} and c.at > $7::timestamptz
        and c.kind in ('provisioning.enabled', 'provisioning.disabled', 'provisioning.people_released') ${newest})
      union all (select c.* from change c where ${narrowed} and c.subject_id is null and c.subject_kind = 'member'
        and lower(c.subject_name) collate "C" = lower($6) ${newest}))
    select ${changeColumns} from found order by id desc limit $4`,
};
const signIns = {
  name: "timeline_sign_ins",
  text: `select id, created_at as at, method, user_agent as "userAgent", ip, ended_at as "endedAt" from session
    where organization_id = $1 and account_id = $2 and ($3::uuid is null or id < $3) and created_at >= $5
    order by id desc limit $4`,
};
/** $2 entries, $3 their requests, $4 where to stop looking; the call has a later id than what it wrote. */
const origins = {
  name: "timeline_origins",
  text: `select wanted.id, q.client, q.ip
    from unnest($2::uuid[], $3::text[], $4::uuid[]) as wanted (id, request_id, stop)
    cross join lateral (select q.client, q.ip from scim_request q where q.organization_id = $1
      and q.id > wanted.id and q.id < wanted.stop and q.request_id::text = wanted.request_id order by q.id limit 1) q`,
};
