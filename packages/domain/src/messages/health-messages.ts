import type { RequestFailures } from "../health/request-failures.ts";
import type { Health, HealthRequest, HealthFacts } from "../health/health-facts.ts";
import { formatCount } from "./sentence.ts";

type Message = Pick<Health, "cause" | "next">;

export function offMessage(disabledAt: Date | null): Message {
  return disabledAt === null
    ? {
        cause: "Provisioning has never been turned on. Members are added and removed manually.",
        next: { text: "Set up provisioning", place: "guide" },
      }
    : {
        cause:
          "Provisioning is turned off. Requests of your identity provider are refused, and members are managed manually.",
        next: { text: "Turn provisioning on", place: "provisioning" },
      };
}

export function noTokenMessage(isAnyIssued: boolean): Message {
  const cause = isAnyIssued
    ? "All SCIM tokens have expired or were revoked. Requests of your identity provider are refused."
    : "No SCIM token has been generated, so your identity provider cannot sign in.";
  return { cause, next: { text: "Generate a token", place: "tokens" } };
}

export function stoppedMessage({ held, limit }: Pick<HealthFacts["guard"], "held" | "limit">): Message {
  const waiting =
    held === 0
      ? "Everything held so far is decided."
      : `${held} ${held === 1 ? "removal waits" : "removals wait"} for your decision.`;
  return {
    cause: `Mass-removal protection holds all removals by your identity provider: more than ${limit} people would have lost access or a role within 15 minutes. ${waiting}`,
    next: { text: "Review held removals", place: "guard" },
  };
}

/** `token`: the token that the refused request named, with its status; undefined if it is no longer kept. */
export function refusedMessage(token: { readonly name: string; readonly status: string } | undefined): Message {
  return { cause: refusedCause(token), next: { text: "Get a token that works", place: "tokens" } };
}

function refusedCause(token: { readonly name: string; readonly status: string } | undefined): string {
  const effect = "No one is added, changed or deactivated until it has an active token.";
  if (token === undefined) {
    return `Your identity provider is refused: it signs in with a token that is no longer active. ${effect}`;
  }
  if (token.status === "ACTIVE") {
    return `The newest requests use the token ${token.name} with a wrong secret. If they come from your identity provider, enter the whole token there again. Otherwise another client is trying to sign in.`;
  }
  const end = token.status === "EXPIRED" ? "has expired" : "was revoked";
  return `Your identity provider is refused: it signs in with the token ${token.name}, which ${end}. ${effect}`;
}

/** `wasUsed`: an earlier token was used since provisioning was turned on. */
export function waitingMessage(wasUsed: boolean): Message {
  return wasUsed
    ? {
        cause: "The former token has ended, and your identity provider has not used the new one yet.",
        next: { text: "See the tokens", place: "tokens" },
      }
    : {
        cause: "Setup is complete here. Your identity provider has not sent its first request yet.",
        next: { text: "Connect your identity provider", place: "guide" },
      };
}

export function endingMessage(tokenName: string, days: number): Message {
  const when = days <= 1 ? "within a day" : `in ${days} days`;
  return {
    cause: `Your identity provider's token ${tokenName} expires ${when}, and no newer token outlasts it. Requests are refused after that.`,
    next: { text: "Rotate the token", place: "tokens" },
  };
}

export function quietMessage(silentDays: number): Message {
  return {
    cause: `No requests for ${silentDays} days. This is normal: an identity provider sends requests only when a person changes. If you expected a change, assign or update one person there and watch for the request.`,
    next: { text: "See the last requests", place: "requests" },
  };
}

export function failingMessage(failures: RequestFailures, { status, detail }: HealthRequest): Message {
  return {
    cause: `${failureMessage(failures)}. The newest failure returned ${status}.${detail === null ? "" : ` ${detail}`}`,
    next: { text: "See failed requests", place: "failedRequests" },
  };
}

export function healthyMessage(failures: RequestFailures): Message {
  return failures.failed === 0
    ? { cause: "Connected and syncing. No action needed.", next: { text: "See the requests", place: "requests" } }
    : {
        cause: `Connected and syncing. ${failureMessage(failures)}.`,
        next: { text: "See failed requests", place: "failedRequests" },
      };
}

/** `7 of the last 20 requests failed`, the same on every screen. */
export function failureMessage({ failed, of }: Pick<RequestFailures, "failed" | "of">): string {
  if (of === 0) return "no requests yet";
  return `${failed === 0 ? "none" : failed} of the last ${formatCount(of, "request")} failed`;
}
