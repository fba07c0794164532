import { emailKey, invitationMs, invitationState, invite, type Refusal, type RuleError } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { z } from "zod";
import { newLink } from "../account/link-secret.ts";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { findRole } from "../provisioning/provisioning-row.ts";
import type { Database } from "../store/database.ts";
import { askForMail } from "../mail/asked-mail.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { invitationMail, type InvitationMailKind } from "./invitation-mail.ts";
import { endInvitation, findInvitation, isMemberByEmail, waitingInvitation } from "./invitation-row.ts";

/** `linkTo`: makes the address that a link's text is opened at; `kind`: by an owner where it is left out. */
type Mailing = { readonly linkTo: (token: string) => string; readonly kind?: InvitationMailKind };

type SendRefusal = Refusal<
  "emailMalformed" | "memberAlready" | "invitationPending" | "roleNotFound" | "mailLimitReached"
>;

/**
 * Invites somebody by mail, for seven days, with roles that are given on acceptance; returns the invitation's id. One
 * that has expired for the same address ends. Role ids must be UUIDs.
 */
export function sendInvitation(
  database: Database,
  context: WriteContext,
  wish: Mailing & { readonly email: string; readonly roleIds: readonly string[] },
): Promise<Result<string, SendRefusal>> {
  const email = wish.email.trim();
  const { organizationId, now } = context;
  const nobody = { kind: "invitation", id: null, name: email } as const;
  return inOrganization(
    database,
    context,
    { kind: "invitation.sent", subject: nobody },
    async (tx): Promise<Result<string, SendRefusal>> => {
      const key = emailKey(email);
      const waiting = (await waitingInvitation(tx, organizationId, key)) ?? null;
      const decided = invite(email, { isMember: await isMemberByEmail(tx, organizationId, key), waiting }, now);
      if (!decided.ok) return decided;
      const roles = await rolesOf(tx, organizationId, wish.roleIds);
      if (!roles.ok) return roles;
      if (waiting !== null) await endInvitation(tx, { organizationId, id: waiting.id, reason: "revoked" }, now);
      const link = newLink(organizationId);
      const values = [organizationId, link.id, email, key, [...new Set(wish.roleIds)], link.hash];
      await tx.query(insert, [...values, context.actor.id, context.actor.name, now, expiryOf(now)]);
      const mailed = await sendMail(tx, context, { email, link: wish.linkTo(link.text), kind: wish.kind });
      if (!mailed.ok) return mailed;
      const subject = { ...nobody, id: link.id };
      const after = { email, roles: roles.value };
      await recordChanges(tx, [{ ...entryOf(context), kind: "invitation.sent", subject, after }]);
      return ok(link.id);
    },
  );
}

/** Sends an invitation again, with a new secret and seven new days: the link of the former mail is dead. */
export function resendInvitation(
  database: Database,
  context: WriteContext,
  wish: Mailing & { readonly id: string },
): Promise<Result<void, Refusal<"invitationNotFound" | "invitationNotOpen" | "mailLimitReached">>> {
  return onInvitation(database, context, { id: wish.id, kind: "invitation.resent" }, async (tx, email) => {
    const link = newLink(context.organizationId, wish.id);
    const values = [context.organizationId, wish.id, link.hash, context.now, expiryOf(context.now)];
    await tx.query(renew, values);
    return sendMail(tx, context, { email, link: wish.linkTo(link.text), kind: wish.kind });
  });
}

/** Withdraws an invitation, expired or not: its link is dead at once. */
export function revokeInvitation(
  database: Database,
  context: WriteContext,
  id: string,
): Promise<Result<void, Refusal<"invitationNotFound" | "invitationNotOpen">>> {
  return onInvitation(
    database,
    context,
    { id, kind: "invitation.revoked" },
    async (tx): Promise<Result<void, never>> => {
      await endInvitation(tx, { organizationId: context.organizationId, id, reason: "revoked" }, context.now);
      return ok(undefined);
    },
  );
}

function onInvitation<E extends RuleError>(
  database: Database,
  context: WriteContext,
  act: { readonly id: string; readonly kind: "invitation.resent" | "invitation.revoked" },
  work: (tx: Queryable, email: string) => Promise<Result<void, E>>,
): Promise<Result<void, E | Refusal<"invitationNotFound" | "invitationNotOpen">>> {
  const { organizationId, now } = context;
  const { id, kind } = act;
  const nobody = { kind: "invitation", id, name: "" } as const;
  return inOrganization(
    database,
    context,
    { kind, subject: nobody },
    async (tx): Promise<Result<void, E | Refusal<"invitationNotFound" | "invitationNotOpen">>> => {
      const found = await findInvitation(tx, organizationId, id);
      if (found === undefined) return err({ kind: "invitationNotFound", invitationId: id });
      const { email } = found;
      if (invitationState(found, now) === "ended") return err({ kind: "invitationNotOpen", email });
      const worked = await work(tx, email);
      if (!worked.ok) return worked;
      await recordChanges(tx, [{ ...entryOf(context), kind, subject: { ...nobody, name: email } }]);
      return ok(undefined);
    },
  );
}

async function rolesOf(
  tx: Queryable,
  organizationId: string,
  roleIds: readonly string[],
): Promise<Result<readonly string[], Refusal<"roleNotFound">>> {
  const names: string[] = [];
  for (const roleId of new Set(roleIds)) {
    const role = await findRole(tx, organizationId, roleId);
    if (role === null) return err({ kind: "roleNotFound", roleId });
    names.push(role.name);
  }
  return ok(names);
}

async function sendMail(
  tx: Queryable,
  context: WriteContext,
  what: { readonly email: string; readonly link: string; readonly kind: InvitationMailKind | undefined },
): Promise<Result<void, Refusal<"mailLimitReached">>> {
  const [row] = await tx.query(nameOf, [context.organizationId]);
  const organizationName = z.object({ name: z.string() }).parse(row).name;
  const { organizationId, actor, now } = context;
  const { kind = "invitation" } = what;
  const content = invitationMail({ ...what, kind, organizationName, invitedBy: actor.name });
  return askForMail(tx, { ...content, kind, organizationId, causeId: actor.id }, now);
}

function expiryOf(now: Date): Date {
  return new Date(now.getTime() + invitationMs);
}

const insert = {
  name: "invitation_add",
  text: `insert into invitation (organization_id, id, email, email_key, role_ids, secret_hash, invited_by,
      invited_by_name, created_at, sent_at, expires_at) values ($1, $2, $3, $4, $5::uuid[], $6, $7, $8, $9, $9, $10)`,
};
const renew = {
  name: "invitation_renew",
  text: `update invitation set secret_hash = $3, sent_at = $4, expires_at = $5
    where organization_id = $1 and id = $2 and ended_at is null`,
};
const nameOf = { name: "invitation_organization", text: "select name from organization where id = $1" };
