import type { Actor, ActorKind, ChangeArea, ChangeKind, SubjectKind } from "@rollcall/domain";
import { expressionBuilder, sql, type Expression, type Selectable, type SqlBool } from "kysely";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import type { Tables } from "../store/tables.ts";
import { requestTimeMaxMs } from "./request-of-entry.ts";

/** An entry of the change log. */
export type ActivityEntry = {
  readonly id: string;
  readonly at: Date;
  readonly actor: Pick<Actor, "kind" | "name">;
  readonly subject: { readonly kind: SubjectKind; readonly id: string | null; readonly name: string };
  readonly kind: ChangeKind;
  readonly before: unknown;
  readonly after: unknown;
  readonly refusal: string | null;
  readonly requestId: string | null;
  /** Whether the actor is the subject. */
  readonly isSelf: boolean;
};

export const activityOrders = ["newest", "oldest"] as const;

/**
 * `cursor`: the id of the last entry of the previous page. `memberId`: entries about that person; `tokenId` and
 * `byMemberId`: entries by that SCIM token or person, deleted ones included. `area`: a prefix of the kinds.
 */
export type ActivityQuery = {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly order?: (typeof activityOrders)[number] | undefined;
  readonly outcome?: "done" | "refused" | undefined;
  readonly memberId?: string | undefined;
  readonly who?: ActorKind | undefined;
  readonly tokenId?: string | undefined;
  readonly byMemberId?: string | undefined;
  readonly area?: ChangeArea | undefined;
  readonly kind?: ChangeKind | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
};

type Page = { readonly entries: readonly ActivityEntry[]; readonly nextCursor: string | null };

/** The number of entries that one page scans when no index applies; its cursor continues from there. */
const scannedMax = 50_000;

/**
 * One page of the change log, and the cursor of the next one or null. Time and person use an index; other conditions
 * filter the next 50,000 entries, so that a page can be short or empty and still have a cursor.
 */
export async function listActivity({ db }: Queryable, organizationId: string, query: ActivityQuery): Promise<Page> {
  const { limit } = query;
  const range = rangeOf(db, organizationId, query);
  const picked = pickedOf(organizationId, query);
  const scanned = range.selectAll().limit(picked.length > 0 ? scannedMax : limit + 1);
  const found = db
    .selectFrom(scanned.as("c"))
    .where((eb) => eb.and(picked))
    .select(entryColumns);
  const rows = await found
    .orderBy("c.id", directionOf(query))
    .limit(limit + 1)
    .execute();
  const entries = rows.slice(0, limit).map(activityOf);
  if (rows.length > limit) return { entries, nextCursor: entries.at(-1)?.id ?? null };
  if (picked.length === 0) return { entries, nextCursor: null };
  const last = await range
    .select("c.id")
    .offset(scannedMax - 1)
    .limit(1)
    .executeTakeFirst();
  return { entries, nextCursor: last?.id ?? null };
}

const directionOf = ({ order }: ActivityQuery) => (order === "oldest" ? "asc" : "desc");

/** The entries that an index finds, in order. */
function rangeOf(db: Queryable["db"], organizationId: string, query: ActivityQuery) {
  const { cursor, order, memberId, since, until } = query;
  let range = changesOf(db, organizationId);
  if (cursor !== undefined) range = range.where("c.id", order === "oldest" ? ">" : "<", cursor);
  if (memberId !== undefined) range = range.where("c.subjectKind", "=", "member").where("c.subjectId", "=", memberId);
  // The ids contain the time, so that the primary key bounds the range.
  if (since !== undefined) range = range.where("c.id", ">=", firstIdAt(since));
  if (until !== undefined) range = range.where("c.id", "<", firstIdAt(until));
  return range.orderBy("c.id", directionOf(query));
}

const change = expressionBuilder<Tables & { c: Tables["change"] }, "c">();

/** The conditions without an index. */
function pickedOf(organizationId: string, query: ActivityQuery): readonly Expression<SqlBool>[] {
  const { outcome, who, tokenId, byMemberId, area, kind } = query;
  const picked: Expression<SqlBool>[] = [];
  if (outcome !== undefined) picked.push(change("c.refusal", outcome === "refused" ? "is not" : "is", null));
  if (who !== undefined) picked.push(change("c.actorKind", "=", who));
  if (tokenId !== undefined) picked.push(change("c.actorKind", "=", "token"), change("c.actorId", "=", tokenId));
  if (byMemberId !== undefined) {
    const members = change.selectFrom("member as m").where("m.organizationId", "=", organizationId);
    const account = members.where("m.id", "=", byMemberId).select("m.accountId");
    picked.push(change("c.actorKind", "=", "person"), change("c.actorId", "=", account));
  }
  if (area !== undefined) picked.push(change.fn<boolean>("starts_with", ["c.kind", change.val(`${area}.`)]));
  if (kind !== undefined) picked.push(change("c.kind", "=", kind));
  return picked;
}

const changesOfRequestMax = 200;

/**
 * The changes and refusals of one SCIM request, oldest first, at most 200. `id`: the request's in the request log.
 * Changes are written earlier by the same process, so that the primary key finds them without an index on request ids.
 */
export async function listChangesOfRequest(
  { db }: Queryable,
  organizationId: string,
  request: { readonly id: string; readonly requestId: string },
): Promise<readonly ActivityEntry[]> {
  const from = firstIdAt(new Date(timeOf(request.id).getTime() - requestTimeMaxMs));
  const range = changesOf(db, organizationId).where("c.id", ">=", from).where("c.id", "<", request.id);
  const ofRequest = range.where("c.requestId", "=", request.requestId).select(entryColumns);
  return (await ofRequest.orderBy("c.id").limit(changesOfRequestMax).execute()).map(activityOf);
}

/** The organization's change log, as `c`. */
export function changesOf(db: Queryable["db"], organizationId: string) {
  return db.selectFrom("change as c").where("c.organizationId", "=", organizationId);
}

const memberOfSubject = change
  .selectFrom("member as m")
  .whereRef("m.organizationId", "=", "c.organizationId")
  .whereRef("m.id", "=", "c.subjectId");
/** Whether the actor is the member that the entry is about. */
const isSelf = sql<boolean>`coalesce(c.actor_kind = 'person' and c.subject_kind = 'member'
  and c.actor_id = ${memberOfSubject.select("m.accountId")}, false)`;

/** The columns of an entry, for an expression `c` on the change log. */
export const entryColumns = [
  ...(["c.id", "c.at", "c.actorKind", "c.actorName", "c.subjectKind", "c.subjectId", "c.subjectName"] as const),
  ...(["c.kind", "c.before", "c.after", "c.refusal", "c.requestId"] as const),
  isSelf.as("isSelf"),
] as const;
type EntryRow = Omit<Selectable<Tables["change"]>, "organizationId" | "actorId"> & { readonly isSelf: boolean };

/** Converts a row of `entryColumns`. */
export function activityOf(row: EntryRow): ActivityEntry {
  const { actorKind, actorName, subjectKind, subjectId, subjectName, ...rest } = row;
  return {
    ...rest,
    actor: { kind: actorKind, name: actorName },
    subject: { kind: subjectKind, id: subjectId, name: subjectName },
  };
}
