import type { Refusal, RuleError } from "@rollcall/domain";
import { notFound, unmet, type Answer } from "./answer.ts";

const tokenKinds = ["tokenNotFound", "tokenLimitReached", "tokenNotActive", "lastTokenUnconfirmed"] as const;
type AboutToken = Refusal<(typeof tokenKinds)[number]>;

const kinds: readonly RuleError["kind"][] = tokenKinds;
export function isAboutToken(refusal: RuleError): refusal is AboutToken {
  return kinds.includes(refusal.kind);
}

/** What owners meet with SCIM tokens. No default branch, on purpose. */
export function aboutToken(refusal: AboutToken): Answer {
  switch (refusal.kind) {
    case "tokenNotFound":
      return notFound("This token does not exist in your organization.");
    case "tokenLimitReached":
      return unmet(`At most ${refusal.limit} tokens can be active at a time. Revoke one first.`);
    case "tokenNotActive":
      return unmet(`The token ${refusal.name} has ended and cannot be rotated. Generate a new one.`);
    case "lastTokenUnconfirmed":
      return unmet(lastTokenSentence(refusal));
  }
}

function lastTokenSentence({ name, endsAt }: Refusal<"lastTokenUnconfirmed">): string {
  const when = endsAt === null ? "immediately" : `on ${endsAt.toISOString().slice(0, 10)} (UTC)`;
  return `Without ${name} your identity provider loses access ${when}, as no other token lasts. Confirm that you want this.`;
}
