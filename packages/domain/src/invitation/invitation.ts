import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isLinkOpen } from "../account/link-life.ts";
import { emailKey, isEmailAddress } from "../member/email-address.ts";
import type { Refusal } from "../rule-error.ts";

/** How long the link of an invitation works, in milliseconds: seven days. */
export const invitationMs = 7 * 86_400_000;

/** Why an invitation has ended; `provisioned`: the directory has added that person itself (AR-35). */
export const invitationEnds = ["accepted", "revoked", "provisioned"] as const;

export const invitationStates = ["open", "expired", "ended"] as const;
export type InvitationState = (typeof invitationStates)[number];

type InvitationLife = { readonly expiresAt: Date; readonly endedAt: Date | null };

/** What may still become of an invitation: it is accepted while open; an expired one can be sent again. */
export function invitationState(invitation: InvitationLife, now: Date): InvitationState {
  if (invitation.endedAt !== null) return "ended";
  return isLinkOpen(invitation, now) ? "open" : "expired";
}

/**
 * May somebody be invited to that address? Not who is in the organization, active or not: who was deactivated does not
 * come back by an invitation. `waiting` is the invitation to the address that has not ended; an expired one gives way.
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

/** Who holds a link of an invitation in their hands, and whether its address has an account that is signed in to. */
export type InvitationFacts = InvitationLife & {
  readonly email: string;
  readonly isMember: boolean;
  /** The address of whoever is signed in; null for nobody. */
  readonly signedInAs: string | null;
  readonly account: "none" | "withoutPassword" | "withPassword";
};

/** What the holder of a link may do with it: join as who they are, make an account, set a first password, or sign in. */
export type InvitationWay = "join" | "signUp" | "setPassword" | "signIn";

/** Which way does a link open? It is for its own address alone; who has an account signs in to it first. */
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
