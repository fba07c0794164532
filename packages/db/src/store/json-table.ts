import { sql, type Expression } from "kysely";

type Values = { uuid: string; text: string; timestamptz: Date; integer: number; "text[]": string[] };
type Columns = readonly (readonly [name: string, type: keyof Values])[];
type Row<C extends Columns> = { readonly [E in C[number] as E[0]]: Values[E[1]] };

/** Rows that go over the wire as one JSON parameter, by `jsonOf`, as the table `alias` with these columns. */
export function jsonTable<C extends Columns, A extends string>(json: Expression<string>, columns: C, alias: A) {
  // In the JSON a column has the name of its property, which `sql.ref` would turn into that of the column.
  const selected = columns.map(([name]) => sql`${sql.raw(`"${name}"`)} as ${sql.ref(name)}`);
  const types = columns.map(([name, type]) => `"${name}" ${type}`);
  const rows = sql`jsonb_to_recordset(${json}::jsonb) as entry (${sql.raw(types.join(", "))})`;
  return sql<Row<C>>`(select ${sql.join(selected)} from ${rows})`.as<A>(alias);
}

/** Rows as the parameter of `jsonTable`: what it does not name is left out. */
export function jsonOf(rows: readonly object[], columns: Columns): string {
  return JSON.stringify(
    rows,
    columns.map(([name]) => name),
  );
}
