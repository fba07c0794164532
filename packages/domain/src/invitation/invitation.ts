import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isLinkOpen } from "../account/link-life.ts";
import { emailKey, isEmailAddress } from "../member/email-address.ts";
import type { Refusal } from "../rule-error.ts";

/** How long the link of an invitation works, in milliseconds: seven days. */
export const invitationMs = 7 * 86_400_000;

/** Why an invitation has ended; `provisioned`: the directory has added the person (AR-35). */
export const invitationEnds = ["accepted", "revoked", "provisioned"] as const;

export const invitationStates = ["open", "suspended", "expired", "ended"] as const;
export type InvitationState = (typeof invitationStates)[number];

/** `isSuspended`: it gives a built-in role, and its sender is no longer an owner. */
type InvitationLife = { readonly expiresAt: Date; readonly endedAt: Date | null; readonly isSuspended: boolean };

/** An invitation can be accepted while open; a suspended or expired one can be sent again. */
export function invitationState(invitation: InvitationLife, now: Date): InvitationState {
  if (invitation.endedAt !== null) return "ended";
  if (!isLinkOpen(invitation, now)) return "expired";
  return invitation.isSuspended ? "suspended" : "open";
}

/**
 * Checks whether an address may be invited. It must not belong to a member, active or not: a deactivated member does
 * not return by an invitation. `waiting` is the open invitation to the address; a suspended or expired one is replaced.
 */
export function invite(
  email: string,
  facts: { readonly isMember: boolean; readonly waiting: InvitationLife | null },
  now: Date,
): Result<void, Refusal<"emailMalformed" | "memberAlready" | "invitationPending">> {
  if (!isEmailAddress(email)) return err({ kind: "emailMalformed", email });
  if (facts.isMember) return err({ kind: "memberAlready", email });
  const isPending = facts.waiting !== null && invitationState(facts.waiting, now) === "open";
  return isPending ? err({ kind: "invitationPending", email }) : ok(undefined);
}

/** What is known when a link of an invitation is opened. */
export type InvitationFacts = InvitationLife & {
  readonly email: string;
  readonly isMember: boolean;
  /** The address of the signed-in account; null if there is none. */
  readonly signedInAs: string | null;
  readonly account: "none" | "withoutPassword" | "withPassword";
};

/**
 * What the link leads to: joining with the current account, creating an account, setting a first password, or signing
 * in.
 */
export type InvitationWay = "join" | "signUp" | "setPassword" | "signIn";

/** A link is valid for its own address only; a person with an account signs in to it first. */
export function openInvitation(
  facts: InvitationFacts,
  now: Date,
): Result<InvitationWay, Refusal<"linkEnded" | "invitationForOther" | "memberAlready">> {
  const { email, signedInAs, account } = facts;
  if (invitationState(facts, now) !== "open") return err({ kind: "linkEnded" });
  if (signedInAs !== null && emailKey(signedInAs) !== emailKey(email))
    return err({ kind: "invitationForOther", email });
  if (facts.isMember) return err({ kind: "memberAlready", email });
  if (signedInAs !== null) return ok("join");
  if (account === "none") return ok("signUp");
  return ok(account === "withoutPassword" ? "setPassword" : "signIn");
}
