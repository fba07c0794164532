import {
  choosePassword,
  emailKey,
  openInvitation,
  type InvitationFacts,
  type InvitationWay,
  type Refusal,
} from "@rollcall/domain";
import { err, ok, type Result } from "@rollcall/scim-protocol";
import { accountByEmail, type AccountRow } from "../account/account-row.ts";
import { commonPasswords } from "../account/common-passwords.ts";
import { provesLink, readLink } from "../account/link-secret.ts";
import { readLocks } from "../account/member-lock.ts";
import { provenByPassword, startSession, type Browser, type Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { inOrganization, unitOf, type UnitOfWork } from "../store/unit-of-work.ts";
import type { WriteContext, RequestStamp } from "../store/write-context.ts";
import { accountOf, mayStartAnew, type Joiner } from "./invitation-account.ts";
import { joinByInvitation } from "./invitation-member.ts";
import { findInvitation, endInvitation, isMemberByEmail, type InvitationRow } from "./invitation-row.ts";

/** The invitation as shown to the holder of its link. */
export type ShownInvitation = {
  readonly organizationName: string;
  readonly email: string;
  readonly invitedBy: string;
  readonly expiresAt: Date;
  readonly way: InvitationWay;
};

type LinkRefusal = Refusal<"linkEnded" | "invitationForOther" | "memberAlready">;

/** The invitation of a link. Unknown, used, withdrawn and expired links get the same refusal. */
export async function readInvitation(
  database: Database,
  token: string,
  session: Session | undefined,
  now: Date,
): Promise<Result<ShownInvitation, LinkRefusal>> {
  const found = await provenInvitation(database.sql, token);
  if (found === undefined) return err({ kind: "linkEnded" });
  const { organizationId, invitation } = found;
  const opened = openInvitation(await factsOf(database.sql, organizationId, invitation, session), now);
  if (!opened.ok) return opened;
  const { organizationName, email, invitedByName: invitedBy, expiresAt } = invitation;
  return ok({ organizationName, email, invitedBy, expiresAt, way: opened.value });
}

/** `name` and `password`: for a new account; an account without a password takes only the password. */
export type Acceptance = {
  readonly token: string;
  readonly name?: string | undefined;
  readonly password?: string | undefined;
};
type Entered = { readonly organizationId: string; readonly cookie: string | undefined };
type Accepting = Result<Entered, LinkRefusal | Refusal<"passwordWeak">>;

/**
 * Makes the holder of a link a member, with the roles of the invitation. A person with an account must be signed in to
 * it with the invited address; a person without one gets one and is signed in. Returns the organization and the text of
 * the new session, undefined if the person was signed in before or has a second factor.
 */
export async function acceptInvitation(
  database: Database,
  given: Acceptance,
  session: Session | undefined,
  browser: Browser,
  at: RequestStamp,
): Promise<Accepting> {
  const found = await provenInvitation(database.sql, given.token);
  if (found === undefined) return err({ kind: "linkEnded" });
  const { organizationId, invitation } = found;
  const { email, id } = invitation;
  const joiner = session?.account ?? { id: newId(), email, name: given.name?.trim() ?? "" };
  const password = given.password ?? "";
  const chosen = session === undefined ? choosePassword(password, joiner, await commonPasswords()) : ok(undefined);
  const actor = { kind: "person", id: joiner.id, name: joiner.name === "" ? email : joiner.name } as const;
  const context: WriteContext = { organizationId, defaultRoleId: null, actor, ...at };
  const subject = { kind: "invitation", id, name: email } as const;
  const attempt = { kind: "invitation.accepted", subject, seesOthers: true } as const;
  return inOrganization(database, context, attempt, async (uow): Promise<Accepting> => {
    const opened = openInvitation(await factsOf(uow, organizationId, await freshOf(uow, found), session), at.now);
    if (!opened.ok) return opened;
    // A person with an account must sign in first: a link proves the address, not the password.
    if (opened.value === "signIn") return err({ kind: "invitationForOther", email });
    if (!chosen.ok) return chosen;
    const account = await accountOf(uow, { ...joiner, way: opened.value, password });
    if (account === undefined) return err({ kind: "invitationForOther", email });
    const joined = await join(uow, invitation, account);
    if (!joined.ok) return joined;
    if (!account.isSignedInHere) return ok({ organizationId, cookie: undefined });
    const proven = { ...provenByPassword(at.now), method: "invitation" } as const;
    const cookie = await startSession(uow, { organizationId, accountId: account.id }, browser, at.now, proven);
    return ok({ organizationId, cookie });
  });
}

/** Locks account, member and invitation in the order in which SCIM writes lock them, to avoid deadlocks. */
async function join(
  uow: UnitOfWork,
  { email, id, roleIds }: InvitationRow,
  account: Joiner,
): Promise<Result<void, Refusal<"linkEnded" | "memberAlready">>> {
  const theirs = unitOf(uow, { ...uow, actor: { kind: "person", id: account.id, name: account.name } });
  const joined = await joinByInvitation(theirs, account, roleIds);
  if (!joined.ok) return joined;
  if (!(await endInvitation(theirs, id, "accepted"))) return err({ kind: "linkEnded" });
  theirs.log({ kind: "invitation.accepted", subject: { kind: "invitation", id, name: email } });
  return joined;
}

type Found = { readonly organizationId: string; readonly invitation: InvitationRow };

async function provenInvitation(sql: Queryable, token: string): Promise<Found | undefined> {
  const link = readLink(token);
  if (link === undefined) return undefined;
  const invitation = await findInvitation(sql, link.ownerId, link.id);
  if (invitation === undefined || !provesLink(link, invitation.secretHash)) return undefined;
  return { organizationId: link.ownerId, invitation };
}

/** Read again under the organization's lock: if it was resent meanwhile, this link has ended. */
async function freshOf(tx: Queryable, { organizationId, invitation }: Found): Promise<InvitationRow> {
  const fresh = await findInvitation(tx, organizationId, invitation.id);
  const isSame = fresh !== undefined && fresh.secretHash.equals(invitation.secretHash);
  return isSame ? fresh : { ...invitation, expiresAt: new Date(0) };
}

async function factsOf(
  sql: Queryable,
  organizationId: string,
  invitation: InvitationRow,
  session: Session | undefined,
): Promise<InvitationFacts> {
  const { email, expiresAt, endedAt, isSuspended } = invitation;
  const key = emailKey(email);
  const account = await accountByEmail(sql, key);
  const signedInAs = session?.account.email ?? null;
  const isMember = await isMemberByEmail(sql, organizationId, key);
  return { email, expiresAt, endedAt, isSuspended, isMember, signedInAs, account: await kindOf(sql, account) };
}

/** A person with a locked password signs in as if there were one: an invitation cannot set it. */
async function kindOf(sql: Queryable, account: AccountRow | undefined): Promise<InvitationFacts["account"]> {
  if (account === undefined) return "none";
  if (!mayStartAnew(account)) return "withPassword";
  const { changePassword } = await readLocks(sql, account.id, null);
  return changePassword === undefined ? "withoutPassword" : "withPassword";
}
