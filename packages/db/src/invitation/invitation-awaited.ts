import { emailKey, invitationState } from "@rollcall/domain";
import { accountByEmail } from "../account/account-row.ts";
import type { Database } from "../store/database.ts";
import { reachedLimit } from "../mail/requested-mail.ts";
import type { Queryable } from "../store/queryable.ts";
import { waitingInvitation } from "./invitation-row.ts";
import { resendInvitation, sendInvitation } from "./invitation-send.ts";
import type { RequestStamp } from "../store/write-context.ts";

/**
 * Mails a person without an account the links to accept pending memberships, in the first five organizations. A person
 * with an account sees them after sign-in.
 */
export async function inviteAwaited(
  database: Database,
  input: { readonly email: string; readonly linkTo: (token: string) => string },
  at: RequestStamp,
): Promise<void> {
  const key = emailKey(input.email);
  if ((await accountByEmail(database.sql, key)) !== undefined) return;
  const awaiting = await database.sql.db
    .selectFrom("member")
    .where("userNameKey", "=", key)
    .where("awaitsAcceptance", "=", true)
    .where("active", "=", true)
    .where("isDeleted", "=", false)
    .select("organizationId")
    .orderBy("createdAt")
    .orderBy("id")
    .limit(5)
    .execute();
  for (const { organizationId } of awaiting) {
    const context = { organizationId, defaultRoleId: null, actor: rollcall, ...at };
    const waiting = await waitingInvitation(database.sql, organizationId, key);
    const isOpen = waiting !== undefined && invitationState(waiting, at.now) === "open";
    await (isOpen
      ? resendInvitation(database, context, { id: waiting.id, linkTo: input.linkTo, kind: "awaitedInvitation" })
      : sendInvitation(database, context, { ...input, roleIds: [], kind: "awaitedInvitation" }));
  }
}

/**
 * Mails the next person who was added by a directory and must accept, once in 30 days per organization, with or without
 * an account. When a mail limit is reached, the person waits for an hour, or for a day if it is the one of 30
 * days; if it is the organization's, all its people wait. False: none is due.
 */
export async function inviteNextAdded(
  database: Database,
  linkTo: (token: string) => string,
  now: Date,
): Promise<boolean> {
  const later = new Date(now.getTime() + 3_600_000);
  const due = await takeDue(database.sql, now, later);
  if (due === undefined) return false;
  const { organizationId, id, email } = due;
  const members = database.sql.db.updateTable("member").where("organizationId", "=", organizationId);
  const kind = "addedByDirectory";
  const reached = await reachedLimit(database.sql, { kind, recipient: email, organizationId, causeId: null }, now);
  if (reached?.scope === "recipient") return true;
  if (reached?.scope === "organization") {
    await members.set({ inviteAt: later }).where("inviteAt", "<=", now).execute();
    return true;
  }
  const waiting = await waitingInvitation(database.sql, organizationId, emailKey(email));
  const isInvited = waiting !== undefined && invitationState(waiting, now) === "open";
  if (!isInvited) {
    if (reached !== undefined) {
      const nextDay = new Date(now.getTime() + 86_400_000);
      await members.set({ inviteAt: nextDay }).where("id", "=", id).execute();
      return true;
    }
    const context = { organizationId, defaultRoleId: null, actor: rollcall, now, requestId: null };
    const sent = await sendInvitation(database, context, { email, roleIds: [], linkTo, kind });
    // Another process has reached the limit meanwhile.
    if (!sent.ok && sent.error.kind === "mailLimitReached") return true;
  }
  await members.set({ inviteAt: null }).where("id", "=", id).execute();
  return true;
}

const rollcall = { kind: "system", id: null, name: "Rollcall" } as const;

/**
 * The next member of any organization who is due for a mail; rescheduled to `later` at once, so that no other process
 * sends it too and a failed one is repeated.
 */
function takeDue({ db }: Queryable, now: Date, later: Date) {
  return db
    .with(
      (cte) => cte("due").materialized(),
      (cte) =>
        cte
          .selectFrom("member as m")
          .innerJoin("provisioning as p", "p.organizationId", "m.organizationId")
          .where("p.isEnabled", "=", true)
          .where("m.awaitsAcceptance", "=", true)
          .where("m.active", "=", true)
          .where("m.isDeleted", "=", false)
          .where("m.inviteAt", "<=", now)
          .select(["m.organizationId", "m.id"])
          .orderBy("m.inviteAt")
          .limit(1)
          .forUpdate(["m"])
          .skipLocked(),
    )
    .updateTable("member as m")
    .from("due")
    .set({ inviteAt: later })
    .whereRef("m.organizationId", "=", "due.organizationId")
    .whereRef("m.id", "=", "due.id")
    .returning(["m.organizationId", "m.id", "m.userName as email"])
    .executeTakeFirst();
}
