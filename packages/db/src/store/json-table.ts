import { sql, type Expression } from "kysely";

type Values = { uuid: string; text: string; timestamptz: Date; integer: number; "text[]": string[]; jsonb: object };
type Columns = readonly (readonly [name: string, type: keyof Values])[];
type Row<C extends Columns> = { readonly [E in C[number] as E[0]]: Values[E[1]] };

/** Rows from one JSON parameter as the table `alias` with these columns; other properties of the rows are ignored. */
export function jsonTable<C extends Columns, A extends string>(json: Expression<string>, columns: C, alias: A) {
  // The JSON has property names, which `sql.ref` would turn into column names.
  const selected = columns.map(([name]) => sql`${sql.raw(`"${name}"`)} as ${sql.ref(name)}`);
  const types = columns.map(([name, type]) => `"${name}" ${type}`);
  const rows = sql`json_to_recordset(${json}::json) as entry (${sql.raw(types.join(", "))})`;
  return sql<Row<C>>`(select ${sql.join(selected)} from ${rows})`.as<A>(alias);
}
