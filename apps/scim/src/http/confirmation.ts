import { randomUUID } from "node:crypto";
import { loadCaller, type Caller, type CallerRefusal, type Credential } from "@rollcall/db";
import type { Result, ScimError } from "@rollcall/scim-protocol";
import type { Request } from "express";
import { toFault } from "./fault.ts";
import type { RefusalAnswer } from "./scim-error.ts";
import type { Service } from "./service.ts";

/**
 * A refusal of what is no confirmed token, where too many such were unknown in this second. Then tokens are confirmed one
 * after the other before anything else is done for them, so that a right one is let in all the same.
 */
export async function tooManyUnknown(
  service: Service,
  req: Request,
  credential: Result<Credential, ScimError>,
): Promise<RefusalAnswer | undefined> {
  const { tokens, unknownTokens, confirmations } = service;
  const isConfirmed = (): boolean => credential.ok && tokens.organizationOf(credential.value) !== undefined;
  const refusal = isConfirmed() ? undefined : await unknownTokens.refusal(addressOf(req));
  if (refusal === undefined || !credential.ok) return refusal;
  const leave = await confirmations.enter(addressOf(req));
  if (leave === undefined) return refusal;
  try {
    tokens.learn(credential.value, await callerOf(service, req, credential.value, service.now()));
  } catch (cause) {
    return toFault(service, cause, { requestId: randomUUID(), method: req.method, route: "(confirmation)" });
  } finally {
    leave();
  }
  return isConfirmed() ? undefined : refusal;
}

/** Asks the database who calls. */
export function callerOf(
  service: Service,
  req: Request,
  credential: Credential,
  now: Date,
): Promise<Result<Caller, CallerRefusal>> {
  return loadCaller(service.database.shareOf(holderOf(service, req, credential)).sql, credential, now);
}

/** Whose share of everything that is bounded the call takes: its organization's, or its address's for a token not confirmed yet. */
export function holderOf({ tokens }: Service, req: Request, credential: Credential): string {
  return tokens.organizationOf(credential) ?? addressOf(req);
}

export function addressOf(req: Request): string {
  return req.ip ?? "unknown";
}
