import type { RuleError } from "@rollcall/domain";

/** A refusal in one line for the operator: its kind and its facts, as JSON. */
export function refusalText(refusal: RuleError): string {
  const { kind, ...facts } = refusal;
  return Object.keys(facts).length === 0 ? kind : `${kind} ${JSON.stringify(facts)}`;
}
