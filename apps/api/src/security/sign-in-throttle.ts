import { formatCount } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { RuleRefusal } from "../errors/trpc-error.ts";
import type { SignInSource, SignInLimit } from "./sign-in-limit.ts";

/**
 * Runs a check of a password or a code, within the limit of that account and address. Each attempt is counted before it
 * is judged. A success clears all failures; a refusal other than a wrong password or code reverts only its own count,
 * so that a right password without a code does not reset the failures of the code.
 */
export async function throttleSignIn<T>(limit: SignInLimit, who: SignInSource, work: () => Promise<T>): Promise<T> {
  const outcome = await limit.attempt(who);
  if ("waitS" in outcome) throw tooMany("Too many failed sign-ins", outcome.waitS);
  try {
    const value = await work();
    await outcome.attempt.clear();
    return value;
  } catch (cause) {
    if (!isFailedAttempt(cause)) await outcome.attempt.undo();
    throw cause;
  }
}

export function tooMany(what: string, waitS: number): TRPCError {
  const message = `${what}. Try again in ${durationOf(waitS)}.`;
  return new TRPCError({ code: "TOO_MANY_REQUESTS", message });
}

/** Seconds up to two minutes, then whole minutes. */
function durationOf(seconds: number): string {
  return seconds <= 120 ? formatCount(seconds, "second") : formatCount(Math.ceil(seconds / 60), "minute");
}

const failedAttemptKinds: readonly string[] = ["signInWrong", "passwordWrong", "twoFactorWrong"];

function isFailedAttempt(cause: unknown): boolean {
  return (
    cause instanceof TRPCError &&
    cause.cause instanceof RuleRefusal &&
    failedAttemptKinds.includes(cause.cause.rule.kind)
  );
}
