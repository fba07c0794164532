import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

/**
 * Copies a member and their account that many times, as `person1@crowd.example` and on, without roles; returns the ids
 * of the copies. Once per database. For tests only.
 */
export async function addCrowd(sql: Queryable, memberId: string, count: number): Promise<readonly string[]> {
  await sql.query(await copyOf(sql, "account", "(select account_id from member where id = $1)"), [memberId, count]);
  const copies = await sql.query(await copyOf(sql, "member", "$1"), [memberId, count]);
  await sql.query({ name: "", text: "analyze" }, []);
  return copies.map((row) => z.object({ id: z.string() }).parse(row).id);
}

/** $1: the member; $2: the number of copies. */
async function copyOf(sql: Queryable, table: string, id: string): Promise<{ name: string; text: string }> {
  const found = await sql.query(columnsOf, [table]);
  const columns = found.map((row) => z.object({ name: z.string() }).parse(row).name);
  const values = columns.map(valueOf);
  const text = `insert into ${table} (${columns.join(", ")}) select ${values.join(", ")}
    from ${table} t, generate_series(1, $2::int) n where t.id = ${id} returning id`;
  return { name: "", text };
}

function valueOf(column: string): string {
  if (column === "id" || column === "account_id") return "('0198c0de-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid";
  if (column === "external_id") return "'external' || n";
  return /^(?:user_name|email)(?:_key)?$/.test(column) ? "'person' || n || '@crowd.example'" : `t.${column}`;
}

const columnsOf = {
  name: "",
  text: `select column_name as name from information_schema.columns
    where table_name = $1 and table_schema = current_schema() and is_generated = 'NEVER'`,
};
