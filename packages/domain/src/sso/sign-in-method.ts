import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { ProofKind, Refusal } from "../rule-error.ts";

/** How a session began: `sso` is the single sign-on of the session's own organization, no other's. */
export const signInMethods = ["password", "sso", "invitation"] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** The facts about a person and an organization's requirement of single sign-on. */
export type EntryFacts = {
  readonly organizationId: string;
  readonly organization: string;
  readonly isRequired: boolean;
  readonly isOwner: boolean;
  /** Is the person exempt from single sign-on? */
  readonly isExempt: boolean;
  /** An unaccepted membership gives no access, so it needs no protection. */
  readonly isAwaiting: boolean;
};

/**
 * Checks whether a person who did not use the organization's single sign-on may enter it. Owners always may (rule
 * AR-74).
 */
export function checkEntryWithoutSso(facts: EntryFacts): Result<void, Refusal<"ssoRequired">> {
  const { isRequired, isOwner, isExempt, isAwaiting, organization, organizationId } = facts;
  if (!isRequired || isOwner || isExempt || isAwaiting) return ok(undefined);
  return err({ kind: "ssoRequired", organization, organizationId });
}

/** Checks whether a member can be exempted from single sign-on. Owners need no exemption (rule AR-74). */
export function checkSsoExemption(member: {
  readonly name: string;
  readonly isOwner: boolean;
}): Result<void, Refusal<"ssoExemptionNeedless">> {
  return member.isOwner ? err({ kind: "ssoExemptionNeedless", name: member.name }) : ok(undefined);
}

/**
 * When a session was proven, by method; null: not by that. `ssoAt` is the identity provider's own time of the sign-in.
 */
export type SessionProofs = {
  readonly passwordAt: Date | null;
  readonly secondFactorAt: Date | null;
  readonly ssoAt: Date | null;
};

/** The oldest proof that allows a change of a credential or of a way to one (docs/design.md section 3, rule 17). */
export const proofMs = 10 * 60_000;

export function isProofFresh({ passwordAt, secondFactorAt, ssoAt }: SessionProofs, now: Date): boolean {
  return [passwordAt, secondFactorAt, ssoAt].some((at) => at !== null && now.getTime() - at.getTime() < proofMs);
}

/**
 * May a session change the account beyond the session's organization? The owner of an organization decides what its
 * identity provider says, so its sign-in counts in that organization alone; unless the organization has verified the
 * domain of the person's address, in which case it could read the person's email as well.
 */
export function speaksForAccount(
  session: { readonly method: SignInMethod; readonly passwordAt: Date | null },
  isDomainVerifiedHere: boolean,
): boolean {
  return session.method !== "sso" || session.passwordAt !== null || isDomainVerifiedHere;
}

/**
 * Checks whether a session may enter another organization of the person. It needs what the account requires,
 * independent of the organization of the sign-in: the password, and the second factor if it is on. `missing` is what is
 * still needed. Single sign-on that the other organization requires is checked first (`checkEntryWithoutSso`).
 */
export function checkEntryElsewhere(
  proofs: SessionProofs,
  isSecondFactorOn: boolean,
  organization: string,
): Result<void, Refusal<"entryUnproven">> {
  const missing: ProofKind[] = [];
  if (proofs.passwordAt === null) missing.push("password");
  if (isSecondFactorOn && proofs.secondFactorAt === null) missing.push("secondFactor");
  return missing.length === 0 ? ok(undefined) : err({ kind: "entryUnproven", organization, missing });
}
