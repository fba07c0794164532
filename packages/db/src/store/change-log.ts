import type { Actor, ChangeKind, SubjectKind } from "@rollcall/domain";
import type { Queryable } from "./queryable.ts";
import { newId } from "./id.ts";

/** One entry to write. `before` and `after` hold only what differs, as plain JSON. */
export type NewChange = {
  /** Where the caller needs it; made otherwise. */
  readonly id?: string;
  readonly organizationId: string;
  readonly at: Date;
  readonly requestId: string | null;
  readonly actor: Actor;
  readonly subject: { readonly kind: SubjectKind; readonly id: string | null; readonly name: string };
  readonly kind: ChangeKind;
  readonly before?: object | null;
  readonly after?: object | null;
  /** The rule that refused it (`RuleError["kind"]`); undefined where it was done. */
  readonly refusal?: string;
};

const columns = [
  ["organization_id", "uuid"],
  ["id", "uuid"],
  ["at", "timestamptz"],
  ["request_id", "text"],
  ["actor_kind", "text"],
  ["actor_id", "uuid"],
  ["actor_name", "text"],
  ["subject_kind", "text"],
  ["subject_id", "uuid"],
  ["subject_name", "text"],
  ["kind", "text"],
  ["before", "jsonb"],
  ["after", "jsonb"],
  ["refusal", "text"],
] as const;
const names = columns.map(([name]) => name).join(", ");
const typed = columns.map(([name, type]) => `${name} ${type}`).join(", ");

const insert = {
  name: "change_add",
  keepsPlan: true,
  text: `insert into change (${names}) select ${names} from jsonb_to_recordset($1::jsonb) as entry (${typed})`,
};

/** Writes entries in one statement, in the caller's transaction. */
export async function recordChanges(sql: Queryable, changes: readonly NewChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql.query(insert, [JSON.stringify(changes.map(toRow))]);
}

/**
 * A common table expression that logs one entry beside a write: only if `source`, another expression of the statement,
 * has a row. The entry is one JSON value at placeholder `place`, made by `changeValue`; `before` may add to what was.
 */
export function changeCte(source: string, place: number, before = "before"): string {
  return `logged as (insert into change (${names}) select ${names.replace(" before,", ` ${before},`)}
    from jsonb_to_recordset($${place}::jsonb) as entry (${typed}) where exists (select 1 from ${source}))`;
}

/**
 * As `changeCte`, for what else a write may do: logs its entry only if `source` has a row, whose `id` becomes the
 * subject's. A statement may have both.
 */
export function besidesCte(source: string, place: number): string {
  const values = names.replace(" subject_id,", ` (select id from ${source}),`);
  return `besides as (insert into change (${names}) select ${values}
    from jsonb_to_recordset($${place}::jsonb) as entry (${typed}) where exists (select 1 from ${source}))`;
}

/**
 * As `changeCte`, for a write to many: the entry of the same kind is written for each row of `source`, which has the
 * columns `id` (of the entry), `subject_id`, `subject_name` and `kind`, and what else is `ownColumns`. What they share goes
 * over the wire once.
 */
export function changeOfEachCte(source: string, place: number, ownColumns: readonly "before"[] = []): string {
  const own = new Set<string>(["id", "subject_id", "subject_name", ...ownColumns]);
  const values = columns.map(([name]) => `${own.has(name) ? "each" : "entry"}.${name}`).join(", ");
  return `logged as (insert into change (${names}) select ${values}
    from ${source} each join jsonb_to_recordset($${place}::jsonb) as entry (${typed}) on entry.kind = each.kind)`;
}

/** The condition that the entry at `place` is not a provider's doing. */
export function isByOwner(place: number): string {
  return `$${place}::jsonb -> 0 ->> 'actor_kind' <> 'token'`;
}

/** Entries as the one value that `changeCte` expects. */
export function changeValue(changes: readonly NewChange[]): string {
  return JSON.stringify(changes.map(toRow));
}

function toRow(change: NewChange): object {
  return {
    organization_id: change.organizationId,
    id: change.id ?? newId(),
    at: change.at,
    request_id: change.requestId,
    actor_kind: change.actor.kind,
    actor_id: change.actor.id,
    actor_name: change.actor.name,
    subject_kind: change.subject.kind,
    subject_id: change.subject.id,
    subject_name: change.subject.name,
    kind: change.kind,
    before: change.before ?? null,
    after: change.after ?? null,
    refusal: change.refusal ?? null,
  };
}
