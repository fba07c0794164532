import type { Actor, ChangeKind, SubjectKind } from "@rollcall/domain";
import { expressionBuilder, sql, type Expression, type Selectable } from "kysely";
import type { Queryable } from "./queryable.ts";
import { newId } from "./id.ts";
import { jsonTable } from "./json-table.ts";
import { keptStatement, parts } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** An entry to write. `before` and `after` hold only what differs, as plain JSON. */
export type NewChange = {
  /** Generated if omitted. */
  readonly id?: string;
  readonly organizationId: string;
  readonly at: Date;
  readonly requestId: string | null;
  readonly actor: Actor;
  readonly subject: { readonly kind: SubjectKind; readonly id: string | null; readonly name: string };
  readonly kind: ChangeKind;
  readonly before?: object | null;
  readonly after?: object | null;
  /** The kind of the rule that refused the change (`RuleError["kind"]`); undefined if it was made. */
  readonly refusal?: string;
};

type ChangeRow = Selectable<Tables["change"]>;
type Columns = { readonly [K in keyof ChangeRow]?: Expression<ChangeRow[K]> };
const columns = [
  ["organizationId", "uuid"],
  ["id", "uuid"],
  ["at", "timestamptz"],
  ["requestId", "text"],
  ["actorKind", "text"],
  ["actorId", "uuid"],
  ["actorName", "text"],
  ["subjectKind", "text"],
  ["subjectId", "uuid"],
  ["subjectName", "text"],
  ["kind", "text"],
  ["before", "jsonb"],
  ["after", "jsonb"],
  ["refusal", "text"],
] as const satisfies readonly (readonly [keyof ChangeRow, string])[];
const properties = columns.map(([name]) => name);

/** Entries from `changeValue`. */
const entriesOf = (entries: Expression<string>) => jsonTable(entries, columns, "entry");
const eb = expressionBuilder<{ entry: ChangeRow }, "entry">();

/** The select list of an entry, with columns replaced by those of `own`. */
const valuesOf = (own: Columns) =>
  properties.map((name) => sql<never>`${own[name] ?? eb.ref(`entry.${name}`)}`.as(name));

/**
 * A common table expression that logs entries in the same statement as a write: `.with("logged", logIf("saved",
 * p("entries")))` writes the entries of the parameter (see `changeValue`) only if the expression `source` has a row.
 * `own`: columns whose values come from the statement; they may refer to the `entry`.
 */
export function logIf(source: string, entries: Expression<string>, own: Columns = {}) {
  const logged = eb
    .selectFrom(entriesOf(entries))
    .select(valuesOf(own))
    .where(sql<boolean>`exists (select from ${sql.table(source)})`);
  return sql<object>`(${parts.insertInto("change").columns(properties).expression(logged)})`;
}

/**
 * As `logIf`, for a write to many rows: writes the entry of the same kind for each row of `source`, which has the
 * columns `id` (of the entry), `subjectId`, `subjectName`, `kind` and those in `own`. Shared values are sent once.
 */
export function logEach(source: string, entries: Expression<string>, own: readonly "before"[] = []) {
  const each = Object.fromEntries(
    ["id", "subjectId", "subjectName", ...own].map((name) => [name, sql<never>`${sql.ref(`each.${name}`)}`]),
  );
  const logged = eb
    .selectFrom(sql`${sql.table(source)}`.as<"each">(sql`each`))
    .innerJoin(entriesOf(entries), (on) => on.on(sql<boolean>`entry.kind = each.kind`))
    .select(valuesOf(each));
  return sql<object>`(${parts.insertInto("change").columns(properties).expression(logged)})`;
}

/** Whether the first entry has an actor other than a SCIM token. */
export const isNotByToken = (entries: Expression<string>) =>
  sql<boolean>`${entries}::json -> 0 ->> 'actorKind' <> 'token'`;

const insert = keptStatement<{ entries: string }>()("change_add", (db, p) =>
  db
    .insertInto("change")
    .columns(properties)
    .expression(eb.selectFrom(entriesOf(p("entries"))).select(valuesOf({}))),
);

/** Writes entries with one statement in the caller's transaction. */
export async function recordChanges(sql: Queryable, changes: readonly NewChange[]): Promise<void> {
  if (changes.length > 0) await sql.run(insert, { entries: changeValue(changes) });
}

/** Serializes entries for `logIf`. */
export function changeValue(changes: readonly NewChange[]): string {
  return JSON.stringify(changes.map(changeRow));
}

export function changeRow({ actor, subject, ...change }: NewChange) {
  const { id = newId(), before = null, after = null, refusal = null } = change;
  return {
    ...change,
    id,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectName: subject.name,
    before,
    after,
    refusal,
  };
}
