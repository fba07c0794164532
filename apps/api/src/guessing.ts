import { TRPCError } from "@trpc/server";
import { RuleRefusal } from "./rule-refusal.ts";
import type { SignInLimit } from "./sign-in-limit.ts";

/**
 * Runs something that judges a password or a code, as often as the limit allows for that account and address. Each try is
 * counted before it is judged. What was right forgets all failures; a refusal that is no wrong guess takes back its own
 * count alone, so that who knows the password and asks without a code gets no further guesses at the code by that.
 */
export async function guarded<T>(limit: SignInLimit, email: string, ip: string, work: () => Promise<T>): Promise<T> {
  const waitS = await limit.attempt(email, ip);
  if (waitS !== undefined) throw tooMany("Too many failed sign-ins", waitS);
  try {
    const value = await work();
    await limit.forgive(email, ip);
    return value;
  } catch (cause) {
    if (!isWrongGuess(cause)) await limit.undo(email, ip);
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
