import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openConsoleDatabase, type ConsoleDatabase } from "../testing/console-database.ts";
import { entities } from "./index.ts";

let home: ConsoleDatabase;
beforeAll(async () => {
  home = await openConsoleDatabase();
});
afterAll(() => home.close());

type Column = { readonly type: string; readonly isNullable: boolean };
const columnRow = z.object({ name: z.string(), type: z.string(), nullable: z.boolean() });

async function columnsInDatabase(table: string): Promise<Record<string, Column>> {
  const text = `select column_name as name, is_nullable = 'YES' as nullable, udt_name as type
    from information_schema.columns where table_schema = 'public' and table_name = $1`;
  const rows = (await home.database.sql.query({ name: "", text }, [table])).map((row) => columnRow.parse(row));
  return Object.fromEntries(rows.map(({ name, type, nullable }) => [name, { type, isNullable: nullable }]));
}

/** PostgreSQL's own names of types. */
const typeNames: Readonly<Record<string, string>> = {
  boolean: "bool",
  int: "int4",
  integer: "int4",
  bigint: "int8",
  "text[]": "_text",
  "uuid[]": "_uuid",
};

function columnsInModel(name: string): { readonly columns: Record<string, Column>; readonly key: readonly string[] } {
  const meta = home.database.em().getMetadata().getByClassName(name);
  const columns = meta.props.flatMap((prop) =>
    prop.fieldNames.map((field, place): [string, Column] => {
      const type = (prop.columnTypes[place] ?? "").replace(/\(\d+\)$/, "");
      return [field, { type: typeNames[type] ?? type, isNullable: prop.nullable === true }];
    }),
  );
  return { columns: Object.fromEntries(columns), key: meta.getPrimaryProps().flatMap((prop) => prop.fieldNames) };
}

async function keyInDatabase(table: string): Promise<readonly unknown[]> {
  const text = `select a.attname as name from pg_index x cross join unnest(x.indkey) with ordinality as k (number, place)
    join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.number
    where x.indrelid = $1::regclass and x.indisprimary and k.place <= x.indnkeyatts order by k.place`;
  return (await home.database.sql.query({ name: "", text }, [table])).map((row) => row["name"]);
}

// Guards the one model: what the services believe of a table is what the migrations have made of it.
describe("the model of", () => {
  test.each(entities.map(({ meta }) => [meta.className, meta.tableName]))(
    "%s has the columns, types, nullability and key of the table %s",
    async (name, table) => {
      const { columns, key } = columnsInModel(name);
      expect(Object.keys(columns).length).toBeGreaterThan(2);
      expect(columns).toEqual(await columnsInDatabase(table));
      expect(key).toEqual(await keyInDatabase(table));
    },
  );

  test("every table is in it", async () => {
    const text = `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name <> 'mikro_orm_migrations' order by 1`;
    const tables = (await home.database.sql.query({ name: "", text }, [])).map((row) => row["name"]);
    expect(entities.map(({ meta }) => meta.tableName).sort()).toEqual(tables);
  });
});
