import { randomUUID } from "node:crypto";
import type { Caller, CallerRefusal, Credential } from "@rollcall/db";
import { err, normalizeAddress, ok, type QuirkId, type Result } from "@rollcall/scim-protocol";
import type { Request, Response } from "express";
import { readAuthorization, toCallerError } from "./authorization.ts";
import { addressOf, callerOf, holderOf, tooManyUnknown } from "./confirmation.ts";
import type { ScimRequest, Gate, Handler, HandlerResult } from "./handler.ts";
import { recordRequest } from "./request-entry.ts";
import { toFault, tooManyAtOnce } from "./fault.ts";
import { isLarge, withoutStreams } from "./json-stream.ts";
import { parseQueryString } from "./query-string.ts";
import type { ErrorResponse } from "./scim-error.ts";
import { sendError, sendPieces, sendSuccess, type Large } from "./send.ts";
import type { Service } from "./service.ts";

/** The start time, id, route and known deviations of a request in progress. */
type RequestTrace = {
  readonly startedMs: number;
  readonly requestId: string;
  readonly route: string;
  readonly quirks: Set<QuirkId>;
  /** False: its organization is not looked up for the log, because too many tokens are unknown. */
  readonly isNoted: boolean;
};

/**
 * Responds to one request: authorization, parameters, handler, SCIM JSON, logs. `handler` may be an error found earlier
 * (unknown path, wrong method, unreadable body); that error, too, is sent only for a valid token.
 */
export async function respond(
  service: Service,
  req: Request,
  res: Response,
  route: string,
  handler: Handler | ErrorResponse,
): Promise<void> {
  const quirks = new Set<QuirkId>();
  // The router has normalized its own copy of the address already.
  normalizeAddress(req.originalUrl, quirks);
  const trace = { startedMs: performance.now(), requestId: randomUUID(), route, quirks, isNoted: true };
  res.setHeader("x-request-id", trace.requestId);
  const credential = readAuthorization(req.headers.authorization, quirks);
  const tooMany = await tooManyUnknown(service, req, credential);
  if (!credential.ok) {
    await service.unknownTokens.note(addressOf(req));
    return finish(service, req, res, { ...trace, isNoted: tooMany === undefined }, { result: credential });
  }
  if (tooMany !== undefined) return finish(service, req, res, { ...trace, isNoted: false }, { result: err(tooMany) });
  const limited = await service.rateLimit(credential.value);
  if (limited !== undefined) {
    finish(service, req, res, trace, { result: err(limited) }, credential.value);
    return;
  }
  try {
    const now = service.now();
    const handled = await handle(service, req, credential.value, { now, requestId: trace.requestId, quirks }, handler);
    const caller = handled.caller ?? (await callerOf(service, req, credential.value, now));
    service.tokens.learn(credential.value, caller);
    if (!caller.ok && caller.error.kind === "tokenUnknown") await service.unknownTokens.note(addressOf(req));
    const result = caller.ok ? handled.result : err(toCallerError(caller.error));
    const body = result.ok ? result.value.body : undefined;
    if (result.ok && body !== undefined && isLarge(body))
      await finishInPieces(service, req, res, trace, {
        holder: holderOf(service, req, credential.value),
        caller,
        sent: { ...result.value, body },
      });
    else finish(service, req, res, trace, { caller, result });
  } catch (cause) {
    const error = toFault(service, cause, { requestId: trace.requestId, method: req.method, route });
    finish(service, req, res, trace, { result: err(error) }, credential.value);
  }
}

function handle(
  service: Service,
  req: Request,
  credential: Credential,
  at: Pick<ScimRequest, "now" | "requestId" | "quirks">,
  handler: Handler | ErrorResponse,
): Promise<HandlerResult> {
  if (typeof handler !== "function") return Promise.resolve({ result: err(handler) });
  const query = parseQueryString(req.url, at.quirks);
  if (!query.ok) return Promise.resolve({ result: query });
  const { database, publicUrl, anchors, costlyReads, largeReads } = service;
  const holder = holderOf(service, req, credential);
  const id = typeof req.params["id"] === "string" ? req.params["id"] : "";
  const request: ScimRequest = {
    ...at,
    database: database.shareOf(holder),
    credential,
    holder,
    baseUrl: publicUrl,
    anchors,
    costlyReads,
    largeReads,
    method: req.method,
    query: query.value,
    id,
    body: req.body,
    ifMatch: req.headers["if-match"],
    ifNoneMatch: req.headers["if-none-match"],
    gate: gateOf(service, req, credential, at.requestId),
  };
  return handler(request);
}

function gateOf(service: Service, req: Request, credential: Credential, requestId: string): Gate {
  return {
    now: service.now,
    isAwaited: () => !req.socket.destroyed,
    isStopping: service.isStopping,
    admit: () => service.rateLimit(credential),
    fault: (cause) => toFault(service, cause, { requestId, method: req.method, route: "an operation" }),
  };
}

/**
 * Sends the response and logs the request. `unchecked`: the token of a request that ended before its token was checked.
 */
function finish(
  service: Service,
  req: Request,
  res: Response,
  trace: RequestTrace,
  handled: HandlerResult,
  unchecked?: Credential,
): void {
  const { result } = handled;
  if (result.ok) sendSuccess(res, result.value);
  else sendError(res, result.error);
  note(service, req, trace, handled, unchecked);
}

type Sent = { readonly holder: string; readonly caller: Result<Caller, CallerRefusal>; readonly sent: Large };

/**
 * The same for a large body, for which the client holds a slot of its organization while it reads it. Without a slot, a
 * read is refused; a write is done already, so its response leaves out the lists that are not in memory.
 */
async function finishInPieces(
  service: Service,
  req: Request,
  res: Response,
  trace: RequestTrace,
  { holder, caller, sent }: Sent,
): Promise<void> {
  const release = await service.openResponses.acquire(holder);
  const isRead = ["GET", "HEAD"].includes(req.method) || trace.route.endsWith("/.search");
  if (release === undefined && isRead) return finish(service, req, res, trace, { caller, result: err(tooManyAtOnce) });
  const success = release === undefined ? { ...sent, body: withoutStreams(sent.body), note: shortened } : sent;
  const fault = (cause: unknown): ErrorResponse =>
    toFault(service, cause, { requestId: trace.requestId, method: req.method, route: trace.route });
  try {
    const result = ok(await sendPieces(res, success, { isHead: req.method === "HEAD", fault }));
    note(service, req, trace, { caller, result }, undefined);
  } finally {
    release?.();
  }
}

const shortened = "The members were left out of the response, because too many responses are open.";

function note(
  service: Service,
  req: Request,
  trace: RequestTrace,
  handled: HandlerResult,
  unchecked: Credential | undefined,
): void {
  const { result } = handled;
  const status = result.ok ? result.value.status : result.error.status;
  const { requestId, route, startedMs } = trace;
  const durationMs = performance.now() - startedMs;
  service.metrics.observe(route, req.method, status, durationMs);
  service.log.info({ requestId, method: req.method, route, status, durationMs: Math.round(durationMs) }, "scim");
  if (trace.isNoted) recordRequest(service, req, { ...trace, durationMs: Math.round(durationMs), handled, unchecked });
}
