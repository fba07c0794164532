import type { Credential } from "@rollcall/db";
import { errorBody, type QuirkId } from "@rollcall/scim-protocol";
import { redactAddress, redactSentence } from "@rollcall/domain";
import type { Request } from "express";
import type { RequestEntry } from "../request-log/request-recorder.ts";
import { readClaim } from "./authorization.ts";
import type { HandlerResult } from "./handler.ts";
import { identityOf, type TokenIdentity } from "./known-tokens.ts";
import type { Service } from "./service.ts";

/** A request with its response. `unchecked`: the token of a request that ended before its token was checked. */
type RespondedRequest = {
  readonly requestId: string;
  readonly durationMs: number;
  readonly quirks: ReadonlySet<QuirkId>;
  readonly handled: HandlerResult;
  readonly unchecked: Credential | undefined;
};

/**
 * Adds the request to the log of the organization that owns its token. A wrong secret after a known public part is
 * logged there too, marked and bounded; a request that belongs to no organization is not logged.
 */
export function recordRequest(service: Service, req: Request, response: RespondedRequest): void {
  const { caller } = response.handled;
  const add = (identity: TokenIdentity | undefined): void => {
    if (identity !== undefined) service.recorder.add({ ...entryOf(service, req, response), ...identity });
  };
  const identity = caller && identityOf(caller);
  if (identity !== undefined) add(identity);
  else if (caller !== undefined) noteWrongSecret(service, req, response);
  else if (response.unchecked !== undefined) void service.tokens.identify(response.unchecked).then(add);
  else noteMalformed(service, req, response);
}

/** Content sent without the right secret says nothing about the organization's provider. */
const unverified = { bodies: undefined, quirks: [] };

function noteWrongSecret(service: Service, req: Request, response: RespondedRequest): void {
  const { caller } = response.handled;
  const claimed = caller?.ok === false ? caller.error.claimed : undefined;
  if (claimed === undefined) return;
  const entry = { ...entryOf(service, req, response), ...unverified, refusal: "tokenSecretWrong" };
  const detail = "Wrong secret: the token in the request starts like this one, but the rest is different.";
  service.failedAuthentications.note({ ...entry, ...claimed, detail });
}

/** The characters of a complete token. */
const tokenLength = 54;

/** A truncated or mistyped token: its public part may still identify its owner. */
function noteMalformed(service: Service, req: Request, response: RespondedRequest): void {
  const claim = readClaim(req.headers.authorization);
  if (claim === undefined) return;
  const entry = { ...entryOf(service, req, response), ...unverified, refusal: "tokenMalformed" };
  const detail =
    claim.length === tokenLength
      ? "Not an unaltered token: it starts like this one, but its checksum does not match."
      : `Not a complete token: it starts like this one and has ${claim.length} characters; a complete one has ${tokenLength}.`;
  const add = (claimed: TokenIdentity | undefined): void => {
    if (claimed !== undefined) service.failedAuthentications.note({ ...entry, ...claimed, detail });
  };
  void service.tokens.identifyClaimed(claim.keyId).then(add);
}

/** The entry of the request in the organization's log. */
function entryOf(service: Service, req: Request, response: RespondedRequest): Omit<RequestEntry, keyof TokenIdentity> {
  const { handled, requestId, durationMs, quirks } = response;
  const { result, caller } = handled;
  const error = result.ok ? undefined : result.error;
  const detail = result.ok ? result.value.note : result.error.detail;
  // A body that could not be parsed is still bytes, and is left out.
  const request: unknown = Buffer.isBuffer(req.body) ? undefined : req.body;
  return {
    at: service.now(),
    method: req.method,
    path: cut(redactAddress(cut(req.originalUrl))),
    status: result.ok ? result.value.status : result.error.status,
    scimType: error?.scimType ?? null,
    detail: detail === undefined ? null : cut(redactSentence(detail)),
    durationMs,
    client: cut(req.headers["user-agent"] ?? "") || null,
    ip: req.ip ?? null,
    quirks: [...quirks],
    requestId,
    refusal: caller?.ok === false ? caller.error.kind : (error?.rule ?? null),
    bodies: { request, answer: result.ok ? result.value.body : errorBody(result.error) },
  };
}

const noteLengthMax = 1000;

/** A token in the wrong place: in the address or the client's name. */
const tokenText = /rcl_[0-9A-Za-z]{12,}/g;

/** Text that PostgreSQL accepts, with bounded length and without tokens. */
function cut(text: string): string {
  return text.replace(tokenText, "rcl_(hidden)").slice(0, noteLengthMax).replaceAll("\0", "").toWellFormed();
}
