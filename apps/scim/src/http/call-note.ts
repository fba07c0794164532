import type { Credential } from "@rollcall/db";
import { errorBody, type QuirkId } from "@rollcall/scim-protocol";
import { redactAddress, redactSentence } from "@rollcall/domain";
import type { Request } from "express";
import type { AnsweredRequest } from "../request-log/request-recorder.ts";
import { readClaim } from "./authorization.ts";
import type { Reply } from "./call.ts";
import { identityOf, type TokenIdentity } from "./known-tokens.ts";
import type { Service } from "./service.ts";

/** A call that was answered. `unchecked`: the token of one that has ended before anybody looked at it. */
type Answered = {
  readonly requestId: string;
  readonly durationMs: number;
  readonly quirks: ReadonlySet<QuirkId>;
  readonly reply: Reply;
  readonly unchecked: Credential | undefined;
};

/**
 * Hands the call to the log of the organization whose token it bore. A wrong secret behind the public part of a token is
 * noted there too, as what it is, within bounds; what nobody can be named for is noted nowhere.
 */
export function noteCall(service: Service, req: Request, answered: Answered): void {
  const { caller } = answered.reply;
  const noteFor = (identity: TokenIdentity | undefined): void => {
    if (identity !== undefined) service.recorder.add({ ...entryOf(service, req, answered), ...identity });
  };
  const identity = caller && identityOf(caller);
  if (identity !== undefined) noteFor(identity);
  else if (caller !== undefined) noteWrongSecret(service, req, answered);
  else if (answered.unchecked !== undefined) void service.tokens.identify(answered.unchecked).then(noteFor);
  else noteMalformed(service, req, answered);
}

/** Nothing of what a caller without the secret sent says anything about the organization's provider. */
const stranger = { bodies: undefined, quirks: [] };

function noteWrongSecret(service: Service, req: Request, answered: Answered): void {
  const { caller } = answered.reply;
  const claimed = caller?.ok === false ? caller.error.claimed : undefined;
  if (claimed === undefined) return;
  const entry = { ...entryOf(service, req, answered), ...stranger, refusal: "tokenSecretWrong" };
  const detail = "Wrong secret: the token begins like this one, and what follows is another.";
  service.failedAuthentications.note({ ...entry, ...claimed, detail });
}

/** A token that was cut off or mistyped: its public part may still say whose it was meant to be. */
function noteMalformed(service: Service, req: Request, answered: Answered): void {
  const claim = readClaim(req.headers.authorization);
  if (claim === undefined) return;
  const entry = { ...entryOf(service, req, answered), ...stranger, refusal: "tokenMalformed" };
  const detail = `Not a whole token: it begins like this one and has ${claim.length} characters; right ones have 54 and end in a checksum.`;
  const noteFor = (claimed: TokenIdentity | undefined): void => {
    if (claimed !== undefined) service.failedAuthentications.note({ ...entry, ...claimed, detail });
  };
  void service.tokens.identifyClaimed(claim.keyId).then(noteFor);
}

/** The call as the log of the organization shows it. */
function entryOf(service: Service, req: Request, answered: Answered): Omit<AnsweredRequest, keyof TokenIdentity> {
  const { reply, requestId, durationMs, quirks } = answered;
  const { result, caller } = reply;
  const error = result.ok ? undefined : result.error;
  const detail = result.ok ? result.value.note : result.error.detail;
  // What could not be read as JSON is still bytes, which nobody can say anything about.
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

/** A token that somebody has put where none belongs: into the address or the client's name. */
const tokenText = /rcl_[0-9A-Za-z]{12,}/g;

/** A text that PostgreSQL takes, that no caller can make large and that holds no token. */
function cut(text: string): string {
  return text.replace(tokenText, "rcl_(hidden)").slice(0, noteLengthMax).replaceAll("\0", "").toWellFormed();
}
