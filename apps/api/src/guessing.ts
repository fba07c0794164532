import { TRPCError } from "@trpc/server";
import { RuleRefusal } from "./rule-refusal.ts";
import type { SignInLimit } from "./sign-in-limit.ts";

/**
 * Runs something that judges a password or a code, as often as the limit allows for that account and address. Each try is
 * counted before it is judged; what was right takes the count back, and so does a refusal that is no wrong guess.
 */
export async function guarded<T>(limit: SignInLimit, email: string, ip: string, work: () => Promise<T>): Promise<T> {
  const waitS = await limit.attempt(email, ip);
  if (waitS !== undefined) throw tooMany("Too many failed sign-ins", waitS);
  try {
    const value = await work();
    await limit.forgive(email, ip);
    return value;
  } catch (cause) {
    if (!isWrongGuess(cause)) await limit.forgive(email, ip);
    throw cause;
  }
}

export function tooMany(what: string, waitS: number): TRPCError {
  const message = `${what}. Try again in ${waitS} ${waitS === 1 ? "second" : "seconds"}.`;
  return new TRPCError({ code: "TOO_MANY_REQUESTS", message });
}

const wrongGuesses: readonly string[] = ["signInWrong", "passwordWrong", "twoFactorWrong"];

function isWrongGuess(cause: unknown): boolean {
  return (
    cause instanceof TRPCError && cause.cause instanceof RuleRefusal && wrongGuesses.includes(cause.cause.rule.kind)
  );
}
