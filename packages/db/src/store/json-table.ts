import { sql, type Expression } from "kysely";

type Values = { uuid: string; text: string; timestamptz: Date; integer: number; "text[]": string[] };
type Columns = readonly (readonly [name: string, type: keyof Values])[];
type Row<C extends Columns> = { readonly [E in C[number] as E[0]]: Values[E[1]] };

/** Rows that go over the wire as one JSON parameter, by `jsonOf`, as the table `alias` with these columns. */
export function jsonTable<C extends Columns, A extends string>(json: Expression<string>, columns: C, alias: A) {
  const list = sql.join(columns.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`));
  return sql<Row<C>>`jsonb_to_recordset(${json}::jsonb)`.as<A>(sql`${sql.ref(alias)} (${list})`);
}

/** Rows as the parameter of `jsonTable`: what it does not name is left out. */
export function jsonOf(rows: readonly object[], columns: Columns): string {
  const keys = columns.map(
    ([name]) => [name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name] as const,
  );
  return JSON.stringify(
    rows.map((row) =>
      Object.fromEntries(keys.map(([column, name]): [string, unknown] => [column, Reflect.get(row, name)])),
    ),
  );
}
