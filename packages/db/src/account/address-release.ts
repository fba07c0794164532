import { emailKey, type Holder } from "@rollcall/domain";
import { z } from "zod";
import { recordChanges } from "../store/change-log.ts";
import type { Queryable } from "../store/queryable.ts";
import { endLinks } from "./link-end.ts";
import { endSessionsBut } from "../session/sessions.ts";

/** When an account loses its address, and through which organization, whose own log says it otherwise; null: through none. */
type Release = { readonly organizationId: string | null; readonly now: Date };

/**
 * Takes the address from an account, as another person has it now: password, second factor, recovery codes, links and
 * sessions end; memberships stay, and the owners of the other organizations read in their log that the person needs a new
 * address. False where the account has no address any more, or is in use otherwise than `holder` says. In a transaction.
 */
export async function releaseAddress(
  tx: Queryable,
  holder: Holder,
  { organizationId, now }: Release,
): Promise<boolean> {
  // A write that makes a member of the account at this moment has either done so and is seen, or finds no address.
  const held = await tx.query(hold, [holder.id]);
  if (held.length === 0 || (await isInUse(tx, holder.id)) !== holder.isInUse) return false;
  await endSessionsBut(tx, holder.id, null, now);
  const [row] = await tx.query(takeAddress, [holder.id, now]);
  const { email } = z.object({ email: z.string() }).parse(row);
  const members = (await tx.query(visibleElsewhere, [holder.id, organizationId])).map((one) => memberRow.parse(one));
  await recordChanges(
    tx,
    members.map((member) => ({
      organizationId: member.organizationId,
      at: now,
      requestId: null,
      actor: { kind: "system", id: null, name: "" },
      subject: { kind: "member", id: member.id, name: member.name },
      kind: "member.address_lost",
      before: { userName: email },
    })),
  );
  return true;
}

type Move = Release & { readonly accountId: string; readonly email: string };

/**
 * Takes the address from the account of another person that holds it: where nobody uses the account, and where the directory
 * that moves the address has removed that person and so would give it away by a POST as well (rule 5a). In a transaction.
 */
export async function freeAddress(tx: Queryable, move: Move): Promise<void> {
  const holder = await holderOf(tx, emailKey(move.email));
  if (holder === undefined || holder.id === move.accountId) return;
  const isFree =
    !holder.isInUse || (await tx.query(removedHere, [move.organizationId, holder.id, move.accountId])).length > 0;
  if (isFree) await releaseAddress(tx, holder, move);
}

/** The account that holds the address (`key`: as `emailKey` makes it), and whether a visible membership uses it. */
export async function holderOf(tx: Queryable, key: string): Promise<Holder | undefined> {
  const [row] = await tx.query(byKey, [key]);
  if (row === undefined) return undefined;
  const { id } = z.object({ id: z.string() }).parse(row);
  return { id, isInUse: await isInUse(tx, id) };
}

async function isInUse(tx: Queryable, accountId: string): Promise<boolean> {
  return (await tx.query(inUse, [accountId])).length > 0;
}

const memberRow = z.object({ organizationId: z.string(), id: z.string(), name: z.string() });

const hold = {
  name: "account_hold_address",
  text: "select 1 from account where id = $1 and email is not null for update",
};
const inUse = {
  name: "account_in_use",
  text: "select 1 from member where account_id = $1 and not is_deleted limit 1",
};
const byKey = { name: "account_holder", text: "select id from account where email_key = $1" };
const takeAddress = {
  name: "account_take_address",
  text: `with ${endLinks("$1", "$2")}, codes as (delete from recovery_code where account_id = $1),
    undos as (update email_challenge set ended_at = $2 where account_id = $1 and ended_at is null and is_undo)
    update account set former_email = email, email = null, email_key = null, address_proven_at = null, password_hash = null,
      password_changed_at = null, totp_secret = null, totp_confirmed_at = null, totp_last_step = null, updated_at = $2
    where id = $1 returning former_email as email`,
};
const visibleElsewhere = {
  name: "account_members_elsewhere",
  text: `select organization_id as "organizationId", id, name from member
    where account_id = $1 and organization_id is distinct from $2::uuid and not is_deleted order by organization_id`,
};
/** A directory moves an address only within domains that its organization has verified; $1 is null for anybody else. */
const removedHere = {
  name: "account_removed_here",
  text: `select 1 from member was join member m on m.organization_id = was.organization_id and m.account_id = $3
      and not m.is_deleted
    where was.organization_id = $1 and was.account_id = $2 and was.is_deleted
      and coalesce(was.last_external_id, was.external_id) <> m.external_id
      and not exists (select 1 from member own
        where own.organization_id = $1 and own.account_id = $2 and not own.is_deleted)
    limit 1`,
};
