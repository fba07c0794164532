import { emailKey, invitationMs, invitationState, invite, type Refusal, type RuleError } from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { newLink } from "../account/link-secret.ts";
import { queueRequestedMail, type RequestedMail } from "../mail/requested-mail.ts";
import { mailTemplate, verbatim } from "../mail/mail-text.ts";
import { InvitationSchema, OrganizationSchema } from "../model/organization.ts";
import { findRole } from "../provisioning/provisioning-row.ts";
import type { Database } from "../store/database.ts";
import { inOrganization, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext } from "../store/write-context.ts";
import { endInvitation, findInvitation, isMemberByEmail, waitingInvitation } from "./invitation-row.ts";

/** `awaitedInvitation`: requested by the person; `addedByDirectory`: added by a directory, requested by nobody. */
type InvitationMailKind = Extract<RequestedMail["kind"], "invitation" | "awaitedInvitation" | "addedByDirectory">;

/** `linkTo`: builds the URL of a link; `kind`: by an owner if omitted. */
type Mailing = { readonly linkTo: (token: string) => string; readonly kind?: InvitationMailKind | undefined };

type Sending = Result<
  string,
  Refusal<"emailMalformed" | "memberAlready" | "invitationPending" | "roleNotFound" | "mailLimitReached">
>;

/**
 * Mails an invitation for seven days, with roles that are granted on acceptance; returns its id. Ends a
 * suspended or expired invitation to the same address. Role ids must be UUIDs.
 */
export function sendInvitation(
  database: Database,
  context: WriteContext,
  input: Mailing & { readonly email: string; readonly roleIds: readonly string[] },
): Promise<Sending> {
  const email = input.email.trim();
  const attempt = { kind: "invitation.sent", subject: { kind: "invitation", id: null, name: email } } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Sending> => {
    const { organizationId, actor, now } = uow;
    const key = emailKey(email);
    const waiting = (await waitingInvitation(uow, organizationId, key)) ?? null;
    const decided = invite(email, { isMember: await isMemberByEmail(uow, organizationId, key), waiting }, now);
    if (!decided.ok) return decided;
    const roleIds = [...new Set(input.roleIds)];
    const roles = await rolesOf(uow, roleIds);
    if (!roles.ok) return roles;
    if (waiting !== null) await endInvitation(uow, waiting.id, "revoked");
    const { id, hash: secretHash, text } = newLink(organizationId);
    uow.em.create(InvitationSchema, {
      organizationId,
      id,
      email,
      emailKey: key,
      roleIds,
      secretHash,
      invitedBy: actor.id,
      invitedByName: actor.name,
      createdAt: now,
      sentAt: now,
      expiresAt: expiryOf(now),
    });
    const mailed = await sendMail(uow, { email, link: input.linkTo(text), kind: input.kind });
    if (!mailed.ok) return mailed;
    uow.log({ ...attempt, subject: { ...attempt.subject, id }, after: { email, roles: roles.value } });
    return ok(id);
  });
}

/**
 * Sends an invitation again with a new secret for seven days: the former link stops working. It becomes the actor's;
 * sent by Rollcall itself, it keeps its sender, who must still be an owner for a built-in role.
 */
export function resendInvitation(
  database: Database,
  context: WriteContext,
  input: Mailing & { readonly id: string },
): Promise<Result<void, OpenRefusal | Refusal<"mailLimitReached">>> {
  return onInvitation(database, context, { id: input.id, kind: "invitation.resent" }, async (uow, email) => {
    const { organizationId, actor, now } = uow;
    const { id, hash: secretHash, text } = newLink(organizationId, input.id);
    const sender = actor.kind === "system" ? {} : { invitedBy: actor.id, invitedByName: actor.name };
    await uow.db
      .updateTable("invitation")
      .set({ secretHash, sentAt: now, expiresAt: expiryOf(now), ...sender })
      .where((eb) => eb.and({ organizationId, id, endedAt: null }))
      .execute();
    return sendMail(uow, { email, link: input.linkTo(text), kind: input.kind });
  });
}

/** Withdraws an invitation, expired or not: its link stops working immediately. */
export function revokeInvitation(
  database: Database,
  context: WriteContext,
  id: string,
): Promise<Result<void, OpenRefusal>> {
  return onInvitation(
    database,
    context,
    { id, kind: "invitation.revoked" },
    async (uow): Promise<Result<void, never>> => {
      await endInvitation(uow, id, "revoked");
      return ok(undefined);
    },
  );
}

type OpenRefusal = Refusal<"invitationNotFound" | "invitationNotOpen">;

function onInvitation<E extends RuleError>(
  database: Database,
  context: WriteContext,
  { id, kind }: { readonly id: string; readonly kind: "invitation.resent" | "invitation.revoked" },
  work: (uow: UnitOfWork, email: string) => Promise<Result<void, E>>,
): Promise<Result<void, E | OpenRefusal>> {
  const attempt = { kind, subject: { kind: "invitation", id, name: "" } } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Result<void, E | OpenRefusal>> => {
    const found = await findInvitation(uow, uow.organizationId, id);
    if (found === undefined) return err({ kind: "invitationNotFound", invitationId: id });
    const { email } = found;
    if (invitationState(found, uow.now) === "ended") return err({ kind: "invitationNotOpen", email });
    const worked = await work(uow, email);
    if (worked.ok) uow.log({ kind, subject: { ...attempt.subject, name: email } });
    return worked;
  });
}

async function rolesOf(
  uow: UnitOfWork,
  roleIds: readonly string[],
): Promise<Result<readonly string[], Refusal<"roleNotFound">>> {
  const names: string[] = [];
  for (const roleId of roleIds) {
    const role = await findRole(uow, uow.organizationId, roleId);
    if (role === null) return err({ kind: "roleNotFound", roleId });
    names.push(role.name);
  }
  return ok(names);
}

/** The link is a secret: it is stored only in the queue, until the mail is sent. */
async function sendMail(
  uow: UnitOfWork,
  { email, link, kind = "invitation" }: Pick<Mailing, "kind"> & { readonly email: string; readonly link: string },
): Promise<Result<void, Refusal<"mailLimitReached">>> {
  const { organizationId, actor, now } = uow;
  const { name } = await uow.em.findOneOrFail(OrganizationSchema, organizationId);
  const body =
    kind === "invitation"
      ? mailTemplate`Hello,\n\n${actor.name} invites you to ${name} on Rollcall. Accept here; the link works for seven days, once, and for ${verbatim(email)} only:\n\n${verbatim(link)}\n\nIf you weren't expecting this, ignore this email.\n`
      : mailTemplate`Hello,\n\nthe identity provider of ${name} has added ${verbatim(email)} as a member on Rollcall. ${name} has no access to an account of yours, and you have none to ${name}, until you accept. Accept here; the link works for seven days, once, and for this address only:\n\n${verbatim(link)}\n\nIf you have an account, you can also sign in and accept or decline there. If you weren't expecting this, ignore this email: you won't get a reminder.\n`;
  const subject = mailTemplate`Join ${name} on Rollcall`;
  return queueRequestedMail(uow, { kind, recipient: email, subject, body, organizationId, causeId: actor.id }, now);
}

const expiryOf = (now: Date): Date => new Date(now.getTime() + invitationMs);
