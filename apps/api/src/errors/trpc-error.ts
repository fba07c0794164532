import { AccessEnded, isUnavailable, QueueFull } from "@rollcall/db";
import type { RuleError } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { errorMessageOf } from "./error-messages.ts";

/** Carries a refusal to the error formatter as the cause of a TRPCError. */
export class RuleRefusal extends Error {
  readonly rule: RuleError;

  constructor(rule: RuleError) {
    super(rule.kind);
    this.rule = rule;
  }
}

/** Names the fields of an input that was refused for a reason other than its shape: message by field. */
export class FieldRefusal extends Error {
  readonly fieldErrors: Readonly<Record<string, string>>;

  constructor(fieldErrors: Readonly<Record<string, string>>) {
    super("fields");
    this.fieldErrors = fieldErrors;
  }
}

/** A refusal as the console receives it: a code, a sentence for the screen, and the rule itself in `data.rule`. */
export function toTrpcError(refusal: RuleError): TRPCError {
  return new TRPCError({ ...errorMessageOf(refusal.kind, refusal), cause: new RuleRefusal(refusal) });
}

type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: RuleError };

/** The value of a result; throws its refusal. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw toTrpcError(result.error);
  return result.value;
}

/** Why the same request may succeed later: the code and the status of the response, and a sentence for people. */
export type TemporaryProblem = {
  readonly code: "TOO_MANY_REQUESTS" | "SERVICE_UNAVAILABLE";
  readonly status: 429 | 503;
  readonly message: string;
};

/** The Retry-After header of every 503, in seconds. */
export const retryAfterS = 5;

const busy: TemporaryProblem = {
  code: "TOO_MANY_REQUESTS",
  status: 429,
  message: "Too many requests at once. Try again in a moment.",
};
/** Does not claim that nothing was changed: a connection lost during a commit leaves that unknown. */
const unavailable: TemporaryProblem = {
  code: "SERVICE_UNAVAILABLE",
  status: 503,
  message: "Rollcall is temporarily unavailable. Try again in a few seconds.",
};

/** Undefined for any other error, including a fault of ours. */
export function temporaryProblemOf(cause: unknown): TemporaryProblem | undefined {
  if (cause instanceof QueueFull) return busy;
  return isUnavailable(cause) ? unavailable : undefined;
}

/** The TRPCError for a temporary problem, or for access that has ended; any other cause is returned unchanged. */
export function toTemporaryError(cause: unknown): unknown {
  if (cause instanceof AccessEnded) return new TRPCError({ code: "FORBIDDEN", message: cause.message, cause });
  const problem = temporaryProblemOf(cause);
  return problem === undefined ? cause : new TRPCError({ code: problem.code, message: problem.message, cause });
}
