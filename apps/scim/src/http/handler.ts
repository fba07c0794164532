import type { BoundedReads, Caller, CallerRefusal, ConcurrencyLimiter, Credential, Database } from "@rollcall/db";
import { err, type QuirkId, type Result, type ScimError } from "@rollcall/scim-protocol";
import { toCallerError } from "./authorization.ts";
import type { PageAnchors } from "./page-anchors.ts";
import type { ErrorResponse } from "./scim-error.ts";

/** One SCIM request, parsed as far as HTTP goes. Every query parameter occurs at most once. */
export type ScimRequest = {
  readonly now: Date;
  readonly requestId: string;
  /** The database share of the holder. */
  readonly database: Database;
  readonly credential: Credential;
  /** The organization, or the client address of a token that is not confirmed yet. */
  readonly holder: string;
  readonly baseUrl: string;
  readonly anchors: PageAnchors;
  readonly costlyReads: BoundedReads;
  /** For reads of many resources or group members. */
  readonly largeReads: ConcurrencyLimiter;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly method: string;
  /** The id in the path, or "" if the route has none. */
  readonly id: string;
  readonly body: unknown;
  /** The preconditions of RFC 9110 section 13.1, unparsed. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** Collects the tolerated known deviations for the request log: one set for everything the request does. */
  readonly quirks: Set<QuirkId>;
  readonly gate: Gate;
};

/** Admits each operation of a bulk request as if it were a request of its own. */
export type Gate = {
  /** The service's clock: each operation has its own time. */
  readonly now: () => Date;
  /** False once the client has closed the connection. */
  readonly isAwaited: () => boolean;
  /** True once the process is stopping. */
  readonly isStopping: () => boolean;
  /** Takes one of the token's requests of this second; returns an error when none is left. */
  readonly admit: () => Promise<ErrorResponse | undefined>;
  /** Logs an error that an operation threw; the response reveals only that it is an internal error. */
  readonly fault: (cause: unknown) => ErrorResponse;
};

export type Success = {
  readonly status: 200 | 201 | 204 | 304;
  readonly body?: object;
  readonly location?: string;
  /** The weak entity tag of the returned resource, including its quotes. */
  readonly etag?: string;
  /** Text for the request log, beside the status. */
  readonly note?: string;
};

/**
 * The result of a handler. `caller` is undefined when the handler refused before loading the caller: the token is then
 * checked before the error is sent, so that an invalid token reveals nothing.
 */
export type HandlerResult = {
  readonly caller?: Result<Caller, CallerRefusal>;
  readonly result: Result<Success, ErrorResponse>;
};

export type Handler = (request: ScimRequest) => Promise<HandlerResult>;

/** The result for a token that is refused. */
export function refuseCaller(refusal: CallerRefusal): HandlerResult {
  return { caller: err(refusal), result: err(toCallerError(refusal)) };
}

/** The result for an error in the request itself. */
export function refuse(error: ScimError): Promise<HandlerResult> {
  return Promise.resolve({ result: err(error) });
}
