import { isUnavailable, QueueFull } from "@rollcall/db";
import type { ScimError } from "@rollcall/scim-protocol";
import type { Logger } from "pino";
import type { ErrorResponse } from "./scim-error.ts";

/** The response to a thrown error: too many requests at once, an unavailable database, or an internal error. */
export function toFault(
  { log }: { readonly log: Logger },
  cause: unknown,
  request: { readonly requestId: string; readonly method: string; readonly route: string },
): ErrorResponse {
  if (cause instanceof QueueFull) return tooManyAtOnce;
  if (isUnavailable(cause)) {
    log.error({ fault: String(cause), ...request }, "The database could not serve a SCIM request.");
    return unavailable;
  }
  log.error({ err: cause, ...request }, "A SCIM request failed.");
  return internalError(request.requestId);
}

/** RFC 9110 section 15.6.4. When the connection is lost during a commit, it is unknown whether the write took effect. */
const unavailable: ErrorResponse = {
  status: 503,
  detail: "Rollcall is temporarily unavailable. Send this request again in a few seconds.",
  retryAfterS: 5,
};

export const tooManyAtOnce: ErrorResponse = {
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
