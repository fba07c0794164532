import { reasonOf, type RuleError } from "@rollcall/domain";

/** A refusal in one line for the operator: the reason in words, and its kind. */
export function refusalText(refusal: RuleError): string {
  return `${reasonOf(refusal.kind, refusal)} (${refusal.kind})`;
}
