import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { SsoProblem } from "./sso-problem.ts";

/** The member whose account has the address that the assertion names. */
export type AdmissionFacts = {
  readonly isActive: boolean;
  readonly awaitsAcceptance: boolean;
  /** Has the organization verified the domain of the address? */
  readonly isDomainVerified: boolean;
};

/**
 * May the member be signed in, and does the sign-in accept the membership? An identity provider cannot accept for a
 * person of whom the organization has only the address; where the address lies in a domain of its own, it can. Null: no
 * such member. Nobody is told which of the reasons it is that there is no active member.
 */
export function admitBySso(
  member: AdmissionFacts | null,
): Result<{ readonly isAccepting: boolean }, Extract<SsoProblem, "noMember" | "notAccepted">> {
  if (member === null || !member.isActive) return err("noMember");
  if (member.awaitsAcceptance && !member.isDomainVerified) return err("notAccepted");
  return ok({ isAccepting: member.awaitsAcceptance });
}
