import { Busy } from "@rollcall/db";
import type { ScimError } from "@rollcall/scim-protocol";
import type { Logger } from "pino";
import type { RefusalAnswer } from "./scim-error.ts";

/** What was thrown: too many calls at once, or a fault of ours, which is logged. */
export function toFault(
  { log }: { readonly log: Logger },
  cause: unknown,
  call: { readonly requestId: string; readonly method: string; readonly route: string },
): RefusalAnswer {
  if (cause instanceof Busy) return tooManyAtOnce;
  log.error({ err: cause, ...call }, "A SCIM call failed.");
  return internalError(call.requestId);
}

export const tooManyAtOnce: RefusalAnswer = {
  status: 429,
  detail: "Too many requests of this organization are waiting already; nothing was done. Send fewer at a time.",
  retryAfterS: 2,
};

function internalError(requestId: string): ScimError {
  return {
    status: 500,
    detail: `Rollcall could not do this because of a fault of its own; please try again. Request ${requestId}.`,
  };
}
