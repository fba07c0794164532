import { randomUUID } from "node:crypto";
import { loadCaller, type Caller, type CallerRefusal, type Credential } from "@rollcall/db";
import type { Result, ScimError } from "@rollcall/scim-protocol";
import type { Request } from "express";
import { toFault } from "./fault.ts";
import type { ErrorResponse } from "./scim-error.ts";
import type { Service } from "./service.ts";

/**
 * Refuses an unconfirmed token when too many tokens were unknown within this second. Such tokens are confirmed one at a
 * time before any other work, so that a valid one still gets through.
 */
export async function tooManyUnknown(
  service: Service,
  req: Request,
  credential: Result<Credential, ScimError>,
): Promise<ErrorResponse | undefined> {
  const { tokens, unknownTokens, confirmations } = service;
  const isConfirmed = (): boolean => credential.ok && tokens.organizationOf(credential.value) !== undefined;
  const refusal = isConfirmed() ? undefined : await unknownTokens.refusal(addressOf(req));
  if (refusal === undefined || !credential.ok) return refusal;
  const release = await confirmations.acquire(addressOf(req));
  if (release === undefined) return refusal;
  try {
    tokens.learn(credential.value, await callerOf(service, req, credential.value, service.now()));
  } catch (cause) {
    return toFault(service, cause, { requestId: randomUUID(), method: req.method, route: "(confirmation)" });
  } finally {
    release();
  }
  return isConfirmed() ? undefined : refusal;
}

/** Loads the caller of a token from the database. */
export function callerOf(
  service: Service,
  req: Request,
  credential: Credential,
  now: Date,
): Promise<Result<Caller, CallerRefusal>> {
  return loadCaller(service.database.shareOf(holderOf(service, req, credential)).sql, credential, now);
}

/**
 * The holder whose share of every bounded resource the request uses: the organization, or the client address while the
 * token is not confirmed.
 */
export function holderOf({ tokens }: Service, req: Request, credential: Credential): string {
  return tokens.organizationOf(credential) ?? addressOf(req);
}

export function addressOf(req: Request): string {
  return req.ip ?? "unknown";
}
