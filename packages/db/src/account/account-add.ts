import { emailKey } from "@rollcall/domain";
import { z } from "zod";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { endMailedTo } from "./link-end.ts";

/** `id`: a new one where it is left out. */
type NewAccount = {
  readonly id?: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash?: string;
};

/**
 * Makes an account, and ends what was mailed to its address before (`endMailedTo`), with `endsInvitations` those of every
 * organization as well. Returns its id, undefined where another account has the address. In a transaction.
 */
export async function addAccount(
  tx: Queryable,
  { id = newId(), email, name, passwordHash }: NewAccount,
  { now, endsInvitations }: { readonly now: Date; readonly endsInvitations: boolean },
): Promise<string | undefined> {
  const values = [id, email, emailKey(email), name, passwordHash ?? null, now, endsInvitations];
  const [row] = await tx.query(insert, values);
  return row === undefined ? undefined : z.object({ id: z.string() }).parse(row).id;
}

const isMade = "exists (select 1 from made)";
const insert = {
  name: "account_add",
  text: `with made as (insert into account (id, email, email_key, name, password_hash, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $6) on conflict (email_key) do nothing returning id),
    ${endMailedTo("$3", "$6", { isGiven: isMade, isNew: `$7::boolean and ${isMade}` })}
    select id from made`,
};
