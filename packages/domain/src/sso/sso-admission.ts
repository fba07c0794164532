import { err, ok, type Result } from "@rollcall/scim-protocol";
import type { SsoProblem } from "./sso-problem.ts";

/** The member whose account has the address in the assertion. */
export type AdmissionFacts = {
  readonly isActive: boolean;
  readonly awaitsAcceptance: boolean;
  readonly isDomainVerified: boolean;
};

/**
 * Checks whether the member may sign in, and whether the sign-in accepts the membership. An identity provider cannot
 * accept for a person of whom the organization has only the address; in a verified domain, it can. Null: no such
 * member. The reasons for having no active member are not told apart.
 */
export function admitBySso(
  member: AdmissionFacts | null,
): Result<{ readonly isAccepting: boolean }, Extract<SsoProblem, "noMember" | "notAccepted">> {
  if (member === null || !member.isActive) return err("noMember");
  if (member.awaitsAcceptance && !member.isDomainVerified) return err("notAccepted");
  return ok({ isAccepting: member.awaitsAcceptance });
}
