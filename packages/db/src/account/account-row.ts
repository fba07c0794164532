import { z } from "zod";
import { belongsTo } from "../member/member-row.ts";
import type { Queryable } from "../store/queryable.ts";

/** An account, as its own person may see it, and what proves who it is. */
export type AccountRow = z.infer<typeof accountRow>;

const accountRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  passwordHash: z.string().nullable(),
  passwordChangedAt: z.date().nullable(),
  /** Encrypted (`SecretBox`). */
  totpSecret: z.string().nullable(),
  totpConfirmedAt: z.date().nullable(),
  totpLastStep: z.coerce.number().nullable(),
  /** Is the person an active member anywhere, accepted or not? Without that, no door of the account opens. */
  hasAccess: z.boolean(),
  /** Has it a visible membership anywhere, active or not? Without one it holds its address against nobody. */
  isInUse: z.boolean(),
});

const columns = `a.id, a.email, a.name, a.password_hash as "passwordHash", a.password_changed_at as "passwordChangedAt",
  a.totp_secret as "totpSecret", a.totp_confirmed_at as "totpConfirmedAt", a.totp_last_step as "totpLastStep",
  exists (select 1 from member m where ${belongsTo} and m.active and not m.is_deleted) as "hasAccess",
  exists (select 1 from member m where m.account_id = a.id and not m.is_deleted) as "isInUse"`;

/** An account that has lost its address is nobody's to act on. */
const byId = {
  name: "account_row",
  text: `select ${columns} from account a where a.id = $1 and a.email is not null`,
};
const byIdHeld = { name: "account_row_held", text: `${byId.text} for no key update` };
const byEmail = { name: "account_row_by_email", text: `select ${columns} from account a where a.email_key = $1` };

export async function readAccount(sql: Queryable, accountId: string): Promise<AccountRow | undefined> {
  return parsed(await sql.query(byId, [accountId]));
}

/** The account, held for the rest of the transaction: what is decided on it is decided once. */
export async function holdAccount(tx: Queryable, accountId: string): Promise<AccountRow | undefined> {
  return parsed(await tx.query(byIdHeld, [accountId]));
}

/** `key` is the folded address (`emailKey`). */
export async function accountByEmail(sql: Queryable, key: string): Promise<AccountRow | undefined> {
  return parsed(await sql.query(byEmail, [key]));
}

function parsed([row]: readonly Record<string, unknown>[]): AccountRow | undefined {
  return row === undefined ? undefined : accountRow.parse(row);
}
