import { emailKey, invitationState } from "@rollcall/domain";
import { z } from "zod";
import type { At } from "../account/account-operation.ts";
import { accountByEmail } from "../account/account-row.ts";
import type { Database } from "../store/database.ts";
import { reachedLimit } from "../mail/asked-mail.ts";
import { waitingInvitation } from "./invitation-row.ts";
import { resendInvitation, sendInvitation } from "./invitation-send.ts";

/**
 * Mails the links by which a person without an account accepts the memberships that await them, in the first five
 * organizations. Whoever has an account signs in to it and sees them there.
 */
export async function inviteAwaited(
  database: Database,
  wish: { readonly email: string; readonly linkTo: (token: string) => string },
  at: At,
): Promise<void> {
  const key = emailKey(wish.email);
  if ((await accountByEmail(database.sql, key)) !== undefined) return;
  for (const row of await database.sql.query(awaiting, [key])) {
    const { organizationId } = z.object({ organizationId: z.string() }).parse(row);
    const context = { organizationId, defaultRoleId: null, actor: rollcall, ...at };
    const waiting = await waitingInvitation(database.sql, organizationId, key);
    const isOpen = waiting !== undefined && invitationState(waiting, at.now) === "open";
    await (isOpen
      ? resendInvitation(database, context, { id: waiting.id, linkTo: wish.linkTo, kind: "awaitedInvitation" })
      : sendInvitation(database, context, { ...wish, roleIds: [], kind: "awaitedInvitation" }));
  }
}

/**
 * Mails the next person whom a directory has added and who has to accept, once in 30 days for each organization, whether or
 * not they have an account. Where a limit of mails is reached, they wait for an hour, and with that of the organization
 * everybody else there. False: nobody is due.
 */
export async function inviteNextAdded(
  database: Database,
  linkTo: (token: string) => string,
  now: Date,
): Promise<boolean> {
  const later = new Date(now.getTime() + 3_600_000);
  const [row] = await database.sql.query(takeDue, [now, later]);
  if (row === undefined) return false;
  const { organizationId, id, email } = dueRow.parse(row);
  const kind = "addedByDirectory";
  const reached = await reachedLimit(database.sql, { kind, recipient: email, organizationId, causeId: null }, now);
  if (reached?.scope === "recipient") return true;
  if (reached?.scope === "organization") {
    await database.sql.query(putOff, [organizationId, now, later]);
    return true;
  }
  const waiting = await waitingInvitation(database.sql, organizationId, emailKey(email));
  const isInvited = waiting !== undefined && invitationState(waiting, now) === "open";
  if (reached === undefined && !isInvited) {
    const context = { organizationId, defaultRoleId: null, actor: rollcall, now, requestId: null };
    const sent = await sendInvitation(database, context, { email, roleIds: [], linkTo, kind });
    // Another process has reached the limit meanwhile.
    if (!sent.ok && sent.error.kind === "mailLimitReached") return true;
  }
  await database.sql.query(mailed, [organizationId, id]);
  return true;
}

const rollcall = { kind: "system", id: null, name: "Rollcall" } as const;
const dueRow = z.object({ organizationId: z.string(), id: z.string(), email: z.string() });

/** Put off at once, so that no other process mails the person too, and that they come up again if this one fails. */
const takeDue = {
  name: "member_invite_take",
  text: `with due as materialized (select m.organization_id, m.id from member m
      join provisioning p on p.organization_id = m.organization_id and p.is_enabled
      where m.invite_at <= $1 and m.awaits_acceptance and m.active and not m.is_deleted
      order by m.invite_at limit 1 for update of m skip locked)
    update member m set invite_at = $2 from due where m.organization_id = due.organization_id and m.id = due.id
    returning m.organization_id as "organizationId", m.id, m.user_name as email`,
};
const putOff = {
  name: "member_invite_put_off",
  text: "update member set invite_at = $3 where organization_id = $1 and invite_at <= $2",
};
const mailed = {
  name: "member_invited",
  text: "update member set invite_at = null where organization_id = $1 and id = $2",
};

const awaiting = {
  name: "invitation_awaited",
  text: `select organization_id as "organizationId" from member
    where user_name_key = $1 and awaits_acceptance and active and not is_deleted order by created_at, id limit 5`,
};
