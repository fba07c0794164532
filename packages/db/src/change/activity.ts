import {
  actorKinds,
  changeKinds,
  subjectKinds,
  type Actor,
  type ActorKind,
  type ChangeArea,
  type ChangeKind,
  type SubjectKind,
} from "@rollcall/domain";
import { z } from "zod";
import { firstIdAt, timeOf } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { callTimeMs } from "./call-of-entry.ts";

/** One entry of the change log as it was written. */
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
  /** Is the actor the person whom it is about? */
  readonly isSelf: boolean;
};

export const activityOrders = ["newest", "oldest"] as const;

/**
 * `cursor`: the id of the last entry of the page before. `memberId`: what happened to that person; `tokenId` and
 * `byMemberId`: what that SCIM token did, or that person, who may be gone. `area`: kinds begin with it.
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

/** What no index tells is looked for in so many entries at a time; the cursor says where to go on. */
const scannedMax = 50_000;

/**
 * One page of the change log, and the cursor of the next one or null. The time and the person go by an index; everything
 * else is picked from the next 50,000 entries, so that a page can be short, even empty, and still have a cursor.
 */
export async function listActivity(sql: Queryable, organizationId: string, query: ActivityQuery): Promise<Page> {
  const { limit } = query;
  const values: unknown[] = [organizationId];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const [indexed, picked] = [indexedOf(query, place), pickedOf(query, place)];
  const order = query.order === "oldest" ? "id" : "id desc";
  const scanned = place(picked.length > 0 ? scannedMax : limit + 1);
  const text = `select ${changeColumns} from (select * from change where organization_id = $1 ${indexed.join(" ")}
      order by ${order} limit ${scanned}) change
    where true ${picked.join(" ")} order by ${order} limit ${place(limit + 1)}`;
  const rows = await sql.query({ name: "", text }, values);
  const entries = rows.slice(0, limit).map((row) => activityOf(changeRow.parse(row)));
  if (rows.length > limit) return { entries, nextCursor: entries.at(-1)?.id ?? null };
  return { entries, nextCursor: picked.length === 0 ? null : await lastScanned(sql, organizationId, query) };
}

/** The last entry that one page has looked at; null where it has seen all. */
async function lastScanned(sql: Queryable, organizationId: string, query: ActivityQuery): Promise<string | null> {
  const values: unknown[] = [organizationId];
  const indexed = indexedOf(query, (value) => `$${values.push(value)}`);
  const text = `select id from change where organization_id = $1 ${indexed.join(" ")}
    order by ${query.order === "oldest" ? "id" : "id desc"} offset $${values.push(scannedMax - 1)} limit 1`;
  const [row] = await sql.query({ name: "", text }, values);
  return row === undefined ? null : z.object({ id: z.string() }).parse(row).id;
}

type Place = (value: unknown) => string;

function indexedOf({ cursor, order, memberId, since, until }: ActivityQuery, place: Place): readonly string[] {
  return conditions(place, [
    [order === "oldest" ? "id > ?" : "id < ?", cursor],
    ["subject_kind = 'member' and subject_id = ?", memberId],
    // The ids carry the time, so that the primary key finds where to begin and to stop.
    ["id >= ?", since && firstIdAt(since)],
    ["id < ?", until && firstIdAt(until)],
  ]);
}

function pickedOf(query: ActivityQuery, place: Place): readonly string[] {
  const { outcome, who, tokenId, byMemberId, area, kind } = query;
  const account = "(select account_id from member m where m.organization_id = $1 and m.id = ?)";
  return conditions(place, [
    ["(refusal is not null) = (? = 'refused')", outcome],
    ["actor_kind = ?", who],
    ["actor_kind = 'token' and actor_id = ?", tokenId],
    [`actor_kind = 'person' and actor_id = ${account}`, byMemberId],
    ["starts_with(kind, ? || '.')", area],
    ["kind = ?", kind],
  ]);
}

function conditions(place: Place, wishes: readonly (readonly [string, unknown])[]): readonly string[] {
  return wishes.flatMap(([condition, value]) =>
    value === undefined ? [] : [`and ${condition.replace("?", () => place(value))}`],
  );
}

const changesOfCallMax = 200;

/**
 * What one SCIM call changed or was refused, oldest first, at most 200. `id` is the call's in the request log: what it did was
 * written before, by the same process, so that the primary key finds it without an index on request ids.
 */
export async function listChangesOfCall(
  sql: Queryable,
  organizationId: string,
  call: { readonly id: string; readonly requestId: string },
): Promise<readonly ActivityEntry[]> {
  const from = firstIdAt(new Date(timeOf(call.id).getTime() - callTimeMs));
  const text = `select ${changeColumns} from change where organization_id = $1 and id >= $2 and id < $3 and request_id = $4
    order by id limit $5`;
  const rows = await sql.query({ name: "", text }, [organizationId, from, call.id, call.requestId, changesOfCallMax]);
  return rows.map((row) => activityOf(changeRow.parse(row)));
}

/** A row of `changeColumns`. */
export const changeRow = z.object({
  id: z.string(),
  at: z.date(),
  actorKind: z.enum(actorKinds),
  actorName: z.string(),
  subjectKind: z.enum(subjectKinds),
  subjectId: z.string().nullable(),
  subjectName: z.string(),
  kind: z.enum(changeKinds),
  before: z.unknown(),
  after: z.unknown(),
  refusal: z.string().nullable(),
  requestId: z.string().nullable(),
  isSelf: z.boolean(),
});

/** The entry that a row of `changeColumns` is. */
export function activityOf(row: z.infer<typeof changeRow>): ActivityEntry {
  const { actorKind, actorName, subjectKind, subjectId, subjectName, ...rest } = row;
  return {
    ...rest,
    actor: { kind: actorKind, name: actorName },
    subject: { kind: subjectKind, id: subjectId, name: subjectName },
  };
}

/** The columns of `changeRow`, of a table or expression that has those of the change log; $1 is the organization. */
export const changeColumns = `id, at, actor_kind as "actorKind", actor_name as "actorName", subject_kind as "subjectKind",
  subject_id as "subjectId", subject_name as "subjectName", kind, before, after, refusal, request_id as "requestId",
  coalesce(actor_kind = 'person' and subject_kind = 'member' and actor_id = (select m.account_id from member m
    where m.organization_id = $1 and m.id = subject_id), false) as "isSelf"`;
