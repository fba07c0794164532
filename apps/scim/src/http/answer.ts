import { randomUUID } from "node:crypto";
import type { Credential } from "@rollcall/db";
import { err, errorBody, mediaType, normalizeAddress, type QuirkId } from "@rollcall/scim-protocol";
import type { Request, Response } from "express";
import { readAuthorization, toCallerError } from "./authorization.ts";
import { addressOf, callerOf, holderOf, tooManyUnknown } from "./confirmation.ts";
import type { Call, Gate, Handler, Reply, Success } from "./call.ts";
import { noteCall } from "./call-note.ts";
import { toFault } from "./fault.ts";
import { isLarge, printInSlices } from "./large-json.ts";
import { parseQueryString } from "./query-string.ts";
import type { RefusalAnswer } from "./scim-error.ts";
import type { Service } from "./service.ts";

/** One request on its way: when it came, under which name, to which route, and which habits it has shown so far. */
type RequestTrace = {
  readonly startedMs: number;
  readonly requestId: string;
  readonly route: string;
  readonly quirks: Set<QuirkId>;
  /** False: no organization is looked up for its log, as made-up tokens are too many. */
  readonly isNoted: boolean;
};

/**
 * Answers one request: authorization, parameters, handler, SCIM JSON, logs. `preset` is a refusal that was found before
 * (unknown path, wrong method, unreadable body); even that is told only to who has a right token.
 */
export async function answerCall(
  service: Service,
  req: Request,
  res: Response,
  route: string,
  handler: Handler | RefusalAnswer,
): Promise<void> {
  const quirks = new Set<QuirkId>();
  // The router has gone by it already.
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
    const reply = await replyOf(service, req, credential.value, { now, requestId: trace.requestId, quirks }, handler);
    const caller = reply.caller ?? (await callerOf(service, req, credential.value, now));
    service.tokens.learn(credential.value, caller);
    if (!caller.ok && caller.error.kind === "tokenUnknown") await service.unknownTokens.note(addressOf(req));
    const result = caller.ok ? reply.result : err(toCallerError(caller.error));
    finish(service, req, res, trace, { caller, result });
  } catch (cause) {
    const error = toFault(service, cause, { requestId: trace.requestId, method: req.method, route });
    finish(service, req, res, trace, { result: err(error) }, credential.value);
  }
}

function replyOf(
  service: Service,
  req: Request,
  credential: Credential,
  at: Pick<Call, "now" | "requestId" | "quirks">,
  handler: Handler | RefusalAnswer,
): Promise<Reply> {
  if (typeof handler !== "function") return Promise.resolve({ result: err(handler) });
  const query = parseQueryString(req.url, at.quirks);
  if (!query.ok) return Promise.resolve({ result: query });
  const { database, publicUrl, anchors, costlyReads, largeReads } = service;
  const holder = holderOf(service, req, credential);
  const id = typeof req.params["id"] === "string" ? req.params["id"] : "";
  const call: Call = {
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
  return handler(call);
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

/** Answers and notes the call. `unchecked`: the token of a call that has ended before anybody looked at it. */
function finish(
  service: Service,
  req: Request,
  res: Response,
  trace: RequestTrace,
  reply: Reply,
  unchecked?: Credential,
): void {
  const { result } = reply;
  const status = result.ok ? result.value.status : result.error.status;
  if (result.ok) sendSuccess(res, result.value);
  else sendError(res, result.error);
  const { requestId, route, startedMs } = trace;
  const durationMs = performance.now() - startedMs;
  service.metrics.observe(route, req.method, status, durationMs);
  service.log.info({ requestId, method: req.method, route, status, durationMs: Math.round(durationMs) }, "scim");
  if (trace.isNoted) noteCall(service, req, { ...trace, durationMs: Math.round(durationMs), reply, unchecked });
}

function sendError(res: Response, error: RefusalAnswer): void {
  if (error.status === 401) res.setHeader("www-authenticate", 'Bearer realm="Rollcall SCIM"');
  if (error.allow !== undefined) res.setHeader("allow", error.allow);
  if (error.retryAfterS !== undefined) res.setHeader("retry-after", String(error.retryAfterS));
  send(res, error.status, errorBody(error));
}

function sendSuccess(res: Response, { status, body, location, etag }: Success): void {
  if (location !== undefined) res.setHeader("location", location);
  if (etag !== undefined) res.setHeader("etag", etag);
  send(res, status, body);
}

function send(res: Response, status: number, body: object | undefined): void {
  if (body === undefined) {
    res.writeHead(status).end();
  } else if (isLarge(body)) {
    printInSlices(body).then(
      (chunks) => sendBytes(res, status, chunks),
      (cause: unknown) => res.destroy(cause instanceof Error ? cause : undefined),
    );
  } else {
    sendBytes(res, status, [Buffer.from(JSON.stringify(body))]);
  }
}

function sendBytes(res: Response, status: number, chunks: readonly Buffer[]): void {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  res.writeHead(status, { "content-type": mediaType, "content-length": length });
  for (const chunk of chunks) res.write(chunk);
  res.end();
}
