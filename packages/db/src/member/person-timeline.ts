import { emailKey } from "@rollcall/domain";
import { expressionBuilder, sql } from "kysely";
import { activityOf, changesOf, entryColumns, type ActivityEntry } from "../change/activity.ts";
import { requestAfter } from "../change/request-of-entry.ts";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";

/** The client and address of an entry's SCIM request. */
type RequestOrigin = { readonly client: string | null; readonly ip: string | null };

/** An entry of the change log or a sign-in. */
export type TimelineItem =
  | { readonly what: "change"; readonly entry: ActivityEntry; readonly origin: RequestOrigin | null }
  | ({ readonly what: "signIn" } & Awaited<ReturnType<typeof readSignIns>>[number]);

export type TimelineQuery = {
  readonly memberId: string;
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Only refusals; sign-ins are none. */
  readonly isRefusedOnly: boolean;
};

type Timeline = { readonly items: readonly TimelineItem[]; readonly nextCursor: string | null };

/**
 * One page of a member's history, newest first: log entries about the member, their roles while granted, their
 * invitations, refusals of their name, and provisioning being turned on or off since they were added, with their
 * sign-ins here. Undefined if the id is unknown; a removed member has a timeline too.
 */
export async function readTimeline(
  { db }: Queryable,
  organizationId: string,
  query: TimelineQuery,
): Promise<Timeline | undefined> {
  const { memberId, limit } = query;
  const members = db.selectFrom("member").where("organizationId", "=", organizationId).where("id", "=", memberId);
  const member = await members.select(["accountId", "userName", "createdAt"]).executeTakeFirst();
  if (member === undefined) return undefined;
  const [changed, signedIn] = await Promise.all([
    readChanges(db, organizationId, query, member),
    readSignIns(db, organizationId, query, member),
  ]);
  const entries = changed.map(activityOf);
  const origins = await originsOf(db, organizationId, entries);
  const all: readonly TimelineItem[] = [
    ...entries.map((entry) => ({ what: "change" as const, entry, origin: origins.get(entry.id) ?? null })),
    ...signedIn.map((session) => ({ what: "signIn" as const, ...session })),
  ];
  // Ids contain the time, so that both kinds are in one order and share one cursor.
  const sorted = all.toSorted((one, other) => (idOf(one) < idOf(other) ? 1 : -1));
  const items = sorted.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: sorted.length > limit && last !== undefined ? idOf(last) : null };
}

function idOf(item: TimelineItem): string {
  return item.what === "change" ? item.entry.id : item.id;
}

/** A request is logged within this time after its changes. */
const notedWithinMs = 120_000;

/** The origins of SCIM entries whose requests are still logged, by the id of the entry. */
async function originsOf(
  db: Queryable["db"],
  organizationId: string,
  entries: readonly ActivityEntry[],
): Promise<ReadonlyMap<string, RequestOrigin>> {
  const asked = entries.filter(({ actor, requestId }) => actor.kind === "token" && requestId !== null);
  if (asked.length === 0) return new Map();
  const [ids, requestIds] = [asked.map(({ id }) => id), asked.map(({ requestId }) => requestId)];
  const wanted = sql<{ id: string; requestId: string; stop: string }>`unnest(${ids}::uuid[], ${requestIds}::text[],
    ${ids.map(stopOf)}::uuid[])`;
  const rows = await db
    .selectFrom(wanted.as<"wanted">(sql`wanted (id, request_id, stop)`))
    .crossJoinLateral(requestAfter(db, organizationId, eachWanted).select(["q.client", "q.ip"]).as("q"))
    .select(["wanted.id", "q.client", "q.ip"])
    .execute();
  return new Map(rows.map(({ id, ...origin }) => [id, origin]));
}

const eachWanted = {
  id: sql.ref<string>("wanted.id"),
  requestId: sql.ref<string>("wanted.requestId"),
  until: sql.ref<string>("wanted.stop"),
};
/** A request's id is slightly later than those of its changes. */
const stopOf = (id: string): string => firstIdAt(new Date(timeOf(id).getTime() + notedWithinMs));

type Member = { readonly accountId: string | null; readonly userName: string; readonly createdAt: Date };

/** Each source is a range of its own index and reads at most one page. */
function readChanges(db: Queryable["db"], organizationId: string, query: TimelineQuery, member: Member) {
  const { memberId, cursor, limit, isRefusedOnly } = query;
  let newest = changesOf(db, organizationId)
    .selectAll("c")
    .orderBy("c.id", "desc")
    .limit(limit + 1);
  if (cursor !== undefined) newest = newest.where("c.id", "<", cursor);
  if (isRefusedOnly) newest = newest.where("c.refusal", "is not", null);
  const ofSubject = newest
    .where(subject("c.subjectId", "=", subject.ref("about.id")))
    .where(subject.or([subject("about.since", "is", null), subject("c.at", ">=", subject.ref("about.since"))]));
  const ofSwitch = newest
    .where("c.at", ">", member.createdAt)
    .where("c.kind", "in", ["provisioning.enabled", "provisioning.disabled", "provisioning.people_released"]);
  const ofName = newest
    .where("c.subjectId", "is", null)
    .where("c.subjectKind", "=", "member")
    .where(sql<boolean>`lower(c.subject_name) collate "C" = lower(${member.userName})`);
  return db
    .with("about", () => subjectsOf(db, organizationId, memberId, emailKey(member.userName)))
    .with("found", (q) =>
      q
        .selectFrom("about")
        .crossJoinLateral(ofSubject.as("c"))
        .selectAll("c")
        .unionAll((eb) => eb.parens(ofSwitch))
        .unionAll((eb) => eb.parens(ofName)),
    )
    .selectFrom("found as c")
    .select(entryColumns)
    .orderBy("c.id", "desc")
    .limit(limit + 1)
    .execute();
}

type About = { readonly id: string; readonly since: Date | null };
const subject = expressionBuilder<Tables & { c: Tables["change"]; about: About }, "c" | "about">();

/** The member, their roles while granted, and their invitations. */
function subjectsOf(db: Queryable["db"], organizationId: string, memberId: string, key: string) {
  const always = sql<Date | null>`null::timestamptz`.as("since");
  const grants = db
    .selectFrom("role_grant")
    .where("organizationId", "=", organizationId)
    .where("memberId", "=", memberId);
  const roles = grants.select(["roleId as id", (eb) => eb.fn.min<Date | null>("createdAt").as("since")]);
  const sent = db.selectFrom("invitation").where("organizationId", "=", organizationId).where("emailKey", "=", key);
  const invitations = sent.select(["id", always]).orderBy("id", "desc");
  return db
    .selectNoFrom([sql<string>`${memberId}::uuid`.as("id"), always])
    .unionAll((eb) => eb.parens(roles.groupBy("roleId").limit(100)))
    .unionAll((eb) => eb.parens(invitations.limit(20)));
}

/** A person with a pending membership may have an account elsewhere, whose sign-ins must not be shown here. */
async function readSignIns(db: Queryable["db"], organizationId: string, query: TimelineQuery, member: Member) {
  const { cursor, limit, isRefusedOnly } = query;
  if (isRefusedOnly || member.accountId === null) return [];
  let sessions = db
    .selectFrom("session")
    .where("organizationId", "=", organizationId)
    .where("accountId", "=", member.accountId)
    .where("createdAt", ">=", member.createdAt);
  if (cursor !== undefined) sessions = sessions.where("id", "<", cursor);
  const shown = sessions.select(["id", "createdAt as at", "method", "userAgent", "ip", "endedAt"]);
  return shown
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
}
