import { Busy, isUnavailable } from "@rollcall/db";
import type { ScimError } from "@rollcall/scim-protocol";
import type { Logger } from "pino";
import type { RefusalAnswer } from "./scim-error.ts";

/** The response to an error that was thrown: too many requests at once, a database that is away for now, or a fault of ours. */
export function toFault(
  { log }: { readonly log: Logger },
  cause: unknown,
  call: { readonly requestId: string; readonly method: string; readonly route: string },
): RefusalAnswer {
  if (cause instanceof Busy) return tooManyAtOnce;
  if (isUnavailable(cause)) {
    log.error({ fault: String(cause), ...call }, "The database could not serve a SCIM request.");
    return unavailable;
  }
  log.error({ err: cause, ...call }, "A SCIM call failed.");
  return internalError(call.requestId);
}

/** RFC 9110 section 15.6.4. Whether a write had its effect is not known where the connection was lost during its commit. */
const unavailable: RefusalAnswer = {
  status: 503,
  detail: "Rollcall is temporarily unavailable. Send this request again in a few seconds.",
  retryAfterS: 5,
};

const tooManyAtOnce: RefusalAnswer = {
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
