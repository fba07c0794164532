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
import type { At } from "../account/account-operation.ts";
import { commonPasswords } from "../account/common-passwords.ts";
import { provesLink, readLink } from "../account/link-secret.ts";
import { readLocks } from "../account/member-lock.ts";
import { recordChanges } from "../store/change-log.ts";
import { inOrganization } from "../store/unit-of-work.ts";
import { provenByPassword, startSession, type Browser, type Session } from "../session/session.ts";
import type { Database } from "../store/database.ts";
import { newId } from "../store/id.ts";
import type { Queryable } from "../store/queryable.ts";
import { entryOf, type WriteContext } from "../store/write-context.ts";
import { accountOf, mayStartAnew, type Joiner } from "./invitation-account.ts";
import { joinByInvitation } from "./invitation-member.ts";
import { findInvitation, endInvitation, isMemberByEmail, type InvitationRow } from "./invitation-row.ts";

/** What the holder of a link sees before they accept. */
export type ShownInvitation = {
  readonly organizationName: string;
  readonly email: string;
  readonly invitedBy: string;
  readonly expiresAt: Date;
  readonly way: InvitationWay;
};

type LinkRefusal = Refusal<"linkEnded" | "invitationForOther" | "memberAlready">;

/** What a link leads to for whoever holds it. Unknown, used, withdrawn and old links are one and the same refusal. */
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

/** `name` and `password` are for whoever has no account yet; of an account without a password only the latter is taken. */
export type Acceptance = {
  readonly token: string;
  readonly name?: string | undefined;
  readonly password?: string | undefined;
};
type AcceptRefusal = LinkRefusal | Refusal<"passwordWeak">;

/**
 * Makes the holder of a link a member, with the roles of the invitation. Whoever has an account is signed in to it with
 * the invited address already; who has none makes one and is signed in. Returns where they are now, and the new
 * session's text, undefined for who was signed in before or has a second factor to show first.
 */
export async function acceptInvitation(
  database: Database,
  given: Acceptance,
  session: Session | undefined,
  browser: Browser,
  at: At,
): Promise<Result<{ readonly organizationId: string; readonly cookie: string | undefined }, AcceptRefusal>> {
  const found = await provenInvitation(database.sql, given.token);
  if (found === undefined) return err({ kind: "linkEnded" });
  const { organizationId, invitation } = found;
  const { email, id } = invitation;
  const joiner = session?.account ?? { id: newId(), email, name: given.name?.trim() ?? "" };
  const chosen =
    session === undefined ? choosePassword(given.password ?? "", joiner, await commonPasswords()) : ok(undefined);
  const actor = { kind: "person", id: joiner.id, name: joiner.name === "" ? email : joiner.name } as const;
  const context: WriteContext = { organizationId, defaultRoleId: null, actor, ...at };
  const attempt = {
    kind: "invitation.accepted",
    subject: { kind: "invitation", id, name: email },
    seesOthers: true,
  } as const;
  return inOrganization(
    database,
    context,
    attempt,
    async (tx): Promise<Result<{ organizationId: string; cookie: string | undefined }, AcceptRefusal>> => {
      const opened = openInvitation(await factsOf(tx, organizationId, await freshOf(tx, found), session), at.now);
      if (!opened.ok) return opened;
      // Who has an account signs in to it first: a link proves the address, not the person's password.
      if (opened.value === "signIn") return err({ kind: "invitationForOther", email });
      if (!chosen.ok) return chosen;
      const account = await accountOf(tx, { ...joiner, way: opened.value, password: given.password ?? "" }, at);
      if (account === undefined) return err({ kind: "invitationForOther", email });
      const joined = await join(tx, context, invitation, account);
      if (!joined.ok) return joined;
      const cookie = account.isSignedInHere
        ? await startSession(tx, { organizationId, accountId: account.id }, browser, at.now, {
            ...provenByPassword(at.now),
            method: "invitation",
          })
        : undefined;
      return ok({ organizationId, cookie });
    },
  );
}

/** Account, member, invitation: the order in which the directory adds somebody, so that neither waits in a circle. */
async function join(
  tx: Queryable,
  context: WriteContext,
  invitation: InvitationRow,
  account: Joiner,
): Promise<Result<void, Refusal<"linkEnded" | "memberAlready">>> {
  const { email, id, roleIds } = invitation;
  const { organizationId, now } = context;
  const actor = { kind: "person", id: account.id, name: account.name } as const;
  const joined = await joinByInvitation(tx, { ...context, actor }, account, roleIds);
  if (!joined.ok) return joined;
  const isEnded = await endInvitation(tx, { organizationId, id, reason: "accepted" }, now);
  if (!isEnded) return err({ kind: "linkEnded" });
  const subject = { kind: "invitation", id, name: email } as const;
  await recordChanges(tx, [{ ...entryOf({ ...context, actor }), kind: "invitation.accepted", subject }]);
  return ok(undefined);
}

type Found = { readonly organizationId: string; readonly invitation: InvitationRow };

async function provenInvitation(sql: Queryable, token: string): Promise<Found | undefined> {
  const link = readLink(token);
  if (link === undefined) return undefined;
  const invitation = await findInvitation(sql, link.ownerId, link.id);
  if (invitation === undefined || !provesLink(link, invitation.secretHash)) return undefined;
  return { organizationId: link.ownerId, invitation };
}

/** As it is under the organization's lock; one that was sent again meanwhile has another secret, and this one is over. */
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
  const { email, expiresAt, endedAt } = invitation;
  const key = emailKey(email);
  const account = await accountByEmail(sql, key);
  const signedInAs = session?.account.email ?? null;
  const isMember = await isMemberByEmail(sql, organizationId, key);
  return { email, expiresAt, endedAt, isMember, signedInAs, account: await kindOf(sql, account) };
}

/** Whose password a directory locks signs in, as if there were one: no invitation sets it. */
async function kindOf(sql: Queryable, account: AccountRow | undefined): Promise<InvitationFacts["account"]> {
  if (account === undefined) return "none";
  if (!mayStartAnew(account)) return "withPassword";
  const { changePassword } = await readLocks(sql, account.id, null);
  return changePassword === undefined ? "withoutPassword" : "withPassword";
}
