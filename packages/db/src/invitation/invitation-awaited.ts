import { emailKey, invitationState } from "@rollcall/domain";
import { z } from "zod";
import type { At } from "../account/account-operation.ts";
import { accountByEmail } from "../account/account-row.ts";
import type { Database } from "../database.ts";
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
    const actor = { kind: "system", id: null, name: "Rollcall" } as const;
    const context = { organizationId, defaultRoleId: null, actor, ...at };
    const waiting = await waitingInvitation(database.sql, organizationId, key);
    const isOpen = waiting !== undefined && invitationState(waiting, at.now) === "open";
    await (isOpen
      ? resendInvitation(database, context, { id: waiting.id, linkTo: wish.linkTo })
      : sendInvitation(database, context, { ...wish, roleIds: [] }));
  }
}

const awaiting = {
  name: "invitation_awaited",
  text: `select organization_id as "organizationId" from member
    where user_name_key = $1 and awaits_acceptance and active and not is_deleted order by created_at, id limit 5`,
};
