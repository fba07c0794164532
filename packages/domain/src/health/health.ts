import {
  endingMessage,
  failingMessage,
  healthyMessage,
  noTokenMessage,
  offMessage,
  quietMessage,
  refusedMessage,
  stoppedMessage,
  waitingMessage,
} from "../messages/health-messages.ts";
import { endingTokens, tokenEnd, tokenStatus } from "../scim-token/scim-token.ts";
import { countFailures, isFailure, type RequestFailures } from "./request-failures.ts";
import type { Health, HealthRequest, HealthFacts, HealthToken } from "./health-facts.ts";

/** A provider sends requests only on changes, so only a long silence is reported. */
export const quietAfterDays = 7;
const dayMs = 86_400_000;
/** Unauthenticated requests do not change the state within this time after an authenticated one. */
const unauthenticatedAfterMs = 3_600_000;

type Judgement = Omit<Health, "failures">;

/** Returns the state of provisioning, its cause, its start and the next step for an owner. */
export function judgeHealth(facts: HealthFacts, now: Date): Health {
  // Requests from before provisioning was turned on say nothing about the current state.
  const isNow = ({ at }: HealthRequest): boolean => facts.enabledAt === null || at >= facts.enabledAt;
  const [requests, unauthenticated] = [facts.requests.filter(isNow), facts.unauthenticated.filter(isNow)];
  const all = [...requests, ...unauthenticated].toSorted((one, other) => other.at.getTime() - one.at.getTime());
  const failures = countFailures(all);
  return { ...judge(facts, { requests, unauthenticated, all, failures }, now), failures };
}

/** `all`: authenticated and unauthenticated requests, the newest first. */
type CurrentRequests = Pick<HealthFacts, "requests" | "unauthenticated"> & {
  readonly all: readonly HealthRequest[];
  readonly failures: RequestFailures;
};

function judge(
  facts: HealthFacts,
  { requests, unauthenticated, all, failures }: CurrentRequests,
  now: Date,
): Judgement {
  if (!facts.isEnabled) return { state: "off", since: facts.disabledAt, ...offMessage(facts.disabledAt) };
  const active = facts.tokens.filter((token) => tokenStatus(token, now) === "ACTIVE");
  if (active.length === 0) return noToken(facts);
  // Failures before a long silence are no longer relevant.
  const silence = quiet(requests, active, now);
  return (
    stopped(facts) ??
    refused(facts, authenticationRequests(requests, unauthenticated), now) ??
    waiting(facts, active) ??
    (silence === undefined ? failing(all, failures) : undefined) ??
    ending(active, now) ??
    silence ??
    healthy(requests, failures)
  );
}

function noToken({ tokens, enabledAt }: HealthFacts): Judgement {
  const ends = tokens.map(tokenEnd);
  return { state: "noToken", since: latest(ends) ?? enabledAt, ...noTokenMessage(ends.length > 0) };
}

function stopped({ guard }: HealthFacts): Judgement | undefined {
  return guard.latchedAt === null ? undefined : { state: "stopped", since: guard.latchedAt, ...stoppedMessage(guard) };
}

/**
 * The requests that decide whether the provider can authenticate: the unauthenticated ones if nothing else came lately, as
 * they may then be the provider's, with a wrong secret.
 */
function authenticationRequests(
  requests: readonly HealthRequest[],
  unauthenticated: readonly HealthRequest[],
): readonly HealthRequest[] {
  const [[newest], [denied]] = [requests, unauthenticated];
  if (denied === undefined) return requests;
  if (newest === undefined) return unauthenticated;
  if (denied.at.getTime() - newest.at.getTime() <= unauthenticatedAfterMs) return requests;
  return unauthenticated.filter(({ at }) => at > newest.at);
}

/** The newest request failed to authenticate: its token is no longer active, or its secret is wrong. */
function refused({ tokens }: HealthFacts, requests: readonly HealthRequest[], now: Date): Judgement | undefined {
  const [newest] = requests;
  if (newest === undefined || newest.status !== 401) return undefined;
  const run = leading(requests, ({ status }) => status === 401);
  const token = tokens.find(({ id }) => id === newest.tokenId);
  const named = token === undefined ? undefined : { name: token.name, status: tokenStatus(token, now) };
  return { state: "refused", since: run.at(-1)?.at ?? newest.at, ...refusedMessage(named) };
}

/** There are active tokens, and none of them has been used. */
function waiting({ tokens, enabledAt }: HealthFacts, active: readonly HealthToken[]): Judgement | undefined {
  if (active.some(({ lastUsedAt }) => lastUsedAt !== null)) return undefined;
  const since = latest([...active.map(({ createdAt }) => createdAt), enabledAt]);
  const wasUsed = tokens.some(
    ({ lastUsedAt }) => lastUsedAt !== null && (enabledAt === null || lastUsedAt >= enabledAt),
  );
  return { state: "waiting", since, ...waitingMessage(wasUsed) };
}

/** A token in use ends soon, and no newer one outlasts it. */
function ending(active: readonly HealthToken[], now: Date): Judgement | undefined {
  const [first] = endingTokens(active, now)
    .filter(({ lastUsedAt }) => lastUsedAt !== null)
    .toSorted((one, other) => tokenEnd(one).getTime() - tokenEnd(other).getTime());
  if (first === undefined) return undefined;
  // Rounded to the nearest number, as the console's times are.
  const days = Math.round((tokenEnd(first).getTime() - now.getTime()) / dayMs);
  return { state: "ending", since: null, ...endingMessage(first.name, days) };
}

function quiet(requests: readonly HealthRequest[], active: readonly HealthToken[], now: Date): Judgement | undefined {
  const lastAt = latest([...active.map(({ lastUsedAt }) => lastUsedAt), requests[0]?.at ?? null]) ?? now;
  const silentDays = Math.floor((now.getTime() - lastAt.getTime()) / dayMs);
  return silentDays < quietAfterDays ? undefined : { state: "quiet", since: lastAt, ...quietMessage(silentDays) };
}

function failing(requests: readonly HealthRequest[], failures: RequestFailures): Judgement | undefined {
  const newest = requests.find(isFailure);
  const isServerError = newest !== undefined && newest === requests[0] && newest.status >= 500;
  if (newest === undefined || !(failures.isAlarming || isServerError)) return undefined;
  return { state: "failing", since: failures.since ?? newest.at, ...failingMessage(failures, newest) };
}

function healthy(requests: readonly HealthRequest[], failures: RequestFailures): Judgement {
  const since = leading(requests, (request) => !isFailure(request)).at(-1)?.at ?? null;
  return { state: "healthy", since, ...healthyMessage(failures) };
}

function leading<T>(all: readonly T[], belongs: (one: T) => boolean): readonly T[] {
  const end = all.findIndex((one) => !belongs(one));
  return end < 0 ? all : all.slice(0, end);
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((newest, date) => (newest === null || (date !== null && date > newest) ? date : newest), null);
}
