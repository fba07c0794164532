import { Busy, isUnavailable } from "@rollcall/db";
import { TRPCError } from "@trpc/server";

/** Why the same request may succeed later: the code and the status of the response, and a sentence for people. */
export type TemporaryProblem = {
  readonly code: "TOO_MANY_REQUESTS" | "SERVICE_UNAVAILABLE";
  readonly status: 429 | 503;
  readonly message: string;
};

/** Of every 503, in seconds. */
export const retryAfterS = 5;

const busy: TemporaryProblem = {
  code: "TOO_MANY_REQUESTS",
  status: 429,
  message: "Too many requests at once. Try again in a moment.",
};
/** It does not say that nothing was changed: nobody knows where the connection was lost during a commit. */
const unavailable: TemporaryProblem = {
  code: "SERVICE_UNAVAILABLE",
  status: 503,
  message: "Rollcall is temporarily unavailable. Try again in a few seconds.",
};

/** Undefined for any other error, a fault of ours included. */
export function temporaryProblemOf(cause: unknown): TemporaryProblem | undefined {
  if (cause instanceof Busy) return busy;
  return isUnavailable(cause) ? unavailable : undefined;
}

/** The same for the console's client; what is no such problem stays as it is. */
export function toTemporaryError(cause: unknown): unknown {
  const problem = temporaryProblemOf(cause);
  return problem === undefined ? cause : new TRPCError({ code: problem.code, message: problem.message, cause });
}
