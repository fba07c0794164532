import type { TRPCError } from "@trpc/server";

/** What the console gets of a refusal: a code and a sentence for the screen. */
export type Answer = { readonly code: TRPCError["code"]; readonly message: string };

export function badRequest(message: string): Answer {
  return { code: "BAD_REQUEST", message };
}

export function conflict(message: string): Answer {
  return { code: "CONFLICT", message };
}

export function notFound(message: string): Answer {
  return { code: "NOT_FOUND", message };
}

export function unmet(message: string): Answer {
  return { code: "PRECONDITION_FAILED", message };
}
