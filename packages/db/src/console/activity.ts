import { actorKinds, changeKinds, subjectKinds, type Actor, type ChangeKind, type SubjectKind } from "@rollcall/domain";
import { z } from "zod";
import { firstIdAt, timeOf } from "../new-id.ts";
import type { Queryable } from "../statement.ts";

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
};

/**
 * `cursor` is the id of the last entry of the page before. `tokenId`: only what that SCIM token did; `since`: only what
 * happened from then on.
 */
export type ActivityQuery = {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly outcome?: "done" | "refused" | undefined;
  readonly memberId?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly since?: Date | undefined;
};

/** One page of the change log, newest first, and the cursor of the next one or null. */
export async function listActivity(
  sql: Queryable,
  organizationId: string,
  query: ActivityQuery,
): Promise<{ readonly entries: readonly ActivityEntry[]; readonly nextCursor: string | null }> {
  const { cursor, limit, outcome, memberId, tokenId, since } = query;
  const values: unknown[] = [organizationId, limit + 1];
  const conditions: string[] = [];
  const narrow = (condition: string, value: unknown): void => {
    if (value !== undefined) conditions.push(`and ${condition.replace("?", () => `$${values.push(value)}`)}`);
  };
  narrow("id < ?", cursor);
  narrow("(refusal is not null) = (? = 'refused')", outcome);
  narrow("subject_kind = 'member' and subject_id = ?", memberId);
  narrow("actor_kind = 'token' and actor_id = ?", tokenId);
  // The ids carry the time, so that the primary key finds where to stop.
  narrow("id >= ?", since && firstIdAt(since));
  const text = `select ${changeColumns} from change where organization_id = $1 ${conditions.join(" ")} order by id desc limit $2`;
  const rows = await sql.query({ name: "", text }, values);
  const entries = rows.slice(0, limit).map((row) => activityOf(changeRow.parse(row)));
  return { entries, nextCursor: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
}

/** Longer than any call takes from its first change to its entry in the request log. */
const callTimeMs = 600_000;
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

/** The columns of `changeRow`, of a table or expression that has those of the change log. */
export const changeColumns = `id, at, actor_kind as "actorKind", actor_name as "actorName", subject_kind as "subjectKind",
  subject_id as "subjectId", subject_name as "subjectName", kind, before, after, refusal, request_id as "requestId"`;
