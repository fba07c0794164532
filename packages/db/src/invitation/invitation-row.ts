import { z } from "zod";
import type { Queryable } from "../store/queryable.ts";

const shape = z.object({
  id: z.string(),
  email: z.string(),
  roleIds: z.array(z.string()),
  secretHash: z.instanceof(Buffer),
  invitedByName: z.string(),
  expiresAt: z.date(),
  endedAt: z.date().nullable(),
  organizationName: z.string(),
});
export type InvitationRow = z.infer<typeof shape>;

/** The invitation of that id, whatever its state, or undefined. `id` must be a UUID. */
export async function findInvitation(
  sql: Queryable,
  organizationId: string,
  id: string,
): Promise<InvitationRow | undefined> {
  const [row] = await sql.query(byId, [organizationId, id]);
  return row === undefined ? undefined : shape.parse(row);
}

/** The invitation to that address that has not ended, expired or not. */
export async function waitingInvitation(
  sql: Queryable,
  organizationId: string,
  key: string,
): Promise<InvitationRow | undefined> {
  const [row] = await sql.query(byEmail, [organizationId, key]);
  return row === undefined ? undefined : shape.parse(row);
}

/**
 * Is there a member, active or not, of this userName or with this account's address? An active one whose acceptance is
 * awaited accepts by an invitation.
 */
export async function isMemberByEmail(sql: Queryable, organizationId: string, key: string): Promise<boolean> {
  const [row] = await sql.query(memberByEmail, [organizationId, key]);
  return z.object({ isMember: z.boolean() }).parse(row).isMember;
}

/** Ends an invitation that has not ended; false where somebody else was faster. */
export async function endInvitation(
  tx: Queryable,
  what: { readonly organizationId: string; readonly id: string; readonly reason: "accepted" | "revoked" },
  now: Date,
): Promise<boolean> {
  const ended = await tx.query(end, [what.organizationId, what.id, now, what.reason]);
  return ended.length > 0;
}

const columns = `i.id, i.email, i.role_ids as "roleIds", i.secret_hash as "secretHash",
  i.invited_by_name as "invitedByName", i.expires_at as "expiresAt", i.ended_at as "endedAt",
  o.name as "organizationName"`;
const source = "from invitation i join organization o on o.id = i.organization_id where i.organization_id = $1";

const byId = { name: "invitation_by_id", text: `select ${columns} ${source} and i.id = $2` };
const byEmail = {
  name: "invitation_by_email",
  text: `select ${columns} ${source} and i.email_key = $2 and i.ended_at is null`,
};
const memberByEmail = {
  name: "invitation_member_by_email",
  text: `select exists (select 1 from member m where m.organization_id = $1 and m.user_name_key = $2 and not m.is_deleted
        and not (m.awaits_acceptance and m.active))
      or exists (select 1 from account a join member m on m.organization_id = $1 and m.account_id = a.id
        where a.email_key = $2 and not m.is_deleted) as "isMember"`,
};
const end = {
  name: "invitation_end",
  text: `update invitation set ended_at = $3, end_reason = $4
    where organization_id = $1 and id = $2 and ended_at is null returning id`,
};
