import type { ScimError } from "@rollcall/scim-protocol";
import type { RequestHandler } from "express";
import { readAuthorization } from "./authorization.ts";
import { isCostly, parseBody, unsupportedType } from "./body.ts";
import { callerOf, tooManyUnknown } from "./confirmation.ts";
import { respond } from "./respond.ts";
import type { ErrorResponse } from "./scim-error.ts";
import type { Service } from "./service.ts";

/** After this time, an admitted body that has not arrived ends its connection. */
const costlyBodyMs = 20_000;

/**
 * Admits a body for reading. Without a well-formed token nothing is read. A body that is not JSON is refused here, a
 * missing one by the handler. A body that takes more than a millisecond to parse waits until the database has confirmed
 * the token, and for its turn.
 */
export function acceptBody(service: Service, route: string): RequestHandler {
  return async (req, res, next) => {
    const credential = readAuthorization(req.headers.authorization, new Set());
    const error = credential.ok ? unsupportedType(req) : credential.error;
    if (error !== undefined || !credential.ok) return respond(service, req, res, route, error ?? bodyUnread);
    if (!isCostly(req)) return next();
    const tooMany = await tooManyUnknown(service, req, credential);
    if (tooMany !== undefined) return respond(service, req, res, route, tooMany);
    const caller = await callerOf(service, req, credential.value, service.now());
    // `respond` finds the reason again and sends it.
    if (!caller.ok) return respond(service, req, res, route, bodyUnread);
    const release = await service.costlyBodies.acquire(caller.value.organizationId);
    if (release === undefined) return respond(service, req, res, route, tooManyBodies);
    const late = setTimeout(() => req.destroy(), costlyBodyMs);
    const end = (): void => {
      clearTimeout(late);
      release();
    };
    req.once("end", () => clearTimeout(late));
    res.once("close", end);
    // A client that is gone already will not close again.
    if (res.closed) end();
    next();
  };
}

const bodyUnread: ScimError = { status: 400, detail: "The body was not read." };
const tooManyBodies: ErrorResponse = {
  status: 429,
  detail: "Too many large or compressed bodies at once. Send them one after the other.",
  retryAfterS: 1,
};

/** Replaces the bytes of the body with the parsed JSON, or refuses them. */
export function parseJsonBody(service: Service, route: string): RequestHandler {
  return async (req, res, next) => {
    const body = await parseBody(req.body);
    if (body.ok) {
      req.body = body.value;
      next();
    } else void respond(service, req, res, route, body.error);
  };
}
