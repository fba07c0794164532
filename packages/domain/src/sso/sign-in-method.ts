import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { Refusal } from "../rule-error.ts";

/** How a session began: `sso` is the single sign-on of the session's own organization, no other's. */
export const signInMethods = ["password", "sso", "invitation"] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** A person before the door of an organization, as far as its demand for single sign-on is concerned. */
export type EntryFacts = {
  readonly organizationId: string;
  readonly organization: string;
  /** Does the organization demand single sign-on? */
  readonly isRequired: boolean;
  readonly isOwner: boolean;
  /** Is the person on the owners' list of those who may use a password all the same? */
  readonly isExempt: boolean;
  /** A membership that nobody has accepted gives no access, so that there is nothing to keep somebody out of. */
  readonly isAwaiting: boolean;
};

/** May somebody who did not come by the organization's own single sign-on be in it? Owners always may (rule AR-74). */
export function enterWithoutSso(facts: EntryFacts): Result<void, Refusal<"ssoRequired">> {
  const { isRequired, isOwner, isExempt, isAwaiting, organization, organizationId } = facts;
  if (!isRequired || isOwner || isExempt || isAwaiting) return ok(undefined);
  return err({ kind: "ssoRequired", organization, organizationId });
}

/** May a member be let in with a password by name? Owners need not be (rule AR-74). */
export function exemptFromSso(member: {
  readonly name: string;
  readonly isOwner: boolean;
}): Result<void, Refusal<"ssoExemptionNeedless">> {
  return member.isOwner ? err({ kind: "ssoExemptionNeedless", name: member.name }) : ok(undefined);
}

/** When a session was proven, and by what; null: not by that. `ssoAt` is the identity provider's own time of the sign-in. */
export type SessionProofs = {
  readonly passwordAt: Date | null;
  readonly secondFactorAt: Date | null;
  readonly ssoAt: Date | null;
};

/** So long ago may the last proof be where a credential or a way to one is changed (docs/design.md section 3, rule 17). */
export const proofMs = 10 * 60_000;

/** Was anything proven within the last ten minutes? */
export function isProofFresh({ passwordAt, secondFactorAt, ssoAt }: SessionProofs, now: Date): boolean {
  return [passwordAt, secondFactorAt, ssoAt].some((at) => at !== null && now.getTime() - at.getTime() < proofMs);
}

/** What can be asked of a person who is signed in. */
export type ProofKind = "password" | "secondFactor";

/**
 * May a session reach what belongs to the account beyond the session's organization? Whoever owns an organization decides
 * what its identity provider says, so its sign-in holds in that organization alone; unless the organization has verified
 * the domain of the person's address, in which case it could read the person's mail as well.
 */
export function speaksForAccount(
  session: { readonly method: SignInMethod; readonly passwordAt: Date | null },
  isDomainVerifiedHere: boolean,
): boolean {
  return session.method !== "sso" || session.passwordAt !== null || isDomainVerifiedHere;
}

/**
 * May a session lead into another organization of the person? It asks for what the account demands, whichever
 * organization signed the person in: the password, and the second factor where it is on. `missing` is what has yet to be
 * given. Single sign-on that the other organization requires comes first (`enterWithoutSso`).
 */
export function enterElsewhere(
  proofs: SessionProofs,
  isSecondFactorOn: boolean,
  organization: string,
): Result<void, Refusal<"entryUnproven">> {
  const missing: ProofKind[] = [];
  if (proofs.passwordAt === null) missing.push("password");
  if (isSecondFactorOn && proofs.secondFactorAt === null) missing.push("secondFactor");
  return missing.length === 0 ? ok(undefined) : err({ kind: "entryUnproven", organization, missing });
}
