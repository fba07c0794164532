import type { BoundedReads, Caller, CallerRefusal, CallTime, Credential, Database, Turns } from "@rollcall/db";
import { err, type QuirkId, type Result, type ScimError } from "@rollcall/scim-protocol";
import { toCallerError } from "./authorization.ts";
import type { PageAnchors } from "./page-anchors.ts";
import type { RefusalAnswer } from "./scim-error.ts";

/** One SCIM call, parsed as far as HTTP goes. Every query parameter is there at most once. */
export type Call = CallTime & {
  /** The holder's share. */
  readonly database: Database;
  readonly credential: Credential;
  /** The organization, or the client address of a token that the database has not confirmed yet. */
  readonly holder: string;
  readonly baseUrl: string;
  readonly anchors: PageAnchors;
  readonly costlyReads: BoundedReads;
  /** Turns at reads of many resources or group members. */
  readonly largeReads: Turns;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly method: string;
  /** The id of the path, or "" where the route has none. */
  readonly id: string;
  readonly body: unknown;
  /** The preconditions of RFC 9110 section 13.1 as they were sent. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** Collects the provider's habits that were tolerated, for the request log: one set for all that one request does. */
  readonly quirks: Set<QuirkId>;
  readonly gate: Gate;
};

/** Lets each operation of a call with many (POST /Bulk) in as a call of its own would be. */
export type Gate = {
  /** The service's clock: each operation has its own time. */
  readonly now: () => Date;
  /** False once the client has closed the connection. */
  readonly isAwaited: () => boolean;
  /** True once the process is about to end. */
  readonly isStopping: () => boolean;
  /** Takes one of the token's requests of this second; a refusal if they are used up. */
  readonly admit: () => Promise<RefusalAnswer | undefined>;
  /** Logs what an operation threw; the answer says no more than that it is our fault. */
  readonly fault: (cause: unknown) => RefusalAnswer;
};

export type Success = {
  readonly status: 200 | 201 | 204 | 304;
  readonly body?: object;
  readonly location?: string;
  /** The weak entity-tag of the resource in the answer, quotes and all. */
  readonly etag?: string;
  /** What the request log says of the call beside its status. */
  readonly note?: string;
};

/**
 * What a handler found. `caller` is undefined where it refused before it asked the database: then the token is checked
 * before the refusal is told, so that nobody learns anything without a right token.
 */
export type Reply = {
  readonly caller?: Result<Caller, CallerRefusal>;
  readonly result: Result<Success, RefusalAnswer>;
};

export type Handler = (call: Call) => Promise<Reply>;

/** The answer to somebody who is not let in. */
export function notLetIn(refusal: CallerRefusal): Reply {
  return { caller: err(refusal), result: err(toCallerError(refusal)) };
}

/** A refusal that was found in the request itself. */
export function refuse(error: ScimError): Promise<Reply> {
  return Promise.resolve({ result: err(error) });
}
