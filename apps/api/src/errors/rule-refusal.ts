import type { RuleError } from "@rollcall/domain";

/** Carries a refusal to the error formatter as the cause of a TRPCError. */
export class RuleRefusal extends Error {
  readonly rule: RuleError;

  constructor(rule: RuleError) {
    super(rule.kind);
    this.rule = rule;
  }
}

/** Names the fields of an input that was refused for another reason than its shape: sentence by field. */
export class FieldRefusal extends Error {
  readonly fieldErrors: Readonly<Record<string, string>>;

  constructor(fieldErrors: Readonly<Record<string, string>>) {
    super("fields");
    this.fieldErrors = fieldErrors;
  }
}
