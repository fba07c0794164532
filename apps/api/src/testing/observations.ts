import { listKeptMails, type Database } from "@rollcall/db";
import { z } from "zod";

/** The rule that refused a request, from `data.rule.kind`; undefined if no rule did. */
export function refusalOf(response: { readonly body: unknown }): string | undefined {
  const shape = z.object({ error: z.object({ data: z.object({ rule: z.object({ kind: z.string() }).optional() }) }) });
  return shape.parse(response.body).error.data.rule?.kind;
}

/** The row count of each table, to prove that nothing was written anywhere. */
export async function countRows(database: Database): Promise<Readonly<Record<string, number>>> {
  const ask = (text: string): ReturnType<Database["sql"]["query"]> => database.sql.query({ name: "", text }, []);
  const tables = await ask(`select table_name as name from information_schema.tables where table_schema = 'public'
    and table_name <> 'sign_in_attempt' order by 1`);
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const name = z.string().parse(table["name"]);
    const [row] = await ask(`select count(*)::int as count from "${name}"`);
    counts[name] = z.number().parse(row?.["count"]);
  }
  return counts;
}

/** The link in the newest email to that address that has one. */
export async function lastLink(database: Database, recipient: string): Promise<string> {
  const mails = await listKeptMails(database.sql);
  const tokens = mails
    .filter((mail) => mail.recipient.toLowerCase() === recipient.toLowerCase())
    .map(({ body }) => /[?&]token=(\S+)/.exec(body ?? "")?.[1]);
  const token = tokens.find((text) => text !== undefined);
  if (token === undefined) throw new Error(`The mails to ${recipient} have no link.`);
  return token;
}
