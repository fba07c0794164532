import { emailKey, invitationState } from "@rollcall/domain";
import type { At } from "../account/account-operation.ts";
import { accountByEmail } from "../account/account-row.ts";
import type { Database } from "../store/database.ts";
import { reachedLimit } from "../mail/asked-mail.ts";
import type { Queryable } from "../store/queryable.ts";
import { waitingInvitation } from "./invitation-row.ts";
import { resendInvitation, sendInvitation } from "./invitation-send.ts";

/**
 * Mails the links by which a person without an account accepts the memberships that await them, in the first five
 * organizations. A person with an account signs in to it and sees them there.
 */
export async function inviteAwaited(
  database: Database,
  input: { readonly email: string; readonly linkTo: (token: string) => string },
  at: At,
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
 * Mails the next person that a directory has added and who has to accept, once in 30 days for each organization, with or
 * without an account. Where a limit of mails is reached, they wait for an hour, and where it is that of the organization, all
 * of its people do. False: none is due.
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
  if (reached === undefined && !isInvited) {
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
 * The next member, of whatever organization, who is to be mailed; put off until `later` at once, so that no other process
 * mails them too, and that they are due again if this one fails.
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
