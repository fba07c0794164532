import type { Session } from "../session/session.ts";
import type { Queryable } from "../store/queryable.ts";

/** Names the account anew. What the organizations' rosters call the person is theirs, or the directory's. */
export async function renameAccount(sql: Queryable, session: Session, name: string, now: Date): Promise<void> {
  await sql.query(rename, [session.account.id, name, now]);
}

const rename = { name: "account_rename", text: "update account set name = $2, updated_at = $3 where id = $1" };
